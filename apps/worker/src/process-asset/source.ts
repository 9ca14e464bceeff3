import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { appError } from '@darkroom/contracts'
import { isAppError } from '@darkroom/core'
import type { StoredObject } from '@darkroom/db/assets'
import type { AssetSource, Upload } from '@darkroom/db/uploads'
import type { Run } from '@darkroom/jobs/handler'
import type { WorkerDeps } from '../deps.ts'

/** The verified bytes of an asset on our disk, and where in the store they came from. */
export interface Source {
  file: string
  sha256: string
  byteSize: number
  object: StoredObject
  upload: Upload
  rules: AssetSource['rules']
  /** False on the first run, when the bytes still lie where the client could write. */
  isPromoted: boolean
}

/**
 * Streams exactly the pinned bytes to a file and hashes them on the way.
 * @throws SOURCE_GONE, CHECKSUM_MISMATCH, STORE_UNAVAILABLE
 */
export async function downloadSource(
  deps: Pick<WorkerDeps, 'queries' | 'store' | 'faults'>,
  { asset, workDir, signal }: Pick<Run, 'asset' | 'workDir' | 'signal'>,
): Promise<Source> {
  const found = await deps.queries.source(asset)
  if (found?.object.state !== 'live' || found.object.etag === null) throw appError('SOURCE_GONE')
  const { upload, object, isPromoted, rules } = found
  const file = join(workDir, 'source')
  const pinned = { ...object, etag: found.object.etag }
  const expected = asset.sha256 ?? upload.sha256
  const { sha256, byteSize } = await readTwiceIfWrong(
    () => download(deps, pinned, file, { signal, comparesMd5: !expected }),
    { isRight: read => (expected ? read.sha256 === expected : read.isIntact) },
  )
  deps.faults.crashpoint('download.done')
  if (byteSize !== upload.byteSize) {
    throw appError('STORE_UNAVAILABLE', `The store sent ${byteSize} of ${upload.byteSize} bytes.`)
  }
  if (expected && expected !== sha256) throw checksumMismatch(expected, sha256, asset.sha256 !== null)
  return { file, sha256, byteSize, object, upload, isPromoted, rules }
}

/**
 * Reads a download a second time when its digest is not the declared one or that of its ETag: a bit may have flipped in
 * transit. When both reads agree, these are the bytes in the store.
 */
async function readTwiceIfWrong(
  read: () => Promise<Download>,
  { isRight }: { isRight(download: Download): boolean },
): Promise<Download> {
  const first = await read()
  if (isRight(first)) return first
  const second = await read()
  if (isRight(second) || second.sha256 === first.sha256) return second
  throw appError('STORE_UNAVAILABLE', 'The store sent different bytes each time.', {
    context: { first: first.sha256, second: second.sha256 },
  })
}

interface Download {
  sha256: string
  /** False when the store says another MD5 of it; not asked where a better digest is known. */
  isIntact: boolean
  byteSize: number
}

async function download(
  { store, faults }: Pick<WorkerDeps, 'store' | 'faults'>,
  { bucket, key, versionId, etag }: { bucket: string; key: string; versionId: string | null; etag: string },
  file: string,
  { signal, comparesMd5 }: { signal: AbortSignal; comparesMd5: boolean },
): Promise<Download> {
  const sha256 = createHash('sha256')
  let byteSize = 0
  try {
    const { body, md5: storedMd5 } = await store.get({ bucket, key, versionId, etag }, { signal })
    const md5 = comparesMd5 && storedMd5 ? createHash('md5') : null
    const measure = new Transform({
      transform(chunk, _encoding, done) {
        faults.crashpoint('download.middle')
        sha256.update(chunk)
        md5?.update(chunk)
        byteSize += chunk.length
        done(null, chunk)
      },
    })
    await pipeline(body, measure, createWriteStream(file, { mode: 0o600 }), { signal })
    return { sha256: sha256.digest('hex'), isIntact: !md5 || md5.digest('hex') === storedMd5, byteSize }
  } catch (error) {
    if (isAppError(error, 'STORE_NOT_FOUND')) throw appError('SOURCE_GONE', undefined, { cause: error })
    throw error
  }
}

function checksumMismatch(expected: string, actual: string, isOurs: boolean) {
  const context = { expected, actual }
  // What we verified once and now reads differently was damaged on the way: another read may be right.
  if (isOurs) return appError('STORE_UNAVAILABLE', 'The store sent different bytes than were verified.', { context })
  return appError('CHECKSUM_MISMATCH', undefined, { context })
}
