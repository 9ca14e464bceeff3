import { inArray, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import { cdnPurges } from '../schema/index.ts'

/**
 * Notes what a CDN may have kept of an asset that is being deleted, with what was replaced before; part of that
 * transaction.
 */
export async function noteCdnPurge(tx: Tx, assetId: string): Promise<void> {
  await tx.execute(sql`
    INSERT INTO cdn_purges (asset_id, keys)
    SELECT ${assetId}::uuid, array_agg(key) FROM (
      SELECT key FROM objects WHERE asset_id = ${assetId} AND key LIKE 'variants/%'
      UNION SELECT unnest(keys) FROM cdn_purges WHERE asset_id = ${assetId}
    ) AS published
    HAVING count(*) > 0
    ON CONFLICT (asset_id) DO UPDATE SET
      keys = ARRAY(SELECT DISTINCT unnest(cdn_purges.keys || excluded.keys)), available_at = excluded.available_at`)
}

/**
 * Part of a statement that deletes the rows of objects and answers them as `gone`: remembers what was published of an
 * asset that stays, since a CDN keeps it for a year. It is due when the asset is deleted.
 */
export const rememberedCte: SQL = sql`remembered AS (
  INSERT INTO cdn_purges (asset_id, keys, available_at)
  SELECT gone.asset_id, ARRAY[gone.key], 'infinity' FROM gone JOIN assets ON assets.id = gone.asset_id
  WHERE gone.key LIKE 'variants/%' AND gone.bytes IS NOT NULL AND assets.deleted_at IS NULL
  ON CONFLICT (asset_id) DO UPDATE SET keys = cdn_purges.keys || excluded.keys
)`

export interface CdnPurge {
  assetId: string
  /** Of the variants. */
  keys: string[]
}

/**
 * Takes purges of assets whose objects are gone, so that the CDN cannot fetch them again. Each comes back by itself, after
 * ten seconds at first and an hour at last, until it is finished.
 */
export async function takeCdnPurges(tx: Tx, limit: number): Promise<CdnPurge[]> {
  const rows = await tx.execute<{ asset_id: string; keys: string[] }>(sql`
    WITH due AS (
      SELECT asset_id FROM cdn_purges JOIN assets ON assets.id = cdn_purges.asset_id
      WHERE available_at <= now() AND purged_at IS NOT NULL
      ORDER BY available_at LIMIT ${limit} FOR UPDATE OF cdn_purges SKIP LOCKED
    )
    UPDATE cdn_purges SET attempts = attempts + 1,
      available_at = now() + least(interval '10 seconds' * power(2, least(attempts, 10)), interval '1 hour')
    FROM due WHERE cdn_purges.asset_id = due.asset_id
    RETURNING cdn_purges.asset_id, to_jsonb(keys) AS keys`)
  return rows.map(({ asset_id, keys }) => ({ assetId: asset_id, keys }))
}

/** Forgets purges that are not needed any more. @param isDone whether the CDN was told */
export async function endCdnPurges(tx: Tx, assetIds: string[], { isDone }: { isDone: boolean }): Promise<void> {
  if (assetIds.length === 0) return
  if (isDone) await tx.execute(sql`UPDATE assets SET cdn_purged_at = now() WHERE id IN ${assetIds}`)
  await tx.delete(cdnPurges).where(inArray(cdnPurges.assetId, assetIds))
}
