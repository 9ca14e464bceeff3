import type { Readable } from 'node:stream'
import { appError } from '@darkroom/contracts'
import { isAppError } from '@darkroom/core'
import { doomObjects, type StoredObject } from '@darkroom/db/assets'
import type { Database } from '@darkroom/db/client'
import { insertRest, type Received, recordReceived, type TusUpload, type UploadWithAsset } from '@darkroom/db/uploads'
import { uploadKey } from '@darkroom/storage'
import type { IngestDeps } from '../deps.ts'
import { openMultipart, partLayoutOf, placeOf } from '../multipart-upload.ts'
import { arrivingBytes } from './arriving-bytes.ts'
import type { Writer } from './only-writer.ts'
import { startOver } from './start-over.ts'

export interface AppendDeps extends IngestDeps {
  database: { db: Database }
}

/** An upload by tus as its only writer reads it. */
export interface OpenTusUpload {
  found: UploadWithAsset
  tus: TusUpload
  rest: StoredObject | null
  writer: Writer
}

/** The part that is being filled, the only bytes of a file that are in memory. */
interface Part {
  /** Where it begins in the file. */
  start: number
  bytes: Buffer
  filled: number
  /** How many of them the store has. */
  kept: number
}

/**
 * Appends the body of a request to an upload: whole parts go to the store as they are full, and what is left at the end, also when the
 * connection is cut, into an object of its own. Memory holds one part, however large the file is.
 * @returns how many bytes the store has now
 * @throws TOO_LARGE when the body has more than the upload; REQUEST_TIMEOUT when it ended early or nothing came for a minute;
 * UPLOAD_OFFSET_MISMATCH when the store has lost what it had; UPLOAD_LOCKED when another request has taken over
 */
export async function appendBytes(deps: AppendDeps, open: OpenTusUpload, body: Readable): Promise<number> {
  const { upload } = open.found
  let part = await readPart(deps, open)
  let interruption: unknown = null
  try {
    for await (const chunk of arrivingBytes(body, open.writer.end)) {
      if (part.start + part.filled + chunk.length > upload.byteSize) throw tooMany(upload.byteSize)
      part = await fill(deps, open, part, chunk)
    }
  } catch (error) {
    if (!isAppError(error, 'TOO_LARGE') && !isAppError(error, 'REQUEST_TIMEOUT')) throw error
    interruption = error
  }
  if (part.filled > part.kept) await keepRest(deps, open, part)
  if (interruption) throw interruption
  return part.start + part.filled
}

const tooMany = (byteSize: number) =>
  appError('TOO_LARGE', `The upload has ${byteSize} bytes. The body has more than are missing.`)

const partSizeOf = ({ found: { upload } }: OpenTusUpload): number => partLayoutOf(upload)?.partSize ?? upload.byteSize

/** Makes room for the part in which an upload stands, and reads what the store has of it. */
async function readPart(deps: AppendDeps, open: OpenTusUpload): Promise<Part> {
  const { found, tus, rest } = open
  const partSize = partSizeOf(open)
  const kept = tus.receivedBytes % partSize
  const start = tus.receivedBytes - kept
  const bytes = Buffer.allocUnsafeSlow(Math.min(partSize, found.upload.byteSize - start))
  if (kept > 0 && !(await isRead(deps, rest, bytes.subarray(0, kept)))) {
    // Without it the part begins anew.
    await record(deps, open, { receivedBytes: start, rest: null })
    throw appError('UPLOAD_OFFSET_MISMATCH', `The upload continues at offset ${start}.`)
  }
  return { start, bytes, filled: kept, kept }
}

async function isRead({ store }: AppendDeps, rest: StoredObject | null, into: Buffer): Promise<boolean> {
  if (!rest || rest.bytes !== into.length) return false
  const { bucket, key, versionId, etag } = rest
  try {
    const { body } = await store.get({ bucket, key, versionId, etag: etag ?? undefined })
    let filled = 0
    for await (const chunk of body as AsyncIterable<Buffer>) filled += chunk.copy(into, filled)
    return true
  } catch (error) {
    if (isAppError(error, 'STORE_NOT_FOUND')) return false
    throw error
  }
}

/** Puts a chunk into the part, and each part that is full into the store. @returns the part that is being filled then */
async function fill(deps: AppendDeps, open: OpenTusUpload, given: Part, chunk: Buffer): Promise<Part> {
  let part = given
  for (let taken = 0; taken < chunk.length; ) {
    const count = chunk.copy(part.bytes, part.filled, taken)
    taken += count
    part = { ...part, filled: part.filled + count }
    if (part.filled === part.bytes.length) part = await sendPart(deps, open, part)
  }
  return part
}

/** Stores a full part. @returns the next one, in the same memory */
async function sendPart(deps: AppendDeps, open: OpenTusUpload, { start, bytes }: Part): Promise<Part> {
  const end = start + bytes.length
  await putPart(deps, open, { start, bytes })
  await record(deps, open, { receivedBytes: end, rest: null })
  const left = open.found.upload.byteSize - end
  return { start: end, bytes: bytes.subarray(0, Math.min(bytes.length, left)), filled: 0, kept: 0 }
}

async function putPart(
  deps: AppendDeps,
  { found, writer }: OpenTusUpload,
  { start, bytes }: Pick<Part, 'start' | 'bytes'>,
): Promise<void> {
  const { upload } = found
  const place = placeOf(found)
  const layout = partLayoutOf(upload)
  if (!layout) {
    const { contentType } = upload
    await deps.store.put({ ...place, body: bytes, byteSize: bytes.length, contentType })
    return
  }
  const storeUploadId = await openMultipart(deps, upload, place)
  upload.storeUploadId = storeUploadId
  const partNumber = start / layout.partSize + 1
  try {
    await deps.store.putPart({ ...place, uploadId: storeUploadId, partNumber, body: bytes })
  } catch (error) {
    if (isAppError(error, 'STORE_NOT_FOUND')) return startOver(deps, found, writer)
    throw error
  }
}

/** Stores the bytes after the last whole part, which no multipart upload takes: its parts have at least 5 MB. */
async function keepRest(deps: AppendDeps, open: OpenTusUpload, { start, bytes, filled }: Part): Promise<void> {
  const { projectId, assetId } = open.found.upload
  const { bucket } = placeOf(open.found)
  const { db } = deps.database
  const contentType = 'application/octet-stream'
  const object = await insertRest(db, { projectId, assetId, bucket, key: uploadKey(projectId, assetId), contentType })
  try {
    const { id: objectId, key } = object
    const pin = await deps.store.put({ bucket, key, body: bytes.subarray(0, filled), byteSize: filled, contentType })
    await record(deps, open, { receivedBytes: start + filled, rest: { objectId, ...pin, byteSize: filled } })
  } catch (error) {
    await doomObjects(db, [object.id])
    throw error
  }
}

async function record(
  { database }: AppendDeps,
  { writer: { uploadId, token } }: OpenTusUpload,
  received: Pick<Received, 'receivedBytes' | 'rest'>,
): Promise<void> {
  if (!(await recordReceived(database.db, { uploadId, token, ...received }))) throw appError('UPLOAD_LOCKED')
}
