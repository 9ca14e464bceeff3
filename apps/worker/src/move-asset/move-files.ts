import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { appError, isIndexType, MAX_INDEX_BYTES } from '@darkroom/contracts'
import { type AppError, isAppError } from '@darkroom/core'
import type { Run } from '@darkroom/jobs/handler'
import { toResourceError } from '@darkroom/jobs/runner'
import type { LostFile, MovedFile, PlannedMove } from '@darkroom/jobs/sql'
import { type Pin, replaceReferences } from '@darkroom/storage'
import { copyPinned } from '../copy-pinned.ts'
import type { WorkerDeps } from '../deps.ts'
import { variantHeaders } from '../process-asset/variant-headers.ts'

type MoveDeps = Pick<WorkerDeps, 'store'>

/**
 * Copies files inside the store, one after the other; texts that name others of them name their copies then. One that is
 * not there to be copied holds up none of the others: it is lost.
 */
export async function moveFiles(
  deps: MoveDeps,
  run: Run,
  planned: PlannedMove[],
): Promise<{ files: MovedFile[]; lost: LostFile[] }> {
  const newNames = new Map(planned.map(({ from, to }) => [basename(from.key), basename(to.key)]))
  const files: MovedFile[] = []
  const lost: LostFile[] = []
  for (const move of planned) {
    const { name, from, to } = move
    const isIndex = isIndexType(from.contentType)
    try {
      const written = isIndex ? await rewrite(deps, run, move, newNames) : await copy(deps, run, move)
      files.push({ name, fromId: from.id, toId: to.id, ...written })
    } catch (error) {
      lost.push({ name, fromId: from.id, error: toResourceError(lossOf(error, run)) })
    }
  }
  return { files, lost }
}

/** Codes of what no other attempt can fix: the bytes are gone, or nobody could be shown a text that names the copies. */
const LOSSES: ReadonlySet<string> = new Set(['STORE_NOT_FOUND', 'OUTPUT_TOO_LARGE'])

/**
 * Returns the error with which a file is lost. A file that the store does not find may be too new, so the store is
 * asked twice.
 * @throws any error that is no loss
 */
function lossOf(error: unknown, { job }: Run): AppError {
  if (!isAppError(error) || !LOSSES.has(error.code)) throw error
  if (error.code === 'STORE_NOT_FOUND' && job.attempt === 1)
    throw appError('STORE_UNAVAILABLE', 'A published file is missing in the store.', { cause: error })
  return error
}

type Written = Pin & Pick<MovedFile, 'byteSize' | 'sha256'>

const target = ({ from, to }: PlannedMove) => ({
  bucket: to.bucket,
  key: to.key,
  ...variantHeaders(from.contentType ?? 'application/octet-stream', { isPrivate: true }),
})

async function copy({ store }: MoveDeps, { workDir, signal }: Run, move: PlannedMove): Promise<Written> {
  const { from, name } = move
  const { bucket, key, versionId, sha256 } = from
  const byteSize = from.bytes ?? 0
  const { contentType, cacheControl, ...to } = target(move)
  const source = { bucket, key, versionId, etag: from.etag ?? '' }
  const input = { from: source, to, contentType, cacheControl, byteSize }
  return { ...(await copyPinned(store, input, { file: join(workDir, name), signal })), byteSize, sha256 }
}

async function rewrite(
  { store }: MoveDeps,
  { signal }: Run,
  move: PlannedMove,
  newNames: ReadonlyMap<string, string>,
): Promise<Written> {
  const { bucket, key, versionId, bytes } = move.from
  if ((bytes ?? 0) > MAX_INDEX_BYTES) throw appError('OUTPUT_TOO_LARGE', `${move.name} has ${bytes} bytes.`)
  const before = await text((await store.get({ bucket, key, versionId }, { signal })).body)
  const body = Buffer.from(replaceReferences(before, newNames))
  const sha256 = createHash('sha256').update(body).digest('hex')
  const pin = await store.put({ ...target(move), body, byteSize: body.length, sha256 }, { signal })
  return { ...pin, byteSize: body.length, sha256 }
}
