import type { Placeholder, ResourceError } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import type { Database, Tx } from '../client.ts'
import type { AssetRow } from './asset-transitions.ts'
import { eventCte } from './events.ts'
import { changeAssetOfRun } from './fence.ts'
import { type Lease, leaseLost } from './lease.ts'
import { AFTER_GRACE } from './objects.ts'
import { assetCte, heldCte } from './run-statement.ts'

/**
 * Ends a run that made what it had to: its asset is `ready` when no variant has failed, else `partial`, also when the file
 * of before stands in for one; it has the preset of its job, and, after a whole run, no variant that is not `planned`; its
 * job has succeeded. One statement, fenced; times are the database's.
 * @throws LEASE_LOST; an Error when a variant is still pending, which is a bug
 */
export async function completeRun(
  db: Database,
  lease: Lease,
  run: {
    placeholder: Placeholder | null
    planned: readonly string[]
    /** False when the others were to be left as they are. */
    isWhole: boolean
    peakMemoryBytes: number | undefined
  },
): Promise<void> {
  const { placeholder, planned, isWhole, peakMemoryBytes } = run
  const isPlanned = sql`name = ANY (ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(planned)}::jsonb)))`
  const found = placeholder && JSON.stringify(placeholder)
  const set = sql`, ready_at = now(), error = NULL, source_expires_at = NULL,
    placeholder = coalesce(${found}::jsonb, placeholder),
    preset_id = coalesce((SELECT preset_id FROM jobs WHERE id = ${lease.jobId}), preset_id),
    status = CASE WHEN (SELECT failed FROM made) > 0 THEN 'partial' ELSE 'ready' END`
  const [row] = await db.execute<{ pending: number; told: unknown }>(sql`
    WITH made AS (
      SELECT count(*) FILTER (WHERE status = 'pending' AND ${isPlanned})::int AS pending,
        count(*) FILTER (WHERE error IS NOT NULL AND (${isPlanned} OR NOT ${isWhole}::boolean)) AS failed
      FROM variants WHERE asset_id = ${lease.assetId}
    ), ${heldCte(lease, sql`(SELECT pending FROM made) = 0`)}, ${assetCte(lease, set)}, job AS (
      UPDATE jobs SET status = 'succeeded', lease_token = NULL, lease_until = NULL, finished_at = now(), stage = NULL,
        error = NULL, progress = 1
      FROM asset WHERE jobs.id = ${lease.jobId}
    ), dropped AS (
      DELETE FROM variants USING asset WHERE ${isWhole}::boolean AND variants.asset_id = asset.id AND NOT ${isPlanned}
      RETURNING object_id
    ), given_up AS (
      UPDATE objects SET state = 'doomed', ${AFTER_GRACE}
      FROM dropped WHERE objects.id = dropped.object_id AND objects.state <> 'doomed'
    ), let_go AS (
      UPDATE objects SET ${AFTER_GRACE}
      FROM asset WHERE objects.asset_id = asset.id AND objects.state = 'doomed' AND objects.purge_at = 'infinity'
    ), attempt AS (
      UPDATE job_attempts SET finished_at = now(), outcome = 'done', peak_memory_bytes = ${peakMemoryBytes ?? null}
      FROM asset WHERE job_id = ${lease.jobId} AND lease_token = ${lease.leaseToken}
    ), ${eventCte(sql`'asset.' || status`)}
    SELECT pending, notified.told FROM made LEFT JOIN notified ON true`)
  if (row && row.pending > 0)
    throw new Error(`${row.pending} variants of ${lease.assetId} were neither made nor given up`)
  if (row?.told === null) throw leaseLost(lease)
}

/** Until when the source of a failed asset is kept. */
export const sourceExpiry = (keepDays: number) => sql`now() + make_interval(secs => ${keepDays * 86_400})`

/**
 * Ends a first processing that failed; part of a `fenced` write.
 * @param keepSourceDays how long the bytes are kept for a requeue; null when they are given up now
 */
export const failAssetOfRun = (
  tx: Tx,
  lease: Lease,
  { error, keepSourceDays }: { error: ResourceError; keepSourceDays: number | null },
): Promise<AssetRow> =>
  changeAssetOfRun(tx, lease, {
    to: 'failed',
    set: {
      error,
      sourceExpiresAt: keepSourceDays === null ? null : sourceExpiry(keepSourceDays),
      ...(keepSourceDays === null && { originalObjectId: null }),
    },
    event: 'asset.failed',
    data: { code: error.code },
  })
