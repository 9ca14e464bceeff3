import { lt, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { rateWindows } from '../schema/index.ts'

/** Length of a window. */
const WINDOW = sql`interval '60 seconds'`

/** Counts a request, or several; answers how many there were in their window, these included, and when the window ends. */
export async function countRequest(tx: Tx, subject: string, by = 1): Promise<{ count: number; resetSec: number }> {
  const isOver = sql`${rateWindows.startedAt} <= now() - ${WINDOW}`
  const [row] = await tx
    .insert(rateWindows)
    .values({ subject, count: by })
    .onConflictDoUpdate({
      target: rateWindows.subject,
      set: {
        count: sql`CASE WHEN ${isOver} THEN ${by}::int ELSE ${rateWindows.count} + ${by}::int END`,
        startedAt: sql`CASE WHEN ${isOver} THEN now() ELSE ${rateWindows.startedAt} END`,
      },
    })
    .returning({
      count: rateWindows.count,
      resetSec: sql<number>`ceil(extract(epoch FROM ${rateWindows.startedAt} + ${WINDOW} - now()))::int`,
    })
  if (!row) throw new Error('INSERT returned no row')
  return { count: row.count, resetSec: Math.max(1, row.resetSec) }
}

/** Forgets windows that ended. */
export async function deleteOldRateWindows(tx: Tx): Promise<void> {
  await tx.delete(rateWindows).where(lt(rateWindows.startedAt, sql`now() - 2 * ${WINDOW}`))
}
