import { sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import { mapRow } from '../map-row.ts'
import { events } from '../schema/index.ts'

export type LoggedEvent = typeof events.$inferSelect

/** A place in the log of a project. Everything up to it has been read. */
export interface FeedPosition {
  xid: string
  id: number
}

export const FEED_START: FeedPosition = { xid: '0', id: 0 }

/** Rows of a log after a position. */
export const isAfter = ({ xid, id }: FeedPosition) => sql`(events.xid, events.id) > (${xid}::xid8, ${id}::bigint)`

/**
 * A project's events after a position, in the order of the log, and the position to go on from. Only those below the
 * oldest transaction that still runs: what it commits later sorts before what others have committed since, and a cursor
 * that had passed them would skip it.
 */
export async function readFeed(
  tx: Tx,
  query: { projectId: string; after: FeedPosition; types: readonly string[] | null; limit: number },
): Promise<{ events: LoggedEvent[]; position: FeedPosition }> {
  const { projectId, after, types, limit } = query
  const rows = await tx.execute<{ head: string; event: Record<string, unknown> | null }>(sql`
    SELECT head.xid::text AS head, to_jsonb(event) AS event
    FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xid) head
    LEFT JOIN LATERAL (
      SELECT * FROM events
      WHERE project_id = ${projectId} AND ${isAfter(after)} AND events.xid < head.xid
        ${types ? sql`AND type IN ${types}` : sql``}
      ORDER BY xid, id LIMIT ${limit}
    ) event ON true
    ORDER BY event.xid, event.id`)
  const found = rows.flatMap(row => (row.event ? [mapRow(events, row.event)] : []))
  const last = found.at(-1)
  // A page that is not full has seen everything below the oldest running transaction, also what it does not name.
  const head = { xid: rows[0]?.head ?? after.xid, id: 0 }
  return { events: found, position: last && found.length === limit ? { xid: last.xid, id: last.id } : head }
}

/** The position from which everything follows that happens from now on. */
export async function latestPosition(tx: Tx): Promise<FeedPosition> {
  const [row] = await tx.execute<{ xid: string }>(sql`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid`)
  if (!row) throw new Error('a SELECT without FROM has one row')
  return { xid: row.xid, id: 0 }
}

/** `created_at` is when a transaction began, which is a little before its place in the log. */
const SLACK = sql`interval '1 minute'`

/** A position before everything that happened since a moment; a minute too early, so that it is never too late. */
export async function positionBefore(tx: Tx, projectId: string, moment: Date): Promise<FeedPosition> {
  const [row] = await tx.execute<{ xid: string; id: string }>(sql`
    SELECT xid::text AS xid, id FROM events
    WHERE project_id = ${projectId} AND created_at < ${moment.toISOString()}::timestamptz - ${SLACK}
    ORDER BY events.xid DESC, id DESC LIMIT 1`)
  return row ? { xid: row.xid, id: Number(row.id) } : FEED_START
}
