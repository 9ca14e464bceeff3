import { appError } from '@darkroom/contracts'
import type { Database } from '@darkroom/db/client'
import { findUpload, type UploadWithAsset } from '@darkroom/db/uploads'
import { assertUploadOpen } from '@darkroom/ingest'
import type { FastifyRequest } from 'fastify'
import { idOf } from '../route.ts'

/**
 * Finds the upload of the path, if it belongs to the caller.
 * @throws NOT_FOUND, or ASSET_DELETED when it was aborted
 */
export async function uploadOf(
  db: Database,
  request: FastifyRequest<{ Params: { id: string } }>,
): Promise<UploadWithAsset> {
  const { projectId, onlyAssetId } = request.principal
  const found = await findUpload(db, projectId, idOf(request))
  if (!found || (onlyAssetId && found.asset.id !== onlyAssetId)) throw appError('NOT_FOUND')
  if (found.asset.deletedAt) throw appError('ASSET_DELETED')
  return found
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
