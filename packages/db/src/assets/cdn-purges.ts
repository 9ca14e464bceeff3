import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'

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
    ${ADDED}`)
}

/** Notes the CDN purge for an asset whose files leave a bucket. */
export async function noteCdnPurgeOfMove(tx: Tx, assetId: string, bucket: string): Promise<void> {
  await tx.execute(sql`
    INSERT INTO cdn_purges (asset_id, keys)
    SELECT asset_id, array_agg(key) FROM objects WHERE asset_id = ${assetId} AND bucket = ${bucket} GROUP BY asset_id
    ${ADDED}`)
}

/** What waits already waits with it. */
const ADDED = sql`ON CONFLICT (asset_id) DO UPDATE SET
  keys = ARRAY(SELECT DISTINCT unnest(cdn_purges.keys || excluded.keys)), attempts = 0, available_at = now()`

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
 * Takes purges of assets whose objects are gone, all of them or those that were moved, so that the CDN cannot fetch them again. Each comes back by itself, after
 * ten seconds at first and an hour at last, until it is finished.
 */
export async function takeCdnPurges(tx: Tx, limit: number): Promise<CdnPurge[]> {
  const rows = await tx.execute<{ asset_id: string; keys: string[] }>(sql`
    WITH due AS (
      SELECT asset_id FROM cdn_purges JOIN assets ON assets.id = cdn_purges.asset_id
      WHERE available_at <= now()
        AND (purged_at IS NOT NULL OR deleted_at IS NULL AND NOT EXISTS (SELECT FROM objects WHERE key = ANY (keys)))
      ORDER BY available_at LIMIT ${limit} FOR UPDATE OF cdn_purges SKIP LOCKED
    )
    UPDATE cdn_purges SET attempts = attempts + 1,
      available_at = now() + least(interval '10 seconds' * power(2, least(attempts, 10)), interval '1 hour')
    FROM due WHERE cdn_purges.asset_id = due.asset_id
    RETURNING cdn_purges.asset_id, to_jsonb(keys) AS keys`)
  return rows.map(({ asset_id, keys }) => ({ assetId: asset_id, keys }))
}

/**
 * Forgets purges that are not needed any more, unless more was added to them meanwhile.
 * @param isDone whether the CDN was told
 */
export async function endCdnPurges(tx: Tx, purges: CdnPurge[], { isDone }: { isDone: boolean }): Promise<void> {
  if (purges.length === 0) return
  const ended = sql`jsonb_to_recordset(${JSON.stringify(purges.map(({ assetId, keys }) => ({ assetId, keys: keys.length })))}::jsonb)
    AS ended ("assetId" uuid, keys int)`
  await tx.execute(sql`
    WITH gone AS (
      DELETE FROM cdn_purges USING ${ended}
      WHERE cdn_purges.asset_id = ended."assetId" AND cardinality(cdn_purges.keys) = ended.keys RETURNING asset_id
    )
    UPDATE assets SET cdn_purged_at = now() FROM gone
    WHERE assets.id = gone.asset_id AND assets.purged_at IS NOT NULL AND ${isDone}`)
}
