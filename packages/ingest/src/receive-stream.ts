import type { Readable } from 'node:stream'
import { appError } from '@darkroom/contracts'
import type { Logger } from '@darkroom/core'
import { doomObjects } from '@darkroom/db/assets'
import type { Database } from '@darkroom/db/client'
import { abortUpload } from '@darkroom/db/deletion'
import { insertRest, type RecordedUpload, setUploadSize } from '@darkroom/db/uploads'
import { uploadKey } from '@darkroom/storage'
import { type Confirmed, confirmArrived } from './confirm-arrived.ts'
import type { OpenUploadDeps } from './deps.ts'
import { recordUpload, type UploadRequest } from './record-upload.ts'

interface Deps extends OpenUploadDeps {
  database: { db: Database }
  logger: Logger
}

/**
 * Stores a file of unknown length while it comes, and confirms it. `request.body.byteSize` is the most that it can have, for limits and quota. What
 * fails or stops midway is given up at once; what a crash leaves, when the upload expires.
 * @throws what `recordUpload` and `confirmArrived` throw; TOO_LARGE, EMPTY_FILE, and whatever the body fails with
 */
export async function receiveStream(deps: Deps, request: UploadRequest, body: Readable): Promise<Confirmed> {
  const { db } = deps.database
  const recorded = await recordUpload(deps, request, effect => db.transaction(effect))
  try {
    return await storeStream(deps, recorded, body)
  } catch (error) {
    // The job that removes its objects is committed with it.
    await db.transaction(tx => abortUpload(tx, recorded.upload))
    throw error
  }
}

/**
 * Stores a stream beside its place, and copies it there once its length is known: an event of the store would else confirm, and remove, an
 * object whose size is not yet in its row.
 */
async function storeStream(deps: Deps, { record, upload, place }: RecordedUpload, body: Readable): Promise<Confirmed> {
  const { db } = deps.database
  if (!place) throw new Error(`upload ${upload.id} has no place`)
  const { projectId, assetId, contentType } = upload
  const from = { bucket: place.bucket, key: uploadKey(projectId, assetId) }
  const object = await insertRest(db, { projectId, assetId, ...from, contentType })
  const { byteSize, ...pin } = await deps.store.putStream({
    ...from,
    body: atMost(body, upload.byteSize),
    contentType,
  })
  if (byteSize === 0) throw appError('EMPTY_FILE')
  if (!(await setUploadSize(db, upload, byteSize))) throw appError('UPLOAD_EXPIRED')
  await deps.store.copy({ from: { ...from, ...pin, byteSize }, to: place, contentType })
  await doomObjects(db, [object.id])
  const found = {
    upload: { ...upload, byteSize },
    asset: record.asset,
    object: { ...object, ...place },
    isExpired: false,
  }
  return confirmArrived(deps, found, { by: 'client' })
}

async function* atMost(body: Readable, maxBytes: number): AsyncGenerator<Buffer> {
  let received = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    received += chunk.length
    if (received > maxBytes) throw appError('TOO_LARGE', `The file is larger than ${maxBytes} bytes.`)
    yield chunk
  }
}
