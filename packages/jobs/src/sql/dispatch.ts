import { LANES, QUEUE_NAMES, type QueueName } from '@darkroom/contracts'
import { type FaultInjection, NO_FAULTS } from '@darkroom/core'
import { genericPlan, type Tx } from '@darkroom/db/client'
import { isLiving, JOBS_CHANNEL } from '@darkroom/db/jobs'
import { isOfOpenProject } from '@darkroom/db/projects'
import { type SQL, sql } from 'drizzle-orm'

/** How long a job waits before it counts as one of the next lane up, so that no lane starves. */
const AGEING_SEC = 300

/** A job that was taken out of its row's line, to be handed to the executor. */
export interface Dispatch {
  jobId: string
  dispatchSeq: number
  /** 0 goes first. Ordered by lane and age, then by turn within the project, so that projects take turns. */
  priority: number
  /** Whether it is for the slot that each worker reserves for interactive work. */
  isReserved: boolean
  /** W3C Trace Context of what caused it; null where nothing did. */
  traceparent: string | null
}

export interface DispatchRound {
  dispatches: Dispatch[]
  /** Jobs that are dispatched and not claimed, these included. */
  depth: number
}

const textArray = (values: readonly string[]): SQL =>
  sql`ARRAY[${sql.join(
    [...values].map(value => sql`${value}`),
    sql`, `,
  )}]::text[]`
const laneRows = sql.join(
  LANES.map((lane, rank) => sql`(${lane}, ${rank}::int)`),
  sql`, `,
)

/** Returns a lane's rank, one better for every `AGEING_SEC` that a job has waited. */
const aged = (rank: SQL, since: SQL): SQL =>
  sql`greatest(0, ${rank} - floor(extract(epoch FROM now() - ${since}) / ${AGEING_SEC}))::int`

const isOpenTo = (queue: QueueName): SQL => (queue === 'system' ? sql`true` : isOfOpenProject)

/** Returns the queues whose jobs a project's limit counts together. `system` is separate: deletions and moves wait for no other work. */
const countedWith = (queue: QueueName): QueueName[] =>
  queue === 'system' ? ['system'] : QUEUE_NAMES.filter(one => one !== 'system')

/** Selects those of some queues whose jobs can run now: not paused, and served by a worker. */
const servedOf = (queues: readonly QueueName[]): SQL => sql`
  SELECT known.queue FROM unnest(${textArray(queues)}) AS known (queue)
  WHERE EXISTS (SELECT FROM workers WHERE known.queue = ANY (queues) AND draining_at IS NULL AND ${isLiving})
    AND NOT EXISTS (SELECT FROM queue_states WHERE queue_states.queue = known.queue AND paused_at IS NOT NULL)`

const waits = (faults: FaultInjection): SQL =>
  faults.isDisabled('dedupe') ? sql`status = 'queued'` : sql`status = 'queued' AND dispatched_at IS NULL`

/**
 * Takes the next jobs of a queue and marks them as dispatched, in one statement: by lane, and within a lane one of each
 * project in turn (round robin). Running jobs of a project count as turns that it had, so a project with a long backlog
 * comes after one with a single upload. Nothing is taken from a paused queue.
 *
 * A project with a limit has no more jobs under way than that, in all queues but `system` together. Its oldest jobs of the best
 * rank go first, in whichever queue they are; `system` has the same limit of its own. Jobs that were dispatched to a queue
 * that no worker serves do not count, and no more jobs of such a project are dispatched there.
 *
 * The cost grows with the number of waiting projects, not of jobs: from the index `jobs_to_dispatch` it reads the first
 * due job of each lane and project, and then `maxDepth` of each at most; for projects with a limit, of each queue.
 *
 * @param maxDepth how many may be dispatched and not claimed; those for a reserved slot are not counted
 */
