import { appError } from '@darkroom/contracts'
import type { AppError } from '@darkroom/core'
import type { Database } from '@darkroom/db/client'
import { findUpload, type Upload, type UploadWithAsset } from '@darkroom/db/uploads'

/** Why no bytes can be put for an upload that is not open: ASSET_DELETED, UPLOAD_CONFIRMED or UPLOAD_EXPIRED. */
export function closedError({ asset, upload }: Pick<UploadWithAsset, 'asset' | 'upload'>): AppError {
  if (asset.deletedAt) return appError('ASSET_DELETED')
  return appError(upload.confirmedAt ? 'UPLOAD_CONFIRMED' : 'UPLOAD_EXPIRED')
}

/** The same of one that was open when it was read, and was confirmed, given up or expired since. */
export async function whyClosed(db: Database, { projectId, id }: Upload): Promise<AppError> {
  const now = await findUpload(db, projectId, id)
  return now ? closedError(now) : appError('ASSET_DELETED')
}
