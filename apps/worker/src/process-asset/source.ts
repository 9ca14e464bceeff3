import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { appError } from '@darkroom/contracts'
import { crashpoint, isAppError } from '@darkroom/core'
import { type StoredObject, sourceOfAsset, type Upload } from '@darkroom/db'
import type { WorkerDeps } from '../deps.ts'
import type { Run } from '../handlers/handler.ts'

/** The verified bytes of an asset on our disk, and where in the store they came from. */
export interface Source {
  file: string
  sha256: string
  byteSize: number
  object: StoredObject
  upload: Upload
  /** False on the first run, when the bytes still lie where the client could write. */
  isPromoted: boolean
}

/**
 * Streams exactly the pinned bytes to a file and hashes them on the way.
 * @throws SOURCE_GONE, CHECKSUM_MISMATCH, STORE_UNAVAILABLE
 */
export async function downloadSource(deps: WorkerDeps, { asset, workDir, signal }: Run): Promise<Source> {
  const { db } = deps.database
  const found = await sourceOfAsset(db, asset)
  if (found?.object.state !== 'live' || found.object.etag === null) throw appError('SOURCE_GONE')
  const { upload, object, isPromoted } = found
  const file = join(workDir, 'source')
  const { sha256, byteSize } = await download(deps, { ...object, etag: found.object.etag }, file, signal)
  crashpoint('download.done')
  if (byteSize !== upload.byteSize) {
    throw appError('STORE_UNAVAILABLE', `The store sent ${byteSize} of ${upload.byteSize} bytes.`)
  }
  const expected = asset.sha256 ?? upload.sha256
  if (expected && expected !== sha256) throw checksumMismatch(expected, sha256, isPromoted)
  return { file, sha256, byteSize, object, upload, isPromoted }
}

async function download(
  { store }: WorkerDeps,
  { bucket, key, versionId, etag }: { bucket: string; key: string; versionId: string | null; etag: string },
  file: string,
  signal: AbortSignal,
): Promise<{ sha256: string; byteSize: number }> {
  const hash = createHash('sha256')
  let byteSize = 0
  const measure = new Transform({
    transform(chunk, _encoding, done) {
      crashpoint('download.middle')
      hash.update(chunk)
      byteSize += chunk.length
      done(null, chunk)
    },
  })
  try {
    const { body } = await store.get({ bucket, key, versionId, etag }, { signal })
    await pipeline(body, measure, createWriteStream(file, { mode: 0o600 }), { signal })
    return { sha256: hash.digest('hex'), byteSize }
  } catch (error) {
    if (isAppError(error, 'STORE_NOT_FOUND')) throw appError('SOURCE_GONE', undefined, { cause: error })
    throw error
  }
}

function checksumMismatch(expected: string, actual: string, isOurs: boolean) {
  const context = { expected, actual }
  // What we verified once and now reads differently was damaged on the way: another read may be right.
  if (isOurs) return appError('STORE_UNAVAILABLE', 'The store sent other bytes than were verified.', { context })
  return appError('CHECKSUM_MISMATCH', undefined, { context })
}
