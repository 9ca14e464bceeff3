import { JOB_NAMES, MAX_ATTEMPTS } from '@darkroom/contracts'
import { type Tx, uuids } from '@darkroom/db/client'
import { eventCte } from '@darkroom/db/events'
import { JOBS_CHANNEL, LOST } from '@darkroom/db/jobs'
import { assetStatus, jobStatus } from '@darkroom/db/schema'
import { sql } from 'drizzle-orm'

/**
 * Locks uploads, jobs and assets, each ordered by id, so that two bulk operations cannot deadlock. The upload's lock excludes
 * reprocesses and deletions. All code that locks several uses this order: imports, uploads, jobs, assets.
 * @returns whether any of the jobs exists
 */
export async function lockJobs(tx: Tx, ids: string[]): Promise<boolean> {
  const list = uuids(ids)
  const ofJobs = sql`(SELECT asset_id FROM jobs WHERE id = ANY (${list}))`
  await tx.execute(sql`SELECT FROM uploads WHERE asset_id IN ${ofJobs} ORDER BY id FOR UPDATE`)
  const locked = await tx.execute(sql`SELECT FROM jobs WHERE id = ANY (${list}) ORDER BY id FOR UPDATE`)
  await tx.execute(sql`SELECT FROM assets WHERE id IN ${ofJobs} ORDER BY id FOR UPDATE`)
  return locked.length > 0
}

const attemptsOnTop = sql`CASE name ${sql.join(
  JOB_NAMES.map(name => sql`WHEN ${name} THEN ${MAX_ATTEMPTS[name]}::int`),
  sql` `,
)} ELSE 1 END`

const requeuedEvent = eventCte(sql`'job.requeued'`, sql`jsonb_build_object('jobId', job_id)`)

const queued = jobStatus.to('queued')

/** Jobs that can process a failed asset; the others change neither the asset nor the expiry of its source. */
const revives = sql`assets.status = 'failed' AND chosen.name IN ('asset.import', 'asset.process')`

/** Queues locked jobs again, under a new generation of their assets. A failed asset is `processing` again. */
export async function enqueue(tx: Tx, ids: string[], lane: 'interactive' | 'backfill'): Promise<void> {
  if (ids.length === 0) return
  await tx.execute(sql`
    WITH chosen AS (
      SELECT id, asset_id, name FROM jobs WHERE id = ANY (${uuids(ids)})
    ), asset AS (
      UPDATE assets SET
        revision = revision + 1,
        generation = generation + 1,
        ${assetStatus.assignWhere('processing', revives)},
        error = CASE WHEN ${revives} THEN NULL ELSE assets.error END,
        source_expires_at = CASE WHEN ${revives} THEN NULL ELSE source_expires_at END
      FROM chosen WHERE assets.id = chosen.asset_id
      RETURNING assets.*, chosen.id AS job_id
    ), requeued AS (
      UPDATE jobs SET
        ${queued.assignment}, lane = ${lane}, generation = asset.generation,
        max_attempts = attempt + ${attemptsOnTop},
        available_at = now(), dispatched_at = NULL, is_reserved = false,
        lease_token = NULL, lease_until = NULL, finished_at = NULL, progress = 0, stage = NULL
      FROM asset WHERE jobs.id = asset.job_id AND ${queued.guard}
      RETURNING jobs.queue
    ), closed AS (
      UPDATE job_attempts SET finished_at = now(), outcome = ${LOST}
      FROM chosen WHERE job_attempts.job_id = chosen.id AND job_attempts.finished_at IS NULL
    ), ${requeuedEvent}, woken AS (
      SELECT pg_notify(${JOBS_CHANNEL}, queue) AS told FROM (SELECT DISTINCT queue FROM requeued) AS queues
    )
    SELECT (SELECT count(told) FROM notified), (SELECT count(told) FROM woken)`)
}

/** Makes a queued job due now: clears an earlier dispatch and its backoff. */
export async function expedite(tx: Tx, id: string): Promise<void> {
  await tx.execute(sql`
    WITH hurried AS (
      UPDATE jobs SET
        dispatched_at = NULL, is_reserved = false, available_at = now(), lane = 'interactive',
        max_attempts = greatest(max_attempts, attempt + 1)
      WHERE id = ${id}
      RETURNING id, asset_id, queue
    ), asset AS (
      UPDATE assets SET revision = revision + 1 FROM hurried WHERE assets.id = hurried.asset_id
      RETURNING assets.*, hurried.id AS job_id
    ), ${requeuedEvent}, woken AS (
      SELECT pg_notify(${JOBS_CHANNEL}, queue) AS told FROM hurried
    )
    SELECT (SELECT count(told) FROM notified), (SELECT count(told) FROM woken)`)
}
