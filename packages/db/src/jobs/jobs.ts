import { type JobName, type Lane, MAX_ATTEMPTS, type QueueName, type ResourceError } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { and, desc, eq, inArray, ne, type SQL, sql } from 'drizzle-orm'
import { raiseRevision } from '../assets/asset-transitions.ts'
import type { Tx } from '../client/client.ts'
import { type AssetRow, assets, type JobRow, jobAttempts, jobs } from '../schema/index.ts'
import type { Lease } from './fence.ts'
import { JOB_TRANSITIONS_TO } from './job-transitions.ts'

/** Wakes the dispatcher; the payload is the queue's name, or `*`. */
export const JOBS_CHANNEL = 'darkroom_jobs'

/** For the dispatcher, of every queue. */
const EVERY_QUEUE = '*'

/**
 * Tells the dispatcher of a job that ended, when its project has a limit: its place may go to a job of any queue.
 * @param ended has the `project_id` of the job
 */
export const toldOfPlace = (ended: SQL): SQL => sql`
  SELECT pg_notify(${JOBS_CHANNEL}, ${EVERY_QUEUE}) AS told FROM ${ended} AS ended
  WHERE EXISTS (SELECT FROM projects WHERE projects.id = ended.project_id AND max_concurrency IS NOT NULL)`

export const notifyJobs = (tx: Tx, queue: string) => tx.execute(sql`SELECT pg_notify(${JOBS_CHANNEL}, ${queue})`)

/** Creates a job in the transaction that makes it necessary. The asset's generation must have been raised before. */
export async function insertJob(
  tx: Tx,
  input: { asset: AssetRow; name: JobName; queue: QueueName; lane: Lane; presetId?: string; onlyVariants?: string[] },
): Promise<JobRow> {
  const { asset, name, queue, lane, presetId, onlyVariants } = input
  const [job] = await tx
    .insert(jobs)
    .values({
      id: newId(),
      projectId: asset.projectId,
      assetId: asset.id,
      generation: asset.generation,
      name,
      queue,
      lane,
      presetId,
      onlyVariants,
      maxAttempts: MAX_ATTEMPTS[name],
    })
    .returning()
  if (!job) throw new Error('INSERT returned no row')
  await notifyJobs(tx, queue)
  return job
}

export async function findJob(tx: Tx, projectId: string, id: string): Promise<JobRow | null> {
  const [row] = await tx
    .select()
    .from(jobs)
    .where(and(eq(jobs.id, id), eq(jobs.projectId, projectId)))
  return row ?? null
}

/** A job, with what says whether its asset was taken down. */
export async function findShownJob(
  tx: Tx,
  projectId: string,
  id: string,
): Promise<{ job: JobRow; takenDownAt: Date | null } | null> {
  const [row] = await tx
    .select({ job: jobs, takenDownAt: assets.takenDownAt })
    .from(jobs)
    .leftJoin(assets, eq(assets.id, jobs.assetId))
    .where(and(eq(jobs.id, id), eq(jobs.projectId, projectId)))
  return row ?? null
}

export async function latestJobOfAsset(tx: Tx, assetId: string): Promise<JobRow | null> {
  const [row] = await tx.select().from(jobs).where(eq(jobs.assetId, assetId)).orderBy(desc(jobs.id)).limit(1)
  return row ?? null
}

const DELETION: JobName = 'asset.delete'

/**
 * Stops whatever runs or waits for an asset. A run notices at its next fenced write or renewal. A deletion was promised, so
 * it goes on, also when somebody asks for it again.
 */
export async function cancelActiveJobs(tx: Tx, assetId: string, reason: string): Promise<void> {
  const cancelled = await tx
    .update(jobs)
    .set({ status: 'cancelled', leaseToken: null, leaseUntil: null, finishedAt: sql`now()`, stage: null })
    .where(
      and(eq(jobs.assetId, assetId), ne(jobs.name, DELETION), inArray(jobs.status, [...JOB_TRANSITIONS_TO.cancelled])),
    )
    .returning({ id: jobs.id })
  await closeOpenAttempts(
    tx,
    cancelled.map(job => job.id),
    `cancelled: ${reason}`,
  )
}

export async function closeOpenAttempts(
  tx: Tx,
  jobIds: string[],
  outcome: string,
  error?: ResourceError,
): Promise<void> {
  if (jobIds.length === 0) return
  await tx
    .update(jobAttempts)
    .set({ finishedAt: sql`now()`, outcome, error: error ?? null })
    .where(and(inArray(jobAttempts.jobId, jobIds), sql`${jobAttempts.finishedAt} IS NULL`))
}

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
  const from = sql.join(
    JOB_TRANSITIONS_TO[status].map(name => sql`${name}`),
    sql`, `,
  )
  const error = end.error ? JSON.stringify(end.error) : null
  await tx.execute(sql`
    WITH ended AS (
      UPDATE jobs SET status = ${status}, lease_token = NULL, lease_until = NULL, finished_at = now(), stage = NULL,
        error = ${error}::jsonb, progress = CASE WHEN ${status === 'succeeded'} THEN 1 ELSE progress END
      WHERE id = ${lease.jobId} AND status IN (${from})
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
 * Puts a job back in line. A snooze is no failure, so it does not use up an attempt. The caller holds the fence.
 */
export async function returnJob(
  tx: Tx,
  lease: Lease,
  { delayMs, lane, countsAsAttempt, end }: { delayMs: number; lane: Lane; countsAsAttempt: boolean; end: RunEnd },
): Promise<void> {
  const [job] = await tx
    .update(jobs)
    .set({
      status: 'queued',
      lane,
      leaseToken: null,
      leaseUntil: null,
      dispatchedAt: null,
      stage: null,
      availableAt: sql`now() + make_interval(secs => ${delayMs / 1000})`,
      error: end.error ?? null,
      ...(!countsAsAttempt && { attempt: sql`${jobs.attempt} - 1` }),
    })
    .where(and(eq(jobs.id, lease.jobId), inArray(jobs.status, [...JOB_TRANSITIONS_TO.queued])))
    .returning({ queue: jobs.queue })
  await tx.execute(closeAttempt(lease, end))
  await raiseRevision(tx, lease.assetId, 'job.returned')
  if (job) await notifyJobs(tx, job.queue)
}
