import { type JobName, type Lane, MAX_ATTEMPTS, type QueueName, type ResourceError } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { and, desc, eq, inArray, ne, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { type AssetRow, assets, type JobRow, jobAttempts, jobStatus, jobs } from '../schema/index.ts'
import { causeOfJob } from './job-cause.ts'

/** Wakes the dispatcher; the payload is the queue's name, or `*` for all of them. */
export const JOBS_CHANNEL = 'darkroom_jobs'

/** How an attempt ended whose worker was not heard of again. */
export const LOST = 'lost its lease'

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
      ...causeOfJob(),
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

/** Finds a job, and whether its asset was taken down. */
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
  const toCancelled = jobStatus.to('cancelled')
  const cancelled = await tx
    .update(jobs)
    .set({ ...toCancelled.values, leaseToken: null, leaseUntil: null, finishedAt: sql`now()`, stage: null })
    .where(and(eq(jobs.assetId, assetId), ne(jobs.name, DELETION), toCancelled.guard))
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
