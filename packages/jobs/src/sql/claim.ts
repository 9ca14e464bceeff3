import { JOB_NAMES, MAX_ATTEMPTS } from '@darkroom/contracts'
import { type FaultInjection, NO_FAULTS, newId } from '@darkroom/core'
import { raiseRevision } from '@darkroom/db/assets'
import { mapRow, type Tx } from '@darkroom/db/client'
import { closeOpenAttempts, LOST, notifyJobs } from '@darkroom/db/jobs'
import { type AssetRow, assets, type JobRow, jobStatus, jobs } from '@darkroom/db/schema'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { eventStatement } from './event-statement.ts'
import type { Lease } from './fence.ts'

export interface ClaimedJob {
  readonly job: Readonly<JobRow>
  readonly asset: Readonly<AssetRow>
  readonly lease: Readonly<Lease>
  /** Whether any content is in quarantine for this project, so that it is worth asking about this one. */
  readonly hasQuarantine: boolean
}

const running = jobStatus.to('running')
const IS_DUE = sql`attempt < max_attempts
  AND (status = 'queued' AND available_at <= now() OR status = 'running' AND lease_until < now())
  AND NOT EXISTS (SELECT FROM queue_states WHERE queue_states.queue = jobs.queue AND paused_at IS NOT NULL)`

/**
 * Claims a due job of a queue that is not paused, or one whose lease ran out, by the database's clock. A job of a name
 * that this version does not know is left to a newer worker.
 * @returns null when somebody else has it, it is not due, or it has ended: the caller just drops its hint
 */
export async function claimJob(
  tx: Tx,
  {
    jobId,
    host,
    leaseSec,
    faults = NO_FAULTS,
  }: { jobId: string; host: string; leaseSec: number; faults?: FaultInjection },
): Promise<ClaimedJob | null> {
  const leaseToken = newId()
  const isClaimable = faults.isDisabled('dedupe')
    ? sql`status IN ('queued', 'running', 'succeeded')`
    : sql`${running.guard} AND ${IS_DUE}`
  const parts = sql`claimed AS (
      UPDATE jobs SET ${running.assignment}, attempt = attempt + 1, lease_token = ${leaseToken},
        lease_until = now() + make_interval(secs => ${leaseSec}), started_at = now(),
        finished_at = NULL, error = NULL
      WHERE id = ${jobId} AND name IN ${[...JOB_NAMES]} AND ${isClaimable}
      RETURNING *
    ), closed AS (
      UPDATE job_attempts SET finished_at = now(), outcome = ${LOST}
      FROM claimed WHERE job_id = claimed.id AND job_attempts.finished_at IS NULL
    ), opened AS (
      INSERT INTO job_attempts (id, job_id, attempt, lease_token, host)
      SELECT ${newId()}::uuid, id, attempt, lease_token, ${host} FROM claimed
    ), asset AS (
      UPDATE assets SET revision = revision + 1 FROM claimed WHERE assets.id = claimed.asset_id RETURNING assets.*
    )`
  const answer = sql`SELECT to_jsonb(claimed) AS job, to_jsonb(asset) AS asset, EXISTS (
      SELECT FROM quarantine
      WHERE released_at IS NULL AND (project_id = claimed.project_id OR project_id IS NULL)
    ) AS quarantine
    FROM claimed, asset, notified`
  const [row] = await tx.execute<{ job: Record<string, unknown>; asset: Record<string, unknown>; quarantine: boolean }>(
    eventStatement({ parts, event: { type: sql`'job.started'` }, answer }),
  )
  if (!row) return null
  const job = mapRow(jobs, row.job)
  const { id, projectId, generation } = job
  const asset = mapRow(assets, row.asset)
  const isFenced = !faults.isDisabled('fence')
  const lease = { jobId: id, projectId, assetId: asset.id, leaseToken, generation, isFenced }
  return { job, asset, lease, hasQuarantine: row.quarantine }
}

/** Renews leases; answers the tokens that still hold. A token that is missing was lost: abort that run. */
export async function renewLeases(tx: Tx, tokens: string[], leaseSec: number): Promise<Set<string>> {
  if (tokens.length === 0) return new Set()
  const rows = await tx
    .update(jobs)
    .set({ leaseUntil: sql`now() + make_interval(secs => ${leaseSec})` })
    .where(and(inArray(jobs.leaseToken, tokens), eq(jobs.status, 'running')))
    .returning({ leaseToken: jobs.leaseToken })
  return new Set(rows.flatMap(row => row.leaseToken ?? []))
}

export interface LostJob {
  readonly job: Readonly<JobRow>
  /** Attempts of the job that lost their lease, this one included, since it was enqueued for the last time. */
  losses: number
}

/** Finds running jobs whose lease has expired, with the number of workers that each has lost. */
export async function findLostLeases(tx: Tx, limit: number): Promise<LostJob[]> {
  // A requeue adds attempts to those that were had, so what came before it counts back from the last.
  const losses = sql<number>`1 + (
    SELECT count(*)::int FROM job_attempts
    WHERE job_id = jobs.id AND outcome = ${LOST} AND attempt > jobs.max_attempts - ${MAX_ATTEMPTS['asset.process']}::int
  )`
  return tx
    .select({ job: jobs, losses })
    .from(jobs)
    .where(sql`${jobs.status} = 'running' AND ${jobs.leaseUntil} < now()`)
    .limit(limit)
}

/** Tells whether the lease of a job has expired. The caller has locked the row. */
export async function isLeaseOver(tx: Tx, jobId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(eq(jobs.id, jobId), sql`${jobs.leaseUntil} < now()`))
  return rows.length > 0
}

/**
 * Queues a job again whose worker is gone, at its former place: it did nothing wrong, and later jobs need not overtake it.
 * @returns false when it was renewed or taken in the meantime
 */
export async function requeueLostJob(tx: Tx, job: JobRow): Promise<boolean> {
  const queued = jobStatus.to('queued')
  const rows = await tx
    .update(jobs)
    .set({
      ...queued.values,
      leaseToken: null,
      leaseUntil: null,
      dispatchedAt: null,
      stage: null,
    })
    .where(and(eq(jobs.id, job.id), eq(jobs.status, 'running'), queued.guard, sql`${jobs.leaseUntil} < now()`))
    .returning({ id: jobs.id })
  if (rows.length === 0) return false
  await closeOpenAttempts(tx, [job.id], LOST)
  if (job.assetId) await raiseRevision(tx, job.assetId, 'job.returned')
  await notifyJobs(tx, job.queue)
  return true
}
