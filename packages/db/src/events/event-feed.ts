import { sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { mapRow } from '../client/map-row.ts'
import { events, type LoggedEvent } from '../schema/index.ts'

/**
 * The transactions of this moment that write in another database of the same server: Postgres counts ids for all of them
 * together, and a batch of hours next door must not hold our log back. Every role sees these columns of the two views.
 */
const WRITERS_ELSEWHERE = sql`
  SELECT held.transactionid FROM pg_locks held JOIN pg_stat_activity connection USING (pid)
  WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock' AND held.granted
    AND connection.datid <> (SELECT oid FROM pg_database WHERE datname = current_database())`

/**
 * Reads the id below which every transaction of this database has ended, so that the log is complete there. Ask for it
 * in a statement before the one that reads, which then sees everything that had ended.
 */
export async function readFeedWatermark(tx: Tx): Promise<string> {
  const [row] = await tx.execute<{ head: string }>(sql`
    SELECT least(
      pg_current_xact_id_if_assigned(),
      (SELECT running.xid FROM pg_snapshot_xip(pg_current_snapshot()) AS running(xid)
        WHERE running.xid::xid NOT IN (${WRITERS_ELSEWHERE}) ORDER BY running.xid LIMIT 1),
      pg_snapshot_xmax(pg_current_snapshot())
    )::text AS head`)
  if (!row) throw new Error('a SELECT without FROM has one row')
  return row.head
}

/** A place in the log of a project. Everything up to it has been read. */
export interface FeedPosition {
  xid: string
  id: number
}

export const FEED_START: FeedPosition = { xid: '0', id: 0 }

/** Builds the condition for rows of the log after a position. */
export const isAfter = ({ xid, id }: FeedPosition) => sql`(events.xid, events.id) > (${xid}::xid8, ${id}::bigint)`

/** Events that are looked at in one read, at most: those of a rare type may lie far apart. */
const LOOK = 5000

export interface FeedPage {
  events: LoggedEvent[]
  /** Where to go on. */
  position: FeedPosition
  /** Whether there is more by now. */
  hasMore: boolean
}

/**
 * Reads a project's events after a position, in the order of the log, and the next position. Reads only below the
 * oldest running transaction: what it commits later sorts before what others have committed since, and a cursor beyond
 * it would skip that.
 */
export async function readFeed(
  tx: Tx,
  query: { projectId: string; after: FeedPosition; types: readonly string[] | null; limit: number },
): Promise<FeedPage> {
  const { projectId, after, types, limit } = query
  const head = { xid: await readFeedWatermark(tx), id: 0 }
  const look = types ? Math.max(LOOK, limit) : limit
  const rows = await tx.execute<{ event: Record<string, unknown> | null; place: FeedPosition }>(sql`
    WITH seen AS MATERIALIZED (
      SELECT xid, id, type FROM events
      WHERE project_id = ${projectId} AND ${isAfter(after)} AND xid < ${head.xid}::xid8
      ORDER BY xid, id LIMIT ${look}
    ), wanted AS (
      SELECT id FROM seen ${types ? sql`WHERE type IN ${types}` : sql``} ORDER BY xid, id LIMIT ${limit}
    )
    SELECT to_jsonb(events) AS event, jsonb_build_object('xid', xid::text, 'id', id) AS place
    FROM events WHERE id IN (SELECT id FROM wanted)
    UNION ALL
    (SELECT NULL, jsonb_build_object('xid', xid::text, 'id', id) FROM seen ORDER BY xid, id OFFSET ${look - 1}::int)`)
  const found = rows.flatMap(row => (row.event ? [mapRow(events, row.event)] : []))
  found.sort((a, b) => Number(BigInt(a.xid) - BigInt(b.xid)) || a.id - b.id)
  const last = found.at(-1)
  if (last && found.length === limit) return { events: found, position: { xid: last.xid, id: last.id }, hasMore: true }
  const end = rows.find(row => row.event === null)
  if (end) return { events: found, position: end.place, hasMore: true }
  // Everything below the oldest running transaction was seen, also what it does not name.
  return { events: found, position: head, hasMore: false }
}

/** Returns the position after which everything follows that happens from now on. */
export const latestPosition = async (tx: Tx): Promise<FeedPosition> => ({ xid: await readFeedWatermark(tx), id: 0 })

/** `created_at` is when a transaction began, which is a little before its place in the log. */
const SLACK = sql`interval '1 minute'`

/**
 * Finds a position before everything that happened since a moment. It is a minute too early, so that it is never too
 * late.
 */
export async function positionBefore(tx: Tx, projectId: string, moment: Date): Promise<FeedPosition> {
  const [row] = await tx.execute<{ xid: string; id: string }>(sql`
    SELECT xid::text AS xid, id FROM events
    WHERE project_id = ${projectId} AND created_at < ${moment.toISOString()}::timestamptz - ${SLACK}
    ORDER BY events.xid DESC, id DESC LIMIT 1`)
  return row ? { xid: row.xid, id: Number(row.id) } : FEED_START
}
