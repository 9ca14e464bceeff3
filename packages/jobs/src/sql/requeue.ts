import { appError, type RequeueJobs } from '@darkroom/contracts'
import type { AppError } from '@darkroom/core'
import { type Database, type Tx, uuids } from '@darkroom/db/client'
import { type JobFilter, jobIds } from '@darkroom/db/jobs'
import { type JobRow, jobs } from '@darkroom/db/schema'
import { eq, type SQL, sql } from 'drizzle-orm'
import { enqueue, expedite, lockJobs } from './enqueue.ts'
import { REFUSAL_CODES, type Refusal, VERDICT_TABLES, type Verdict, verdictOf } from './requeue-verdict.ts'

/** Jobs per transaction of a bulk requeue: few round trips, and no lock that is held for long. */
const BATCH = 500

/**
 * Requeues one job: a failed or cancelled one, or one whose worker is gone. One that waits is dispatched at once. The job keeps
 * its id and its counters, and gets as many additional attempts as a new job has.
 * @returns null when there is no such job; `projectId` limits it to jobs of that project
 * @throws JOB_NOT_REQUEUEABLE, ASSET_DELETED, SOURCE_GONE
 */
export async function requeueJob(
  tx: Tx,
  { id, projectId }: { id: string; projectId: string | null },
): Promise<JobRow | null> {
  if (!(await lockJobs(tx, [id]))) return null
  const [found] = await tx.execute<JobVerdict>(sql`
    SELECT ${verdictOf({ leaveHistory: false })} AS verdict, jobs.project_id, kept_back.id AS quarantine_id,
      kept_back.reason AS quarantine_reason, jobs.lease_until::text, assets.status AS asset_status
    FROM ${VERDICT_TABLES} WHERE jobs.id = ${id}`)
  if (!found || (projectId !== null && found.project_id !== projectId)) return null
  const { verdict } = found
  if (verdict === 'queued') await expedite(tx, id)
  else if (verdict === 'requeue') await enqueue(tx, [id], 'interactive')
  else throw refusal(verdict, found)
  const [job] = await tx.select().from(jobs).where(eq(jobs.id, id))
  return job ?? null
}

type JobVerdict = {
  verdict: Verdict
  project_id: string
  quarantine_id: string | null
  quarantine_reason: string | null
  lease_until: string | null
  asset_status: string
}

function refusal(verdict: Refusal, job: JobVerdict): AppError {
  const details: Record<Refusal, string | undefined> = {
    succeeded: 'The job has succeeded; to process the file again, reprocess the asset.',
    running: `The job is running, and its worker is alive: its lease lasts until ${job.lease_until}. Cancel it first.`,
    deleted: undefined,
    active: 'Another job of the same asset waits or runs, and an asset has one at a time.',
    unconfirmed: `The asset is ${job.asset_status}, so there are no bytes to work on.`,
    quarantined: `The content is in quarantine ${job.quarantine_id}: ${job.quarantine_reason} Release it first.`,
    source_gone: undefined,
    superseded: 'The asset has a newer job.',
  }
  return appError(REFUSAL_CODES[verdict], details[verdict], { context: { verdict } })
}

export interface RequeueCount {
  /** Jobs that the filter names. */
  matched: number
  requeued: number
  /** Those that were left, by the code that says why. */
  skipped: Record<string, number>
}

type BulkFilter = Omit<JobFilter, 'queue' | 'lane' | 'status'> & Pick<RequeueJobs['filter'], 'status'>

/**
 * Builds the verdicts of a bulk requeue, each with the id of its job. An asset has one job at a time, so of several
 * requeueable jobs the newest is taken, and one that processes the asset before one that moves it.
 */
const bulkVerdicts = (condition: SQL): SQL => sql`
  SELECT id, CASE WHEN verdict = 'requeue' AND row_number() OVER (
    PARTITION BY asset_id, verdict ORDER BY name = 'asset.move', id DESC
  ) > 1 THEN 'superseded' ELSE verdict END AS verdict
  FROM (
    SELECT jobs.id, jobs.asset_id, jobs.name, ${verdictOf({ leaveHistory: true })} AS verdict
    FROM ${VERDICT_TABLES} WHERE ${condition}
  ) AS judged`

/** Counts what a bulk requeue of the same filter would requeue and skip now. Changes nothing. */
export async function countRequeueable(tx: Tx, filter: BulkFilter): Promise<RequeueCount> {
  const rows = await tx.execute<{ verdict: Verdict; jobs: number }>(sql`
    SELECT verdict, count(*)::int AS jobs FROM (${bulkVerdicts(sql`jobs.id IN (${allIds(filter)})`)}) AS judged GROUP BY 1`)
  const count: RequeueCount = { matched: 0, requeued: 0, skipped: {} }
  for (const row of rows) add(count, row.verdict, row.jobs)
  return { ...count, requeued: 0 }
}

/** Requeues every job that matches a filter, with low priority. Each batch is a transaction. */
export async function requeueJobs(db: Database, filter: BulkFilter): Promise<RequeueCount> {
  const count: RequeueCount = { matched: 0, requeued: 0, skipped: {} }
  let after: string | null = null
  for (;;) {
    const ids: string[] = await matchingIds(db, filter, after)
    if (ids.length === 0) return count
    await db.transaction(async tx => {
      await lockJobs(tx, ids)
      const verdicts = await tx.execute<{ id: string; verdict: Verdict }>(
        bulkVerdicts(sql`jobs.id = ANY (${uuids(ids)})`),
      )
      const chosen = verdicts.filter(row => row.verdict === 'requeue').map(row => row.id)
      await enqueue(tx, chosen, 'backfill')
      for (const row of verdicts) add(count, row.verdict, 1)
    })
    after = ids.at(-1) ?? null
  }
}

const inBatches = (after: string | null) => ({ sort: 'createdAt', after, limit: BATCH }) as const
const allIds = (filter: BulkFilter): SQL => jobIds(filter, { ...inBatches(null), limit: null })

async function matchingIds(tx: Tx, filter: BulkFilter, after: string | null): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(jobIds(filter, inBatches(after)))
  return rows.map(row => row.id)
}

function add(count: RequeueCount, verdict: Verdict, jobCount: number): void {
  count.matched += jobCount
  if (verdict === 'requeue') count.requeued += jobCount
  else count.skipped[REFUSAL_CODES[verdict]] = (count.skipped[REFUSAL_CODES[verdict]] ?? 0) + jobCount
}
