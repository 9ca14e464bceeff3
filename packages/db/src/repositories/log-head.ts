import { sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'

/**
 * The transactions of this moment that write in another database of the same server: Postgres counts ids for all of them
 * together, and a batch of hours next door must not hold our log back. Every role sees these columns of the two views.
 */
const WRITERS_ELSEWHERE = sql`
  SELECT held.transactionid FROM pg_locks held JOIN pg_stat_activity connection USING (pid)
  WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock' AND held.granted
    AND connection.datid <> (SELECT oid FROM pg_database WHERE datname = current_database())`

/**
 * The id below which every transaction of this database has ended: what is below it in the log is complete. To be asked
 * in a statement before the one that reads, so that what had ended by now is seen there.
 */
export async function readLogHead(tx: Tx): Promise<string> {
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
