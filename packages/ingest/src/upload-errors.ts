import { appError, errorCodesThat } from '@darkroom/contracts'
import { type AppError, isAppError } from '@darkroom/core'
import type { Database } from '@darkroom/db/client'
import { findUpload, type Upload, type UploadWithAsset } from '@darkroom/db/uploads'

/** Returns why no bytes can be put for an upload that is not open: ASSET_DELETED, UPLOAD_CONFIRMED or UPLOAD_EXPIRED. */
export function closedUploadError({ asset, upload }: Pick<UploadWithAsset, 'asset' | 'upload'>): AppError {
  if (asset.deletedAt) return appError('ASSET_DELETED')
  return appError(upload.confirmedAt ? 'UPLOAD_CONFIRMED' : 'UPLOAD_EXPIRED')
}

/** Reads the same of one that was open when it was read, and was confirmed, given up or expired since. */
export async function readClosedUploadError(db: Database, { projectId, id }: Upload): Promise<AppError> {
  const now = await findUpload(db, projectId, id)
  return now ? closedUploadError(now) : appError('ASSET_DELETED')
}

/** @throws ASSET_DELETED, UPLOAD_CONFIRMED or UPLOAD_EXPIRED when no bytes can be put for an upload any more */
export function assertUploadOpen(found: UploadWithAsset): UploadWithAsset {
  const { asset, upload, isExpired } = found
  if (asset.deletedAt || upload.confirmedAt || asset.status === 'expired' || isExpired) throw closedUploadError(found)
  return found
}

const FINAL: ReadonlySet<string> = new Set(errorCodesThat('isFinal'))

/**
 * Returns whether what `confirmArrived` threw is its answer: the bytes are not there, not right, or no longer wanted, and it will not
 * say otherwise in a minute. Anything else is worth another try.
 */
export const isPermanentUploadError = (error: unknown): error is AppError => isAppError(error) && FINAL.has(error.code)
