import { appError } from '@darkroom/contracts'
import type { Database } from '@darkroom/db/client'
import { findUpload, projectOfUpload, type UploadWithAsset } from '@darkroom/db/uploads'
import { assertUploadOpen } from '@darkroom/ingest'
import type { FastifyRequest } from 'fastify'
import { idOf } from '../route.ts'

/**
 * Finds the upload of the path, if it belongs to the caller. Whoever names one of somebody else is answered like one who guesses, and leaves an
 * entry in the log.
 * @throws NOT_FOUND, or ASSET_DELETED when it was aborted
 */
export async function uploadOf(
  db: Database,
  request: FastifyRequest<{ Params: { id: string } }>,
): Promise<UploadWithAsset> {
  const { projectId, onlyAssetId } = request.principal
  const found = await findUpload(db, projectId, idOf(request))
  if (!found || (onlyAssetId && found.asset.id !== onlyAssetId)) {
    await auditForeign(db, request, idOf(request))
    throw appError('NOT_FOUND')
  }
  if (found.asset.deletedAt) throw appError('ASSET_DELETED')
  return found
}

/** Logs that a caller named an upload of somebody else. Ids are random, so who has one of another project or asset did not guess it. An id that nobody has is no entry. */
export async function auditForeign(db: Database, request: FastifyRequest, uploadId: string): Promise<void> {
  const ownerProjectId = await projectOfUpload(db, uploadId)
  if (ownerProjectId === null) return
  const { projectId, keyId, onlyAssetId } = request.principal
  request.log.warn(
    { audit: 'upload.foreign', uploadId, ownerProjectId, projectId, keyId, onlyAssetId },
    `${request.method} ${request.routeOptions.url ?? ''} names an upload that the caller may not reach`,
  )
}

/**
 * Finds the upload of the path while it takes bytes.
 * @throws NOT_FOUND, ASSET_DELETED, UPLOAD_CONFIRMED or UPLOAD_EXPIRED
 */
export async function openUploadOf(
  db: Database,
  request: FastifyRequest<{ Params: { id: string } }>,
): Promise<UploadWithAsset> {
  return assertUploadOpen(await uploadOf(db, request))
}
