import { appError, ERRORS, type ResourceError } from '@darkroom/contracts'
import { doomUnpublished, failPendingVariants, raiseRevision, transitionAsset } from '@darkroom/db/assets'
import type { Tx } from '@darkroom/db/client'
import { closeOpenAttempts } from '@darkroom/db/jobs'
import { type JobRow, jobStatus, jobs } from '@darkroom/db/schema'
import { and, eq, sql } from 'drizzle-orm'
import { lockJobs } from './enqueue.ts'
import { sourceExpiry } from './settle-asset.ts'

const CANCELLED: ResourceError = { code: 'CANCELLED', message: ERRORS.CANCELLED.owner, retryable: false }

/**
 * Stops a job that waits or runs; a run notices at its next renewal or write. An asset that was being processed for the
 * first time has failed then; one that is published stays as it is.
 * @param projectId limits it to the jobs of that project
 * @param keepSourceDays how long the source of an asset that failed of it is kept for a requeue
 * @returns null when there is no such job
 * @throws JOB_SETTLED
 */
export async function cancelJob(
  tx: Tx,
  { id, projectId, keepSourceDays }: { id: string; projectId: string | null; keepSourceDays: number },
): Promise<JobRow | null> {
  await lockJobs(tx, [id])
  const [job] = await tx.select().from(jobs).where(eq(jobs.id, id))
  if (!job?.assetId || (projectId !== null && job.projectId !== projectId)) return null
  if (job.status !== 'queued' && job.status !== 'running') throw appError('JOB_SETTLED', `The job has ${ended(job)}.`)
  if (job.name === 'asset.delete')
    throw appError('JOB_SETTLED', 'The deletion of an asset was promised to its owner, so it cannot be cancelled.')
  const toCancelled = jobStatus.to('cancelled')
  const [cancelled] = await tx
    .update(jobs)
    .set({
      ...toCancelled.values,
      leaseToken: null,
      leaseUntil: null,
      finishedAt: sql`now()`,
      stage: null,
      error: CANCELLED,
    })
    .where(and(eq(jobs.id, id), toCancelled.guard))
    .returning()
  await closeOpenAttempts(tx, [id], 'cancelled: by an admin')
  await doomUnpublished(tx, job.assetId)
  await settleAsset(tx, job.assetId, keepSourceDays)
  return cancelled ?? null
}

const ended = (job: JobRow) => (job.status === 'cancelled' ? 'been cancelled already' : `${job.status} already`)

async function settleAsset(tx: Tx, assetId: string, keepSourceDays: number): Promise<void> {
  await failPendingVariants(tx, assetId, CANCELLED)
  const failed = await transitionAsset(tx, {
    assetId,
    to: 'failed',
    set: { error: CANCELLED, sourceExpiresAt: sourceExpiry(keepSourceDays) },
    event: 'asset.failed',
    data: { code: CANCELLED.code },
  })
  if (!failed) await raiseRevision(tx, assetId, 'job.cancelled')
}
