import type { Lane, ResourceError } from '@darkroom/contracts'
import { EVERYTHING } from '@darkroom/core'
import { raiseRevision } from '@darkroom/db/assets'
import type { Tx } from '@darkroom/db/client'
import { JOBS_CHANNEL, notifyJobs } from '@darkroom/db/jobs'
import { jobStatus, jobs } from '@darkroom/db/schema'
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Lease } from './fence.ts'

/**
 * Tells the dispatcher of a job that ended, when its project has a limit: its place may go to a job of any queue.
 * @param ended has the `project_id` of the job
 */
export const toldOfPlace = (ended: SQL): SQL => sql`
  SELECT pg_notify(${JOBS_CHANNEL}, ${EVERYTHING}) AS told FROM ${ended} AS ended
  WHERE EXISTS (SELECT FROM projects WHERE projects.id = ended.project_id AND max_concurrency IS NOT NULL)`

export interface RunEnd {
  outcome: string
  peakMemoryBytes?: number | undefined
  error?: ResourceError | undefined
  /** What only the attempt keeps of the error, for admins. */
  said?: string | undefined
}

/** Ends a job for good, and its attempt. The caller holds the fence. */
export async function endJob(
  tx: Tx,
  lease: Lease,
  status: 'succeeded' | 'failed' | 'cancelled',
  end: RunEnd,
): Promise<void> {
  const ended = jobStatus.to(status)
  const error = end.error ? JSON.stringify(end.error) : null
  await tx.execute(sql`
    WITH ended AS (
      UPDATE jobs SET ${ended.assignment}, lease_token = NULL, lease_until = NULL, finished_at = now(), stage = NULL,
        error = ${error}::jsonb, progress = CASE WHEN ${status === 'succeeded'} THEN 1 ELSE progress END
      WHERE id = ${lease.jobId} AND ${ended.guard}
      RETURNING project_id
    ), woken AS (${toldOfPlace(sql`ended`)}
    )
    ${closeAttempt(lease, end)} RETURNING (SELECT count(told) FROM woken)`)
}

/** Says which bytes a job works on. The caller holds the fence. */
export async function setJobSource(tx: Tx, jobId: string, sourceSha256: string): Promise<void> {
  await tx.update(jobs).set({ sourceSha256 }).where(eq(jobs.id, jobId))
}

function closeAttempt(lease: Lease, end: RunEnd): SQL {
  const error = end.error && JSON.stringify({ ...end.error, said: end.said })
  return sql`UPDATE job_attempts SET finished_at = now(), outcome = ${end.outcome},
      peak_memory_bytes = ${end.peakMemoryBytes ?? null}, error = ${error ?? null}::jsonb
    WHERE job_id = ${lease.jobId} AND lease_token = ${lease.leaseToken}`
}

/**
 * Queues a running job again. A snooze is no failure, so it does not use up an attempt. The caller holds the fence.
 */
export async function returnJob(
  tx: Tx,
  lease: Lease,
  { delayMs, lane, countsAsAttempt, end }: { delayMs: number; lane: Lane; countsAsAttempt: boolean; end: RunEnd },
): Promise<void> {
  const queued = jobStatus.to('queued')
  const [job] = await tx
    .update(jobs)
    .set({
      ...queued.values,
      lane,
      leaseToken: null,
      leaseUntil: null,
      dispatchedAt: null,
      stage: null,
      availableAt: sql`now() + make_interval(secs => ${delayMs / 1000})`,
      error: end.error ?? null,
      ...(!countsAsAttempt && { attempt: sql`${jobs.attempt} - 1` }),
    })
    .where(and(eq(jobs.id, lease.jobId), queued.guard))
    .returning({ queue: jobs.queue })
  await tx.execute(closeAttempt(lease, end))
  await raiseRevision(tx, lease.assetId, 'job.returned')
  if (job) await notifyJobs(tx, job.queue)
}
