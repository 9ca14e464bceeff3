import { appError } from '@darkroom/contracts'
import { type AssetRow, findAsset } from '@darkroom/db/assets'
import type { Database } from '@darkroom/db/client'
import type { FastifyRequest } from 'fastify'
import type { Principal } from '../../auth/principal.ts'
import { isGone } from '../../presenters/asset.ts'
import { idOf } from '../route.ts'

/**
 * Finds the asset of the path, if it belongs to the caller.
 * @throws NOT_FOUND, or ASSET_DELETED once its objects are deleted, or when it was taken down
 */
export const assetOf = (db: Database, request: FastifyRequest<{ Params: { id: string } }>): Promise<AssetRow> =>
  assetFor(db, request.principal, idOf(request))

/** Finds an asset by its id, with the same checks. */
export async function assetFor(db: Database, principal: Principal, id: string): Promise<AssetRow> {
  assertMayAskFor(principal, id)
  return assertShown(await findAsset(db, principal.projectId, id))
}

/** @throws NOT_FOUND when a client token is for another asset */
export function assertMayAskFor({ onlyAssetId }: Principal, id: string): void {
  if (onlyAssetId && onlyAssetId !== id) throw appError('NOT_FOUND')
}

/** @throws NOT_FOUND, or ASSET_DELETED once its objects are gone, or when it was taken down */
export function assertShown(asset: AssetRow | null | undefined): AssetRow {
  if (!asset) throw appError('NOT_FOUND')
  if (isGone(asset)) throw appError('ASSET_DELETED')
  return asset
}
