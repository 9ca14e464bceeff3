import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'

/**
 * Rebases the event log after a dump was restored into another server. The dump keeps the transaction ids of the old
 * server: until the new server's ids have caught up, the whole log would look unfinished, and whoever follows it would
 * take new events for old ones. Every event then gets an id below all others, and endpoints and lineage manifests keep
 * their place in the log. Call it in a transaction, before anything else runs.
 * @returns whether it was needed
 */
export async function rebaseLogAfterRestore(tx: Tx): Promise<boolean> {
  const [row] = await tx.execute<{ is_foreign: boolean }>(sql`
    SELECT EXISTS (
      SELECT 1 FROM projects CROSS JOIN LATERAL (
        SELECT xid FROM events WHERE project_id = projects.id ORDER BY events.xid DESC LIMIT 1
      ) last
      WHERE last.xid >= pg_snapshot_xmax(pg_current_snapshot())
    ) OR EXISTS (
      SELECT 1 FROM webhook_endpoints WHERE cursor_xid > pg_snapshot_xmax(pg_current_snapshot())
    ) OR EXISTS (
      SELECT 1 FROM lineage_cursors WHERE xid > pg_snapshot_xmax(pg_current_snapshot())
    ) AS is_foreign`)
  if (!row?.is_foreign) return false
  // From now on the order is that of the ids, so a reader goes back to before the first that it has not had; of those
  // after it no delivery is made twice, and no manifest.
  await tx.execute(sql`
    UPDATE webhook_endpoints reader SET cursor_xid = '1', cursor_id = ${placeOf(sql`(reader.cursor_xid, reader.cursor_id)`)}`)
  await tx.execute(sql`UPDATE lineage_cursors reader SET xid = '1', id = ${placeOf(sql`(reader.xid, reader.id)`)}`)
  await tx.execute(sql`UPDATE events SET xid = '1'`)
  return true
}

/** Returns the id that a reader of the log has come to, in the order of ids. */
const placeOf = (cursor: SQL): SQL => sql`coalesce(
  (SELECT min(id) - 1 FROM events WHERE project_id = reader.project_id AND (events.xid, events.id) > ${cursor}),
  (SELECT max(id) FROM events WHERE project_id = reader.project_id), 0)`
