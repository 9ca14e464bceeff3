import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { type InboxEvent, inbox } from '../schema/index.ts'

/** Wakes whoever processes the inbox. A hint: the rows are the truth. */
export const INBOX_CHANNEL = 'darkroom_inbox'

export type NewInboxEvent = Pick<InboxEvent, 'eventId' | 'type' | 'bucket' | 'key' | 'versionId' | 'byteSize' | 'data'>

/** How long an event is left to who took it; then that process is taken for dead. */
const TAKEN = sql`interval '1 minute'`

/** Keeps events of the store that are not there yet, by its own id of them. Answers how many were new. */
export async function insertInboxEvents(tx: Tx, events: NewInboxEvent[]): Promise<number> {
  if (events.length === 0) return 0
  const inserted = await tx.insert(inbox).values(events).onConflictDoNothing().returning({ eventId: inbox.eventId })
  if (inserted.length > 0) await tx.execute(sql`SELECT pg_notify(${INBOX_CHANNEL}, '')`)
  return inserted.length
}

/**
 * Takes events that nobody has processed, the oldest first. `processed_at` without an outcome says when one was taken: the
 * store is asked outside any transaction, so no lock can hold it, and who dies over it loses it after a minute.
 */
export async function takeInboxEvents(tx: Tx, limit: number): Promise<InboxEvent[]> {
  const waiting = tx
    .select({ eventId: inbox.eventId })
    .from(inbox)
    .where(and(isNull(inbox.outcome), or(isNull(inbox.processedAt), lt(inbox.processedAt, sql`now() - ${TAKEN}`))))
    .orderBy(inbox.receivedAt)
    .limit(limit)
    .for('update', { skipLocked: true })
  return tx.update(inbox).set({ processedAt: sql`now()` }).where(inArray(inbox.eventId, waiting)).returning()
}

/** Records what came of an event. */
export async function finishInboxEvent(tx: Tx, eventId: string, outcome: string): Promise<void> {
  await tx.update(inbox).set({ processedAt: sql`now()`, outcome }).where(eq(inbox.eventId, eventId))
}

/** Forgets events that came long ago, processed or not; the sweeper has found since whatever they told of. */
export async function deleteOldInboxEvents(tx: Tx, keepDays: number): Promise<number> {
  const rows = await tx
    .delete(inbox)
    .where(lt(inbox.receivedAt, sql`now() - make_interval(days => ${keepDays})`))
    .returning({ eventId: inbox.eventId })
  return rows.length
}
