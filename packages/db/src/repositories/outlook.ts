import { QUEUE_NAMES, type QueueName } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'

/** What the recent past says about how long work takes. */
export interface WorkHistory {
  /** How long a run that succeeded typically took, by preset version and queue. */
  runs: { presetId: string; queue: string; medianMs: number; runs: number }[]
  /** What stands in line, and how many runs all workers together can have under way, by queue. */
  queues: { queue: string; waiting: number; slots: number }[]
}

/** How far back the medians look. */
const RECENT_JOBS = 2000
/** Beyond that many it is a long time in any case. */
const MAX_COUNTED = 10_000

/** Two reads by index; the cost does not grow with the number of jobs. */
export async function readWorkHistory(tx: Tx): Promise<WorkHistory> {
  const runs = await tx.execute<{ preset_id: string; queue: string; median_ms: number; runs: number }>(sql`
    SELECT assets.preset_id, recent.queue, count(*)::int AS runs,
      percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM recent.finished_at - recent.started_at)::float8 * 1000
      ) AS median_ms
    FROM (SELECT * FROM jobs WHERE status = 'succeeded' ORDER BY id DESC LIMIT ${RECENT_JOBS}) AS recent
    JOIN assets ON assets.id = recent.asset_id
    WHERE recent.name = 'asset.process' AND recent.started_at IS NOT NULL AND recent.finished_at IS NOT NULL
    GROUP BY 1, 2`)
  const queues = await tx.execute<{ queue: QueueName; waiting: number; slots: number }>(sql`
    SELECT name.queue,
      (SELECT count(*)::int FROM (
        SELECT FROM jobs WHERE jobs.queue = name.queue AND status = 'queued' LIMIT ${MAX_COUNTED}
      ) AS waiting) AS waiting,
      (SELECT coalesce(sum(slots), 0)::int FROM workers WHERE name.queue = ANY (queues) AND draining_at IS NULL) AS slots
    FROM unnest(ARRAY[${sql.join(
      QUEUE_NAMES.map(queue => sql`${queue}`),
      sql`, `,
    )}]::text[]) AS name (queue)`)
  return {
    runs: runs.map(row => ({
      presetId: row.preset_id,
      queue: row.queue,
      medianMs: Number(row.median_ms),
      runs: row.runs,
    })),
    queues: [...queues],
  }
}
