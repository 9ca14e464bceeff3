import {
  type JobName,
  type Lane,
  MAX_ATTEMPTS,
  QUEUE_NAMES,
  type QueueName,
  type ResourceError,
} from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import { jobAttempts, jobs } from '../schema/index.ts'
import { JOB_TRANSITIONS_TO } from '../transitions.ts'
import { raiseRevision } from './asset-revision.ts'
import type { AssetRow } from './asset-transitions.ts'

export type JobRow = typeof jobs.$inferSelect

/** Wakes the dispatcher; the payload is the queue's name. */
export const JOBS_CHANNEL = 'darkroom_jobs'

const notifyJobs = (tx: Tx, queue: string) => tx.execute(sql`SELECT pg_notify(${JOBS_CHANNEL}, ${queue})`)

/** Creates a job in the transaction that makes it necessary. The asset's generation must have been raised before. */
export async function insertJob(
  tx: Tx,
  input: { asset: AssetRow; name: JobName; queue: QueueName; lane: Lane },
): Promise<JobRow> {
  const { asset, name, queue, lane } = input
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

export async function latestJobOfAsset(tx: Tx, assetId: string): Promise<JobRow | null> {
  const [row] = await tx.select().from(jobs).where(eq(jobs.assetId, assetId)).orderBy(desc(jobs.id)).limit(1)
  return row ?? null
}

/** Stops whatever runs or waits for an asset. A run notices at its next fenced write or renewal. */
export async function cancelActiveJobs(tx: Tx, assetId: string, reason: string): Promise<void> {
  const cancelled = await tx
    .update(jobs)
    .set({ status: 'cancelled', leaseToken: null, leaseUntil: null, finishedAt: sql`now()`, stage: null })
    .where(and(eq(jobs.assetId, assetId), inArray(jobs.status, [...JOB_TRANSITIONS_TO.cancelled])))
    .returning({ id: jobs.id })
  await closeOpenAttempts(
    tx,
    cancelled.map(job => job.id),
    `cancelled: ${reason}`,
  )
}

async function closeOpenAttempts(tx: Tx, jobIds: string[], outcome: string, error?: ResourceError): Promise<void> {
  if (jobIds.length === 0) return
  await tx
    .update(jobAttempts)
    .set({ finishedAt: sql`now()`, outcome, error: error ?? null })
    .where(and(inArray(jobAttempts.jobId, jobIds), sql`${jobAttempts.finishedAt} IS NULL`))
}

export interface Dispatchable {
  id: string
  queue: QueueName
  lane: Lane
  dispatchSeq: number
  dispatchedAt: Date | null
}

/**
 * Jobs that are due in a queue: those never handed out before those handed out and not claimed since `staleAfterSec`;
 * by lane, round robin over projects, the oldest first.
 */
export async function findDispatchable(
  tx: Tx,
  { queue, limit, staleAfterSec }: { queue: QueueName; limit: number; staleAfterSec: number },
): Promise<Dispatchable[]> {
  const due = tx
    .select({
      id: jobs.id,
      queue: jobs.queue,
      lane: jobs.lane,
      dispatchSeq: jobs.dispatchSeq,
      dispatchedAt: jobs.dispatchedAt,
      turn: sql<number>`row_number() OVER (PARTITION BY ${jobs.lane}, ${jobs.projectId} ORDER BY ${jobs.availableAt}, ${jobs.id})`.as(
        'turn',
      ),
      laneOrder: sql<number>`array_position(ARRAY['interactive', 'retry', 'backfill', 'maintenance'], ${jobs.lane})`.as(
        'lane_order',
      ),
    })
    .from(jobs)
    .where(
      and(
        eq(jobs.queue, queue),
        eq(jobs.status, 'queued'),
        sql`${jobs.availableAt} <= now()`,
        sql`(${jobs.dispatchedAt} IS NULL OR ${jobs.dispatchedAt} < now() - make_interval(secs => ${staleAfterSec}))`,
      ),
    )
    .as('due')
  const rows = await tx.select().from(due).orderBy(due.laneOrder, due.turn, due.id).limit(limit)
  return rows.map(row => ({ ...row, queue: toQueueName(row.queue) }))
}

function toQueueName(name: string): QueueName {
  const queue = QUEUE_NAMES.find(candidate => candidate === name)
  if (!queue) throw new Error(`no queue is named ${name}`)
  return queue
}

/** Takes the next dispatch id of a queued job; null when it was claimed, dispatched by another or ended meanwhile. */
export async function markDispatched(tx: Tx, job: Dispatchable): Promise<number | null> {
  const [row] = await tx
    .update(jobs)
    .set({ dispatchedAt: sql`now()`, dispatchSeq: sql`${jobs.dispatchSeq} + 1` })
    .where(and(eq(jobs.id, job.id), eq(jobs.status, 'queued'), eq(jobs.dispatchSeq, job.dispatchSeq)))
    .returning({ dispatchSeq: jobs.dispatchSeq })
  return row?.dispatchSeq ?? null
}

/** Takes back a dispatch that the queue did not accept, so that the next round tries again at once. */
export async function undoDispatch(tx: Tx, jobId: string): Promise<void> {
  await tx
    .update(jobs)
    .set({ dispatchedAt: null })
    .where(and(eq(jobs.id, jobId), eq(jobs.status, 'queued')))
}

/** A dispatched job that the queue still knows: look again later. */
export async function keepDispatched(tx: Tx, jobId: string): Promise<void> {
  await tx
    .update(jobs)
    .set({ dispatchedAt: sql`now()` })
    .where(and(eq(jobs.id, jobId), eq(jobs.status, 'queued')))
}

/** Seconds until the next queued job becomes due, null when none waits. */
export async function secondsToNextDue(tx: Tx): Promise<number | null> {
  const [row] = await tx
    .select({ seconds: sql<number | null>`extract(epoch FROM min(${jobs.availableAt}) - now())::float8` })
    .from(jobs)
    .where(and(eq(jobs.status, 'queued'), sql`${jobs.availableAt} > now()`))
  return row?.seconds ?? null
}

/** The lease that a run holds on its job; every write of the run is fenced by it. */
export interface Lease {
  jobId: string
  projectId: string
  assetId: string
  leaseToken: string
  generation: number
}

export interface ClaimedJob {
  job: JobRow
  asset: AssetRow
  lease: Lease
}

/**
 * Claims a due job, or one whose lease ran out, by the database's clock.
 * @returns null when somebody else has it, it is not due, or it has ended: the caller just drops its hint
 */
export async function claimJob(
  tx: Tx,
  { jobId, host, leaseSec }: { jobId: string; host: string; leaseSec: number },
): Promise<ClaimedJob | null> {
  const leaseToken = newId()
  const [job] = await tx
    .update(jobs)
    .set({
      status: 'running',
      attempt: sql`${jobs.attempt} + 1`,
      leaseToken,
      leaseUntil: sql`now() + make_interval(secs => ${leaseSec})`,
      startedAt: sql`coalesce(${jobs.startedAt}, now())`,
      finishedAt: null,
      error: null,
    })
    .where(
      and(
        eq(jobs.id, jobId),
        sql`${jobs.attempt} < ${jobs.maxAttempts}`,
        sql`(${jobs.status} = 'queued' AND ${jobs.availableAt} <= now() OR ${jobs.status} = 'running' AND ${jobs.leaseUntil} < now())`,
      ),
    )
    .returning()
  if (!job?.assetId) return null
  await closeOpenAttempts(tx, [job.id], 'lost its lease')
  await tx.insert(jobAttempts).values({ id: newId(), jobId: job.id, attempt: job.attempt, leaseToken, host })
  const asset = await raiseRevision(tx, job.assetId, 'job.started')
  const { id, projectId, assetId, generation } = job
  return { job, asset, lease: { jobId: id, projectId, assetId, leaseToken, generation } }
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

/** Jobs whose worker is gone: ids and how many attempts each has left. */
export const findLostLeases = (tx: Tx, limit: number): Promise<JobRow[]> =>
  tx
    .select()
    .from(jobs)
    .where(and(eq(jobs.status, 'running'), sql`${jobs.leaseUntil} < now()`))
    .limit(limit)

/** Puts a job whose worker is gone back in line; false when it was renewed or taken in the meantime. */
export async function requeueLostJob(tx: Tx, job: JobRow): Promise<boolean> {
  const rows = await tx
    .update(jobs)
    .set({
      status: 'queued',
      lane: 'retry',
      leaseToken: null,
      leaseUntil: null,
      dispatchedAt: null,
      availableAt: sql`now()`,
      stage: null,
    })
    .where(and(eq(jobs.id, job.id), eq(jobs.status, 'running'), sql`${jobs.leaseUntil} < now()`))
    .returning({ id: jobs.id })
  if (rows.length === 0) return false
  await closeOpenAttempts(tx, [job.id], 'lost its lease')
  if (job.assetId) await raiseRevision(tx, job.assetId, 'job.returned')
  await notifyJobs(tx, job.queue)
  return true
}

export interface RunEnd {
  outcome: string
  peakMemoryBytes?: number | undefined
  error?: ResourceError | undefined
}

async function closeAttempt(tx: Tx, lease: Lease, end: RunEnd): Promise<void> {
  await tx
    .update(jobAttempts)
    .set({
      finishedAt: sql`now()`,
      outcome: end.outcome,
      peakMemoryBytes: end.peakMemoryBytes ?? null,
      error: end.error ?? null,
    })
    .where(eq(jobAttempts.leaseToken, lease.leaseToken))
}

/** Ends a job for good. The caller holds the fence. */
export async function endJob(
  tx: Tx,
  lease: Lease,
  status: 'succeeded' | 'failed' | 'cancelled',
  end: RunEnd,
): Promise<void> {
  await tx
    .update(jobs)
    .set({
      status,
      leaseToken: null,
      leaseUntil: null,
      finishedAt: sql`now()`,
      stage: null,
      error: end.error ?? null,
      ...(status === 'succeeded' && { progress: 1 }),
    })
    .where(and(eq(jobs.id, lease.jobId), inArray(jobs.status, [...JOB_TRANSITIONS_TO[status]])))
  await closeAttempt(tx, lease, end)
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
  await closeAttempt(tx, lease, end)
  await raiseRevision(tx, lease.assetId, 'job.returned')
  if (job) await notifyJobs(tx, job.queue)
}
