import { type Lane, QUEUE_NAMES, type QueueName } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { uuidFrom } from '../client/uuids.ts'

export interface QueueNumbers {
  queue: QueueName
  queuedByLane: Record<Lane, number>
  running: number
  failed: number
  oldestQueuedAt: Date | null
  succeededLastMinute: number
  failedLastMinute: number
}

type UnsettledRow = { queue: string; lane: Lane; status: string; jobs: number; oldest_ms: number }
type EndedRow = { queue: string; status: string; jobs: number }

/** Reads what waits, runs and failed in each queue, and what ended within the last minute. */
export async function readQueueNumbers(tx: Tx): Promise<QueueNumbers[]> {
  // All out of one index; the oldest is the one whose id, a UUIDv7, is the first.
  const unsettled = await tx.execute<UnsettledRow>(sql`
    SELECT counted.*, extract(epoch FROM oldest.created_at)::float8 * 1000 AS oldest_ms
    FROM (
      SELECT status, queue, lane, name, count(*)::int AS jobs FROM jobs WHERE status IN ('queued', 'running', 'failed')
      GROUP BY 1, 2, 3, 4
    ) AS counted
    CROSS JOIN LATERAL (
      SELECT created_at FROM jobs
      WHERE jobs.status = counted.status AND jobs.queue = counted.queue AND jobs.lane = counted.lane
        AND jobs.name = counted.name
      ORDER BY id LIMIT 1
    ) AS oldest`)
  // By the ids of the runs, which begin with their start, because nothing else leads to what ended just now: the few
  // runs that took longer than half an hour are not in the rates.
  const ended = await tx.execute<EndedRow>(sql`
    SELECT queue, status, count(*)::int AS jobs FROM jobs
    WHERE status IN ('succeeded', 'failed') AND finished_at > now() - interval '1 minute' AND id IN (
      SELECT job_id FROM job_attempts
      WHERE id >= ${uuidFrom(sql`now() - interval '30 minutes'`)} AND finished_at > now() - interval '1 minute'
    )
    GROUP BY 1, 2`)
  return QUEUE_NAMES.map(queue => numbersOf(queue, [...unsettled], [...ended]))
}

function numbersOf(queue: QueueName, unsettled: UnsettledRow[], ended: EndedRow[]): QueueNumbers {
  const mine = unsettled.filter(row => row.queue === queue)
  const queued = mine.filter(row => row.status === 'queued')
  const sum = (rows: { jobs: number }[]) => rows.reduce((total, row) => total + row.jobs, 0)
  const endedAs = (status: string) => sum(ended.filter(row => row.queue === queue && row.status === status))
  const inLane = (lane: Lane) => sum(queued.filter(row => row.lane === lane))
  return {
    queue,
    queuedByLane: {
      interactive: inLane('interactive'),
      retry: inLane('retry'),
      backfill: inLane('backfill'),
      maintenance: inLane('maintenance'),
    },
    running: sum(mine.filter(row => row.status === 'running')),
    failed: sum(mine.filter(row => row.status === 'failed')),
    oldestQueuedAt: queued.length === 0 ? null : new Date(Math.min(...queued.map(row => row.oldest_ms))),
    succeededLastMinute: endedAs('succeeded'),
    failedLastMinute: endedAs('failed'),
  }
}
