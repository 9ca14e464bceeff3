import { LANES, type Lane, QUEUE_NAMES } from '@darkroom/contracts'
import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { jobIds } from '../jobs/job-ids.ts'
import { isLiving } from '../jobs/workers.ts'
import { isOfOpenProject, openSpans } from '../projects/closed-projects.ts'

/** What the recent past says about how long work takes. */
export interface WorkHistory {
  /** How long a run that succeeded typically took, by preset version and queue. */
  runs: { presetId: string; queue: string; medianMs: number; runs: number }[]
  /** Jobs that are due and wait, by queue, lane and project; those of closed projects are in nobody's way. */
  waiting: { queue: string; lane: Lane; projectId: string; jobs: number }[]
  /** How many runs all workers together can have under way, by queue. */
  slots: { queue: string; slots: number }[]
  /** Queues of which nothing is begun until somebody says so. */
  paused: string[]
}

/** How far back the medians look. */
const RECENT_JOBS = 2000
/** Beyond that many it is a long time in any case. */
const MAX_COUNTED = 10_000

const listOf = (texts: readonly string[]): SQL =>
  sql`ARRAY[${sql.join(
    texts.map(text => sql`${text}`),
    sql`, `,
  )}]::text[]`

/** Reads the history of work for ETAs, in four reads by index. The cost does not grow with the number of jobs. */
export async function readWorkHistory(tx: Tx): Promise<WorkHistory> {
  const succeeded = { projectId: null, status: 'succeeded', name: 'asset.process' } as const
  const latest = jobIds(succeeded, { sort: '-createdAt', after: null, limit: RECENT_JOBS })
  const runs = await tx.execute<{ preset_id: string; queue: string; median_ms: number; runs: number }>(sql`
    SELECT assets.preset_id, recent.queue, count(*)::int AS runs,
      percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM recent.finished_at - recent.started_at)::float8 * 1000
      ) AS median_ms
    FROM jobs AS recent
    JOIN assets ON assets.id = recent.asset_id
    WHERE recent.id IN (${latest}) AND recent.started_at IS NOT NULL AND recent.finished_at IS NOT NULL
    GROUP BY 1, 2`)
  // Dispatched jobs are in an index of their own, and are few.
  const waiting = await tx.execute<{ queue: string; lane: Lane; project_id: string; jobs: number }>(sql`
    SELECT name.queue, lane.lane, found.project_id, count(*)::int AS jobs
    FROM unnest(${listOf(QUEUE_NAMES)}) AS name (queue) CROSS JOIN unnest(${listOf(LANES)}) AS lane (lane)
    CROSS JOIN LATERAL (
      (SELECT project_id FROM (${openSpans}) AS span JOIN jobs ON project_id > span.after AND project_id < span.before
        WHERE jobs.queue = name.queue AND jobs.lane = lane.lane AND status = 'queued' AND dispatched_at IS NULL
          AND available_at <= now() LIMIT ${MAX_COUNTED})
      UNION ALL
      (SELECT project_id FROM jobs
        WHERE jobs.queue = name.queue AND jobs.lane = lane.lane AND status = 'queued' AND dispatched_at IS NOT NULL
          AND ${isOfOpenProject} LIMIT ${MAX_COUNTED})
    ) AS found
    GROUP BY 1, 2, 3`)
  const slots = await tx.execute<{ queue: string; slots: number }>(sql`
    SELECT queue, sum(slots)::int AS slots FROM workers, unnest(queues) AS queue
    WHERE draining_at IS NULL AND ${isLiving} GROUP BY 1`)
  const paused = await tx.execute<{ queue: string }>(sql`
    SELECT queue FROM queue_states WHERE paused_at IS NOT NULL`)
  return {
    paused: paused.map(({ queue }) => queue),
    runs: runs.map(row => ({
      presetId: row.preset_id,
      queue: row.queue,
      medianMs: Number(row.median_ms),
      runs: row.runs,
    })),
    waiting: waiting.map(({ project_id: projectId, ...row }) => ({ ...row, projectId })),
    slots: [...slots],
  }
}
