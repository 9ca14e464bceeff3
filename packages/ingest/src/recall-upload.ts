import { appError } from '@darkroom/contracts'
import { readAssetRecord } from '@darkroom/db/assets'
import { extendPresign, findUpload, type RecordedUpload } from '@darkroom/db/uploads'
import type { OpenUploadDeps } from './deps.ts'
import { placeOf } from './multipart-upload.ts'
import { presignExpiry } from './sign-upload.ts'
import { assertUploadOpen } from './upload-errors.ts'

/**
 * Reads the upload that the same request made before, as it is by now: to be signed anew while bytes can be put for it.
 * @throws ASSET_DELETED or UPLOAD_EXPIRED
 */
export async function recallUpload(
  deps: Pick<OpenUploadDeps, 'database' | 'clock' | 'settings'>,
  projectId: string,
  uploadId: string,
): Promise<RecordedUpload> {
  const { db } = deps.database
  const found = await findUpload(db, projectId, uploadId)
  if (!found) throw appError('ASSET_DELETED')
  const { asset, upload } = found
  if (upload.confirmedAt && !asset.deletedAt) return { record: await readAssetRecord(db, asset), upload, place: null }
  assertUploadOpen(found)
  const presignExpiresAt = presignExpiry(deps, upload.expiresAt)
  // Recorded before it is signed: clean-up must know until when somebody can write the key. When it was confirmed or
  // given up meanwhile, it is read once more.
  if (!(await extendPresign(db, upload.id, presignExpiresAt))) return recallUpload(deps, projectId, uploadId)
  return { record: await readAssetRecord(db, asset), upload: { ...upload, presignExpiresAt }, place: placeOf(found) }
}
