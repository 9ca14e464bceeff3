import { setStoreUploadId, type Upload, type UploadWithAsset } from '@darkroom/db/uploads'
import type { PartLayout } from '@darkroom/storage'
import type { IngestDeps } from './deps.ts'
import { missingParts } from './part-layout.ts'
import { readClosedUploadError } from './upload-errors.ts'

/** Where an upload's bytes go. */
export interface Place {
  bucket: string
  key: string
}

/** Returns the place of an upload; its row is there as long as the upload is open. */
export function placeOf({ upload, object }: Pick<UploadWithAsset, 'upload' | 'object'>): Place {
  if (!object) throw new Error(`upload ${upload.id} has no object`)
  return { bucket: object.bucket, key: object.key }
}

/** Returns how an upload is cut; null when it is one PUT. */
export function partLayoutOf({ type, partSize, partCount }: Upload): PartLayout | null {
  if (type === 'single' || partSize === null || partCount === null) return null
  return { partSize, partCount }
}

/**
 * Returns the store's id of a multipart upload, opened there when that has not happened. The row was there first, so whatever a
 * crash leaves open lies under a key that clean-up knows.
 * @throws ASSET_DELETED, UPLOAD_CONFIRMED or UPLOAD_EXPIRED when the upload is no longer open
 */
export async function openMultipart(deps: IngestDeps, upload: Upload, place: Place): Promise<string> {
  return upload.storeUploadId ?? reopenMultipart(deps, upload, place)
}

/** Opens a multipart upload in the store, in the place of the one that the upload has. @throws as `openMultipart` */
export async function reopenMultipart(
  { database, store, faults }: IngestDeps,
  upload: Upload,
  place: Place,
): Promise<string> {
  const opened = await store.createMultipartUpload({ ...place, contentType: upload.contentType })
  faults.crashpoint('multipart.after-create')
  const standing = await setStoreUploadId(database.db, upload.id, { from: upload.storeUploadId, to: opened })
  // Somebody else opened one at the same moment, or the upload has ended.
  if (standing !== opened) await store.abortMultipartUpload({ ...place, uploadId: opened })
  if (standing === null) throw await readClosedUploadError(database.db, upload)
  return standing
}

/**
 * Returns what is left to send of an open multipart upload. One that the store has given up, as lifecycle rules do, is opened
 * anew; one that is already put together lacks nothing.
 */
export async function resumeMultipart(
  deps: IngestDeps,
  upload: Upload,
  place: Place,
  layout: PartLayout,
): Promise<{ storeUploadId: string; missing: number[] }> {
  const { storeUploadId } = upload
  const listed = storeUploadId ? await deps.store.listParts({ ...place, uploadId: storeUploadId }) : null
  if (storeUploadId && listed) return { storeUploadId, missing: missingParts(layout, listed) }
  if (storeUploadId && (await deps.store.head(place))) return { storeUploadId, missing: [] }
  return { storeUploadId: await reopenMultipart(deps, upload, place), missing: missingParts(layout, []) }
}
