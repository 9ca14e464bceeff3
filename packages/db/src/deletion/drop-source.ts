import { and, asc, eq, lte, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { changeWithEvent } from '../events/events.ts'
import { type AssetRow, assets } from '../schema/index.ts'
import { forgetImportUrl, lockImport } from '../uploads/imports.ts'
import { dropObjectsOfAsset } from './delete-asset.ts'

/** Finds failed assets whose source has been kept long enough. */
export const findExpiredSources = (tx: Tx, limit: number): Promise<AssetRow[]> =>
  tx
    .select()
    .from(assets)
    .where(and(eq(assets.status, 'failed'), lte(assets.sourceExpiresAt, sql`now()`)))
    .orderBy(asc(assets.sourceExpiresAt))
    .limit(limit)

/** Gives up every object of a failed asset; from now on it cannot be requeued. */
export async function dropSource(tx: Tx, assetId: string): Promise<void> {
  await lockImport(tx, assetId)
  const update = tx
    .update(assets)
    .set({ originalObjectId: null, sourceExpiresAt: null, revision: sql`${assets.revision} + 1` })
    .where(and(eq(assets.id, assetId), eq(assets.status, 'failed'), lte(assets.sourceExpiresAt, sql`now()`)))
    .returning()
  if (!(await changeWithEvent(tx, update, { type: 'asset.source_dropped' }))) return
  await forgetImportUrl(tx, assetId)
  await dropObjectsOfAsset(tx, assetId)
}
