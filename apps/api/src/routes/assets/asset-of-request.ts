import { appError } from '@darkroom/contracts'
import { type AssetRow, findAsset } from '@darkroom/db/assets'
import type { Database } from '@darkroom/db/client'
import type { FastifyRequest } from 'fastify'
import type { Principal } from '../../auth/principal.ts'
import { isGone } from '../../presenters/asset.ts'
import { idOf } from '../route.ts'

/**
 * The asset of the path, if it belongs to who is asking.
 * @throws NOT_FOUND, or ASSET_DELETED once its objects are gone, or when it was taken down
 */
export const assetOf = (db: Database, request: FastifyRequest<{ Params: { id: string } }>): Promise<AssetRow> =>
  assetFor(db, request.principal, idOf(request))

/** An asset by its id, in the same way. */
export async function assetFor(db: Database, { projectId, onlyAssetId }: Principal, id: string): Promise<AssetRow> {
  if (onlyAssetId && onlyAssetId !== id) throw appError('NOT_FOUND')
  const asset = await findAsset(db, projectId, id)
  if (!asset) throw appError('NOT_FOUND')
  if (isGone(asset)) throw appError('ASSET_DELETED')
  return asset
}
