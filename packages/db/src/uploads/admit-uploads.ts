import { appError } from '@darkroom/contracts'
import { type AppError, isAppError } from '@darkroom/core'
import { findBlockedContent } from '../assets/known-content.ts'
import type { Commit, Database, Tx } from '../client/client.ts'
import { completeIdempotencyKeys, forgetIdempotencyKeys, type IdempotentRequest } from '../projects/idempotency.ts'
import { checkQuotas } from '../projects/usage.ts'
import type { Project } from '../schema/index.ts'
import { type RecordedUpload, recordedOf } from './admit-upload.ts'
import { createUploads, type NewUpload } from './create-uploads.ts'

/** One of several uploads that are asked for together. */
export interface UploadCandidate {
  upload: NewUpload
  /** Its own `Idempotency-Key`; null without one. */
  request: IdempotentRequest | null
}

/** What comes of one of several: recorded, refused, or recorded earlier by a request with the same key. */
export type Admission = RecordedUpload | AppError | { earlierId: string }

/**
 * Records several uploads as `admitUpload` does, in one transaction. Each is accepted or refused by itself; room in a quota is given
 * in turn, also to one that is then refused for its external id.
 * @param candidates those that are refused already stay in their places
 */
export async function admitUploads(
  db: Database,
  project: Project,
  candidates: readonly (UploadCandidate | AppError)[],
  commit: Commit<Admission[]>,
): Promise<Admission[]> {
  const hashes = candidates.flatMap(candidate => (isAppError(candidate) ? [] : (candidate.upload.sha256 ?? [])))
  const blocked = await findBlockedContent(db, project.id, hashes)
  return commit(async tx => {
    const entries = candidates.map((candidate): Entry => {
      if (isAppError(candidate)) return { candidate: null, answer: candidate }
      const isBlocked = blocked.has(candidate.upload.sha256 ?? '')
      return { candidate, answer: isBlocked ? appError('CONTENT_BLOCKED') : null }
    })
    // In this order everywhere, or two batches could wait for each other.
    await takeKeys(tx, entries)
    await takeRoom(tx, project, entries)
    await record(tx, project, entries)
    await forgetIdempotencyKeys(tx, keysOfRefused(entries))
    return entries.map(({ answer }) => {
      if (!answer) throw new Error('an upload was neither recorded nor refused')
      return answer
    })
  })
}

interface Entry {
  candidate: UploadCandidate | null
  answer: Admission | null
  /** Whether its key was recorded in this transaction. */
  hasKey?: boolean
}

/** Returns those that are neither recorded nor refused yet. */
const open = (entries: readonly Entry[]) =>
  entries.flatMap(entry => (entry.candidate && !entry.answer ? [{ entry, candidate: entry.candidate }] : []))

async function takeKeys(tx: Tx, entries: readonly Entry[]): Promise<void> {
  const keyed = open(entries).flatMap(({ entry, candidate: { request, upload } }) =>
    request ? [{ entry, request: { ...request, outcome: upload.uploadId } }] : [],
  )
  const standing = await completeIdempotencyKeys(
    tx,
    keyed.map(({ request }) => request),
  )
  for (const { entry, request } of keyed) {
    const claim = standing.get(request.key)
    entry.hasKey = claim === undefined
    if (claim?.state === 'completed') entry.answer = { earlierId: claim.outcome as string }
    if (claim?.state === 'mismatch') entry.answer = appError('IDEMPOTENCY_MISMATCH')
    if (claim?.state === 'in_flight') entry.answer = appError('IDEMPOTENCY_IN_FLIGHT')
  }
}

async function takeRoom(tx: Tx, project: Project, entries: readonly Entry[]): Promise<void> {
  const asking = open(entries)
  const refusals = await checkQuotas(
    tx,
    project,
    asking.map(({ candidate }) => candidate.upload.byteSize),
  )
  for (const [at, { entry }] of asking.entries()) entry.answer = refusals[at] ?? null
}

async function record(tx: Tx, project: Project, entries: readonly Entry[]): Promise<void> {
  const accepted = open(entries)
  if (accepted.length === 0) return
  const created = await createUploads(
    tx,
    project.id,
    accepted.map(({ candidate }) => candidate.upload),
  )
  for (const [at, { entry, candidate }] of accepted.entries()) {
    const outcome = created[at]
    if (outcome) entry.answer = isAppError(outcome) ? outcome : recordedOf(project, outcome, candidate.upload)
  }
}

const keysOfRefused = (entries: readonly Entry[]): IdempotentRequest[] =>
  entries.flatMap(({ candidate, answer, hasKey }) =>
    hasKey && candidate?.request && isAppError(answer) ? [candidate.request] : [],
  )
