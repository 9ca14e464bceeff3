import { sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'

/**
 * Rebases the event log after a dump was restored into another server. The dump keeps the transaction ids of the old
 * server: until the new server's ids have caught up, the whole log would look unfinished. Every event then gets an id
 * below all others, and endpoints keep their place in the log. Call it in a transaction, before anything else runs.
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
    ) AS is_foreign`)
  if (!row?.is_foreign) return false
  // From now on the order is that of the ids, so an endpoint goes back to before the first that it has not had; of those
  // after it no delivery is made twice.
  await tx.execute(sql`
    UPDATE webhook_endpoints endpoint SET cursor_xid = '1', cursor_id = coalesce(
      (SELECT min(id) - 1 FROM events
        WHERE project_id = endpoint.project_id AND (xid, id) > (endpoint.cursor_xid, endpoint.cursor_id)),
      (SELECT max(id) FROM events WHERE project_id = endpoint.project_id), 0)`)
  await tx.execute(sql`UPDATE events SET xid = '1'`)
  return true
}