export async function takeDispatches(
  tx: Tx,
  { queue, maxDepth, faults = NO_FAULTS }: { queue: QueueName; maxDepth: number; faults?: FaultInjection },
): Promise<DispatchRound> {
  const together = countedWith(queue)
  const [row] = await tx.execute<{ depth: number; dispatches: Dispatch[] | null }>(sql`${genericPlan}
    WITH RECURSIVE lanes (lane, rank) AS (VALUES ${laneRows}
    ), waiting (lane, rank, project_id, oldest) AS (
      SELECT lanes.lane, lanes.rank, first.project_id, first.available_at FROM lanes
      CROSS JOIN LATERAL (
        SELECT project_id, available_at FROM jobs
        WHERE queue = ${queue} AND jobs.lane = lanes.lane AND ${waits(faults)}
        ORDER BY project_id, available_at LIMIT 1
      ) AS first
      UNION ALL
      SELECT waiting.lane, waiting.rank, next.project_id, next.available_at FROM waiting
      CROSS JOIN LATERAL (
        SELECT project_id, available_at FROM jobs
        WHERE queue = ${queue} AND jobs.lane = waiting.lane AND project_id > waiting.project_id AND ${waits(faults)}
        ORDER BY project_id, available_at LIMIT 1
      ) AS next
    ), served AS (${servedOf(together)}
    ), busy AS (
      SELECT project_id, queue, status = 'queued' AS is_waiting, is_reserved, count(*)::int AS jobs FROM jobs
      WHERE status = 'running' OR status = 'queued' AND dispatched_at IS NOT NULL
      GROUP BY 1, 2, 3, 4
    ), under_way AS (
      SELECT project_id, coalesce(sum(jobs) FILTER (WHERE queue = ${queue}), 0)::int AS here,
        coalesce(sum(jobs) FILTER (
          WHERE queue = ANY (${textArray(together)}) AND (NOT is_waiting OR queue IN (SELECT queue FROM served))
        ), 0)::int AS counted
      FROM busy GROUP BY 1
    ), limited AS (
      SELECT projects.id AS project_id, max_concurrency - coalesce(counted, 0) AS room FROM projects
      LEFT JOIN under_way ON under_way.project_id = projects.id
      WHERE max_concurrency IS NOT NULL AND projects.id IN (SELECT project_id FROM waiting)
    ), capacity AS (
      SELECT count(*)::int AS workers, coalesce(sum(slots), 0)::int AS slots FROM workers
      WHERE ${queue} = ANY (queues) AND draining_at IS NULL AND ${isLiving}
    ), load AS (
      SELECT
        coalesce(sum(jobs) FILTER (WHERE is_waiting), 0)::int AS depth,
        coalesce(sum(jobs) FILTER (WHERE NOT is_reserved), 0)::int AS shared,
        coalesce(sum(jobs) FILTER (WHERE is_reserved), 0)::int AS reserved
      FROM busy WHERE queue = ${queue}
    ), front AS (
      SELECT waiting.*, room FROM waiting LEFT JOIN limited USING (project_id)
      WHERE oldest <= now() AND ${isOpenTo(queue)}
        AND (room IS NULL OR room > 0 AND ${queue} IN (SELECT queue FROM served))
      ORDER BY ${aged(sql`rank`, sql`oldest`)}, oldest LIMIT 4 * ${maxDepth}::int
    ), due AS (
      SELECT due.id, front.lane, front.project_id, front.room, due.available_at, front.rank AS lane_rank,
        row_number() OVER (PARTITION BY front.project_id, front.lane ORDER BY due.available_at, due.id) AS place,
        ${aged(sql`front.rank`, sql`due.available_at`)} AS rank
      FROM front
      CROSS JOIN LATERAL (
        SELECT id, available_at FROM jobs
        WHERE queue = ${queue} AND jobs.lane = front.lane AND jobs.project_id = front.project_id
          AND ${waits(faults)} AND available_at <= now()
        ORDER BY available_at, id LIMIT ${maxDepth}
      ) AS due
    ), due_elsewhere AS (
      SELECT project_id, room, due.id, due.available_at, ${aged(sql`lanes.rank`, sql`due.available_at`)} AS rank
      FROM (SELECT DISTINCT project_id, room FROM front WHERE room IS NOT NULL) AS limited
      CROSS JOIN served CROSS JOIN lanes
      CROSS JOIN LATERAL (
        SELECT id, available_at FROM jobs
        WHERE jobs.queue = served.queue AND jobs.lane = lanes.lane AND jobs.project_id = limited.project_id
          AND ${waits(faults)} AND available_at <= now()
        ORDER BY available_at, id LIMIT least(room, ${maxDepth}::int)
      ) AS due
      WHERE served.queue <> ${queue}
    ), within_limit AS (
      SELECT id FROM (
        SELECT id, room, row_number() OVER (PARTITION BY project_id ORDER BY rank, available_at, id) AS place
        FROM (
          SELECT project_id, room, id, available_at, rank FROM due WHERE room IS NOT NULL
          UNION ALL SELECT project_id, room, id, available_at, rank FROM due_elsewhere
        ) AS of_limited
      ) AS placed
      WHERE place <= room
    ), turns AS (
      SELECT due.*,
        -- Of one rank the lanes take turns, so that neither a backlog of uploads nor one of what has aged starves the other.
        coalesce(here, 0)
          + row_number() OVER (PARTITION BY due.project_id ORDER BY rank, place, lane_rank, due.id)::int AS turn
      FROM due
      LEFT JOIN under_way USING (project_id)
      WHERE (room IS NULL OR due.id IN (SELECT id FROM within_limit))
        AND NOT EXISTS (SELECT FROM queue_states WHERE queue_states.queue = ${queue} AND paused_at IS NOT NULL)
    ), candidates AS (
      SELECT turns.id, rank, turn, row_number() OVER (ORDER BY rank, turn, available_at, turns.id) AS position,
        -- Only when the other slots are taken, and no more than there are such slots.
        lane = 'interactive' AND turn = 1 AND load.shared >= capacity.slots
          AND load.reserved + row_number() OVER (PARTITION BY lane = 'interactive' AND turn = 1 ORDER BY rank, available_at, id)
            <= capacity.workers AS is_reserved
      FROM turns, load, capacity
    ), chosen AS (
      -- A job for a reserved slot does not wait for jobs that were dispatched before it.
      SELECT candidates.* FROM candidates, load WHERE position <= ${maxDepth}::int - depth OR is_reserved
      ORDER BY is_reserved DESC, position LIMIT 2 * ${maxDepth}::int
    ), taken AS (
      UPDATE jobs SET dispatched_at = now(), dispatch_seq = dispatch_seq + 1, is_reserved = chosen.is_reserved
      FROM chosen
      WHERE jobs.id = chosen.id AND ${waits(faults)}
      RETURNING jobs.id, jobs.dispatch_seq, chosen.rank, chosen.turn, chosen.is_reserved, jobs.traceparent
    )
    SELECT depth, (
      SELECT jsonb_agg(jsonb_build_object(
        'jobId', id, 'dispatchSeq', dispatch_seq, 'priority', rank * 1000 + least(turn, 999), 'isReserved', is_reserved,
        'traceparent', traceparent
      ) ORDER BY rank, turn) FROM taken
    ) AS dispatches FROM load`)
  const dispatches = row?.dispatches ?? []
  return { dispatches, depth: (row?.depth ?? 0) + dispatches.length }
}

