import { appError } from '@darkroom/contracts'
import { AppError, isAppError } from '@darkroom/core'
import { findKnownContent } from '@darkroom/db/assets'
import type { Commit } from '@darkroom/db/client'
import type { IdempotentRequest, Project } from '@darkroom/db/projects'
import { type Admission, admitUploads, type RecordedUpload, type UploadCandidate } from '@darkroom/db/uploads'
import type { OpenUploadDeps } from './deps.ts'
import { instruct, type OpenedUpload, withdraw } from './open-upload.ts'
import { recallUpload } from './recall-upload.ts'
import { planUpload, type UploadRequest } from './record-upload.ts'

/** One of several uploads of a project that are asked for together. */
export interface BatchedUpload extends Omit<UploadRequest, 'project'> {
  /** Its own `Idempotency-Key`; null without one. */
  request: IdempotentRequest | null
}

/** What is recorded of each: the id of its upload, or why there is none. */
export type BatchOutcome = ({ uploadId: string } | { code: string; detail: string })[]

/** Does the work of a batch once, however often the same request comes. */
export interface OncePerBatch {
  isRepeatable: boolean
  run(work: {
    perform(commit: Commit<Admission[]>): Promise<Admission[]>
    outcomeOf(admissions: Admission[]): BatchOutcome
    recall(outcome: BatchOutcome): Promise<Admission[]>
  }): Promise<Admission[]>
}

/**
 * Opens several uploads as `openUpload` does, recorded in one transaction. Each is accepted or refused by itself.
 * @param uploads those that are refused already stay in their places
 * @returns in the order of the input
 */
export async function openUploads(
  deps: OpenUploadDeps,
  { project, uploads }: { project: Project; uploads: readonly (BatchedUpload | AppError)[] },
  once: OncePerBatch,
): Promise<(OpenedUpload | AppError)[]> {
  const { db } = deps.database
  const admissions = await once.run({
    perform: async commit => admitUploads(db, project, await plan(deps, project, uploads), commit),
    outcomeOf: admitted => admitted.map(outcomeOf),
    recall: async outcome => outcome.map(one => ('code' in one ? new AppError(one.code, one.detail) : earlier(one))),
  })
  deps.faults.crashpoint('create.after-commit')
  const recorded = await Promise.all(admissions.map(admission => recall(deps, project, admission)))
  const hashes = recorded.flatMap(one => (isAppError(one) || !one.place ? [] : (one.upload.sha256 ?? [])))
  const known = await findKnownContent(db, project.id, hashes)
  return Promise.all(
    recorded.map((one, at) => {
      if (isAppError(one)) return one
      const mayBeKnown = known.has(one.upload.sha256 ?? '')
      return orRefusal(
        instruct(deps, one, { mayBeKnown }).catch(error => {
          const upload = uploads[at]
          const isRepeatable = once.isRepeatable || (!isAppError(upload) && upload?.request != null)
          return withdraw(deps, one, { isRepeatable }, error)
        }),
      )
    }),
  )
}

async function plan(
  deps: OpenUploadDeps,
  project: Project,
  uploads: readonly (BatchedUpload | AppError)[],
): Promise<(UploadCandidate | AppError)[]> {
  const unavailable = await deps.kinds.unavailable()
  const keys = new Set<string>()
  return uploads.map(given => {
    if (isAppError(given)) return given
    const { request, ...asked } = given
    if (request && keys.has(request.key))
      return appError('INVALID_REQUEST', 'Another item of the batch has the same idempotencyKey.')
    if (request) keys.add(request.key)
    try {
      return { upload: planUpload(deps, { project, ...asked }, unavailable), request }
    } catch (error) {
      if (isAppError(error)) return error
      throw error
    }
  })
}

const earlier = ({ uploadId }: { uploadId: string }): Admission => ({ earlierId: uploadId })

function outcomeOf(admission: Admission): BatchOutcome[number] {
  if (isAppError(admission)) return { code: admission.code, detail: admission.message }
  return { uploadId: 'earlierId' in admission ? admission.earlierId : admission.upload.id }
}

const recall = async (
  deps: OpenUploadDeps,
  { id }: Project,
  admission: Admission,
): Promise<RecordedUpload | AppError> =>
  !isAppError(admission) && 'earlierId' in admission
    ? orRefusal(recallUpload(deps, id, admission.earlierId))
    : admission

/** Answers what the catalogue has a code for, and rejects with anything else. */
const orRefusal = <T>(opened: Promise<T>): Promise<T | AppError> =>
  opened.catch(error => {
    if (isAppError(error)) return error
    throw error
  })
