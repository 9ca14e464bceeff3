import type { AssetWarning, JobStatus, Placeholder, ResourceError } from '@darkroom/contracts'
import { AFTER_GRACE } from '@darkroom/db/assets'
import { type Database, isoTime, type Tx } from '@darkroom/db/client'
import { JOBS_CHANNEL } from '@darkroom/db/jobs'
import { type AssetRow, assetStatus, jobStatus } from '@darkroom/db/schema'
import { type SQL, sql } from 'drizzle-orm'
import { changeAssetOfRun, type Lease, leaseLost, runStatement, stillHeld } from './fence.ts'
import { toldOfPlace } from './settle.ts'

/** Why a run could not make all, though another one may. */
export interface Rest {
  error: ResourceError
  /** When the job runs again, in milliseconds from now; null when its attempts are used up. */
  delayMs: number | null
}

/**
 * Ends a run that made what it had to: its asset is `ready` when no variant has failed, else `partial`, also when the file
 * of before stands in for one; it has the preset of its job, and, after a whole run, no variant that is not `planned`. Its
 * job has succeeded; with a `rest` it is queued again for that, or has failed. One statement, fenced; times are the
 * database's.
 * @throws LEASE_LOST; an Error when a variant is still pending, or the asset or its job has a status that no run can end,
 * which is a bug: nothing was written then
 */
export async function completeRun(
  db: Database,
  lease: Lease,
  run: {
    placeholder: Placeholder | null
    /** Of the source: in the place of those of before. */
    warnings: readonly AssetWarning[]
    planned: readonly string[]
    /** False when the others were to be left as they are. */
    isWhole: boolean
    peakMemoryBytes: number | undefined
    rest?: Rest | undefined
  },
): Promise<void> {
  const { placeholder, warnings, planned, isWhole, peakMemoryBytes, rest } = run
  const isPlanned = sql`name = ANY (ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(planned)}::jsonb)))`
  const found = placeholder && JSON.stringify(placeholder)
  const settled = assetStatus.toEither(sql`(SELECT failed FROM made) > 0`, 'partial', 'ready')
  const ended = jobStatus.to(statusOfJob(rest))
  const set = sql`, ready_at = now(), error = NULL, source_expires_at = NULL,
    warnings = ${JSON.stringify(warnings)}::jsonb, placeholder = coalesce(${found}::jsonb, placeholder),
    preset_id = coalesce((SELECT preset_id FROM jobs WHERE id = ${lease.jobId}), preset_id),
    ${settled.assignment}`
  const reads = sql`made AS (
      SELECT count(*) FILTER (WHERE status = 'pending' AND ${isPlanned})::int AS pending,
        count(*) FILTER (WHERE error IS NOT NULL AND (${isPlanned} OR NOT ${isWhole}::boolean)) AS failed
      FROM variants WHERE asset_id = ${lease.assetId}
    )`
  const writes = sql`job AS (
      UPDATE jobs SET ${ended.assignment}, lease_token = NULL, lease_until = NULL, stage = NULL, ${jobEnd(rest)}
      FROM asset WHERE jobs.id = ${lease.jobId}
      RETURNING jobs.project_id, jobs.queue, jobs.status, jobs.available_at
    ), woken AS (
      SELECT pg_notify(${JOBS_CHANNEL}, queue) AS told FROM job WHERE status = 'queued'
      UNION ALL ${toldOfPlace(sql`job`)}
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
      UPDATE job_attempts SET finished_at = now(), outcome = ${rest ? 'incomplete' : 'done'}, error = ${jsonOf(rest)},
        peak_memory_bytes = ${peakMemoryBytes ?? null}
      FROM asset WHERE job_id = ${lease.jobId} AND lease_token = ${lease.leaseToken}
    )`
  const statement = runStatement(lease, {
    reads,
    condition: sql`(SELECT pending FROM made) = 0`,
    set,
    guard: sql`${settled.guard} AND EXISTS (SELECT FROM jobs WHERE jobs.id = ${lease.jobId} AND ${ended.guard})`,
    writes,
    event: { type: sql`'asset.' || status`, data: sql`${RETRY_AT} || ${WARNINGS}` },
    answer: sql`SELECT pending, notified.told, ${stillHeld(lease)} AS "isHeld", (SELECT count(told) FROM woken)
      FROM made LEFT JOIN notified ON true`,
  })
  const [row] = await db.execute<{ pending: number; told: unknown; isHeld: boolean }>(statement)
  if (row?.told != null) return
  if (row && row.pending > 0)
    throw new Error(`${row.pending} variants of ${lease.assetId} were neither made nor given up`)
  if (row?.isHeld) throw new Error(`the asset ${lease.assetId} or its job has a status that no run can end`)
  throw leaseLost(lease)
}

const jsonOf = (rest: Rest | undefined): SQL => sql`${rest ? JSON.stringify(rest.error) : null}::jsonb`

/** Returns the status of the job after a run that made what it had to. */
function statusOfJob(rest: Rest | undefined): JobStatus {
  if (!rest) return 'succeeded'
  return rest.delayMs === null ? 'failed' : 'queued'
}

function jobEnd(rest: Rest | undefined): SQL {
  if (!rest) return sql`error = NULL, progress = 1, finished_at = now()`
  if (rest.delayMs === null) return sql`error = ${jsonOf(rest)}, finished_at = now()`
  return sql`lane = 'retry', error = ${jsonOf(rest)}, dispatched_at = NULL,
    available_at = now() + make_interval(secs => ${rest.delayMs / 1000})`
}

/** Of the event: when its job runs again, if it does. */
const RETRY_AT = sql`coalesce((
  SELECT jsonb_build_object('retryAt', ${isoTime(sql`available_at`)}) FROM job WHERE job.status = 'queued'
), '{}')`

/** Of the event: what is wrong with the file, if anything is. */
const WARNINGS = sql`CASE WHEN warnings = '[]' THEN '{}'::jsonb ELSE jsonb_build_object('warnings', warnings) END`

/** Returns the time until which the source of a failed asset is kept, as an expression. */
export const sourceExpiry = (keepDays: number) => sql`now() + make_interval(secs => ${keepDays * 86_400})`

/**
 * Ends a first processing that failed; part of a `fenced` write.
 * @param keepSourceDays how long the bytes are kept for a requeue; null when they are given up now
 */
export const failAssetOfRun = (
  tx: Tx,
  lease: Lease,
  {
    error,
    keepSourceDays,
    warnings,
  }: { error: ResourceError; keepSourceDays: number | null; warnings?: KnownWarnings },
): Promise<AssetRow> =>
  changeAssetOfRun(tx, lease, {
    to: 'failed',
    set: {
      ...setWarnings(warnings),
      error,
      sourceExpiresAt: keepSourceDays === null ? null : sourceExpiry(keepSourceDays),
      ...(keepSourceDays === null && { originalObjectId: null }),
    },
    event: 'asset.failed',
    data: { code: error.code, ...toldWarnings(warnings) },
  })

/** What is known of the source at the end of a run that failed; null, or nothing, leaves the asset's as they are. */
export type KnownWarnings = readonly AssetWarning[] | null | undefined

/** Returns the change of the asset's row that stores the known warnings. */
export const setWarnings = (warnings: KnownWarnings) => (warnings ? { warnings: [...warnings] } : {})

/** Returns the warnings in the data of an event, which leaves out an empty list. */
export const toldWarnings = (warnings: KnownWarnings) => (warnings?.length ? { warnings } : {})