export interface WaitingWork {
  /** Queues that have a job which is due and not dispatched. */
  queues: QueueName[]
  /** Until the next job becomes due; null when none waits. */
  secondsToNextDue: number | null
}

/** Finds the queues that have work to dispatch, and the seconds until the next job becomes due. */
export async function findWaitingWork(tx: Tx, faults: FaultInjection = NO_FAULTS): Promise<WaitingWork> {
  const [row] = await tx.execute<{ queues: string[] | null; seconds: number | null }>(sql`
    SELECT
      (SELECT jsonb_agg(queue) FROM unnest(${textArray(QUEUE_NAMES)}) AS queue WHERE EXISTS (
        SELECT FROM unnest(${textArray(LANES)}) AS lane CROSS JOIN LATERAL (
          SELECT FROM jobs WHERE jobs.queue = queue AND jobs.lane = lane AND ${waits(faults)} LIMIT 1
        ) AS waiting
      )) AS queues,
      (SELECT extract(epoch FROM min(available_at) - now())::float8 FROM jobs
        WHERE status = 'queued' AND available_at > now()) AS seconds`)
  const found = new Set(row?.queues ?? [])
  return { queues: QUEUE_NAMES.filter(queue => found.has(queue)), secondsToNextDue: row?.seconds ?? null }
}

