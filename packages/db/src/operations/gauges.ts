import { sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { uuidFrom } from '../client/uuids.ts'
import { LOST } from '../jobs/jobs.ts'
import { isLiving } from '../jobs/workers.ts'
import { isOfOpenProject } from '../projects/closed-projects.ts'

/** How the pipeline is doing, in numbers; by the database's clock. */
export interface Gauges {
  /** Rows by queue and status, of jobs that have not ended or have failed. */
  jobs: { queue: string; status: string; count: number }[]
  /** Age in seconds of the oldest job that is due and was handed to nobody, but for what waits of a closed project; 0 when there is none. */
  undispatchedAgeSec: number
  /** Age in seconds, since its dispatch, of the oldest job of each queue that no worker has started. */
  queueAges: { queue: string; ageSec: number }[]
  /** Age in seconds, since its confirm, of the oldest asset of an open project that is still processing; 0 when there is none. */
  unsettledAgeSec: number
  /** Attempts that lost their lease within the last hour, of those that began at most an hour before it. */
  leasesLostLastHour: number
  /** Objects that were given up and are due to be deleted. */
  purgeBacklog: number
  openAlarms: { code: string; count: number }[]
  pausedQueues: string[]
  workers: number
  /** Connections to this database of all processes of Darkroom, by what they are and what they do. */
  connections: { application: string; state: string; count: number }[]
}

/** Reads them all with one statement. */
export async function readGauges(tx: Tx): Promise<Gauges> {
  const [row] = await tx.execute<{ gauges: Gauges }>(sql`
    SELECT jsonb_build_object(
      'jobs', (SELECT coalesce(jsonb_agg(counted), '[]') FROM (
        SELECT queue, status, count(*) FROM jobs WHERE status IN ('queued', 'running', 'failed') GROUP BY 1, 2
      ) AS counted),
      'undispatchedAgeSec', (SELECT coalesce(extract(epoch FROM now() - min(available_at)), 0) FROM jobs
        WHERE status = 'queued' AND dispatched_at IS NULL AND available_at <= now()
          AND (queue = 'system' OR ${isOfOpenProject})),
      'queueAges', (SELECT coalesce(jsonb_agg(waiting), '[]') FROM (
        SELECT queue, extract(epoch FROM now() - min(dispatched_at)) AS "ageSec" FROM jobs
        WHERE status = 'queued' AND dispatched_at IS NOT NULL GROUP BY 1
      ) AS waiting),
      'unsettledAgeSec', (SELECT coalesce(extract(epoch FROM now() - min(confirmed_at)), 0) FROM assets
        WHERE status = 'processing' AND ${isOfOpenProject}),
      'leasesLostLastHour', (SELECT count(*) FROM job_attempts
        WHERE id >= ${uuidFrom(sql`now() - interval '2 hours'`)}
          AND finished_at > now() - interval '1 hour' AND outcome = ${LOST}),
      'purgeBacklog', (SELECT count(*) FROM objects WHERE state = 'doomed' AND purge_at <= now()),
      'openAlarms', (SELECT coalesce(jsonb_agg(open), '[]') FROM (
        SELECT code, count(*) FROM alarms WHERE cleared_at IS NULL GROUP BY 1
      ) AS open),
      'pausedQueues', (SELECT coalesce(jsonb_agg(queue), '[]') FROM queue_states WHERE paused_at IS NOT NULL),
      'workers', (SELECT count(*) FROM workers WHERE ${isLiving}),
      'connections', (SELECT coalesce(jsonb_agg(open), '[]') FROM (
        SELECT application_name AS application, coalesce(state, 'unknown') AS state, count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'darkroom%' GROUP BY 1, 2
      ) AS open)
    ) AS gauges`)
  if (!row) throw new Error('SELECT returned no row')
  return row.gauges
}