/** Undoes dispatches that the executor did not accept, or that it lost: the next round dispatches the jobs again. */
export async function undoDispatches(tx: Tx, dispatches: { jobId: string; dispatchSeq: number }[]): Promise<number> {
  if (dispatches.length === 0) return 0
  const rows = await tx.execute(sql`
    UPDATE jobs SET dispatched_at = NULL
    FROM (VALUES ${valuesOf(dispatches)}) AS lost (id, seq)
    WHERE jobs.id = lost.id AND dispatch_seq = lost.seq AND status = 'queued'
    RETURNING jobs.id`)
  return rows.length
}

/** Marks dispatches that the executor still holds, so that they are checked again later. */
export async function keepDispatches(tx: Tx, dispatches: { jobId: string; dispatchSeq: number }[]): Promise<void> {
  if (dispatches.length === 0) return
  await tx.execute(sql`
    UPDATE jobs SET dispatched_at = now()
    FROM (VALUES ${valuesOf(dispatches)}) AS known (id, seq)
    WHERE jobs.id = known.id AND dispatch_seq = known.seq AND status = 'queued'`)
}

const valuesOf = (dispatches: { jobId: string; dispatchSeq: number }[]): SQL =>
  sql.join(
    dispatches.map(({ jobId, dispatchSeq }) => sql`(${jobId}::uuid, ${dispatchSeq}::int)`),
    sql`, `,
  )

/** Finds jobs that were dispatched at least `olderThanSec` ago and not claimed since. */
export async function findUnclaimed(
  tx: Tx,
  { queue, olderThanSec, limit }: { queue: QueueName; olderThanSec: number; limit: number },
): Promise<{ jobId: string; dispatchSeq: number }[]> {
  const rows = await tx.execute<{ id: string; dispatch_seq: number }>(sql`
    SELECT id, dispatch_seq FROM jobs
    WHERE queue = ${queue} AND status = 'queued' AND dispatched_at < now() - make_interval(secs => ${olderThanSec})
    ORDER BY dispatched_at LIMIT ${limit}`)
  return rows.map(row => ({ jobId: row.id, dispatchSeq: row.dispatch_seq }))
}

/** Filters dispatch ids (`<jobId>-<dispatchSeq>`) down to those that no queued job waits for. */
export async function findUnwanted(tx: Tx, dispatchIds: Iterable<string>): Promise<string[]> {
  const { ours = [], foreign = [] } = Object.groupBy(dispatchIds, id => (DISPATCH_ID.test(id) ? 'ours' : 'foreign'))
  if (ours.length === 0) return foreign
  const rows = await tx.execute<{ id: string }>(sql`
    SELECT entry.id FROM unnest(${textArray(ours)}) AS entry (id)
    WHERE NOT EXISTS (
      SELECT FROM jobs
      WHERE jobs.id = left(entry.id, 36)::uuid AND status = 'queued' AND dispatched_at IS NOT NULL
        AND dispatch_seq = substr(entry.id, 38)::int
    )`)
  return [...foreign, ...rows.map(row => row.id)]
}

const DISPATCH_ID = /^[0-9a-f-]{36}-\d{1,9}$/

/**
 * Undoes the dispatch of all queued jobs, so that the dispatcher dispatches them again: for a queue that lost its entries.
 * @returns how many
 */
export async function forgetDispatches(tx: Tx): Promise<number> {
  const [row] = await tx.execute<{ forgotten: number }>(sql`
    WITH forgotten AS (
      UPDATE jobs SET dispatched_at = NULL, is_reserved = false
      WHERE id IN (
        SELECT id FROM jobs WHERE status = 'queued' AND dispatched_at IS NOT NULL ORDER BY id FOR UPDATE
      )
      RETURNING queue
    )
    SELECT (SELECT count(*)::int FROM forgotten) AS forgotten,
      (SELECT count(pg_notify(${JOBS_CHANNEL}, queue)) FROM (SELECT DISTINCT queue FROM forgotten) AS queues)`)
  return row?.forgotten ?? 0
}
