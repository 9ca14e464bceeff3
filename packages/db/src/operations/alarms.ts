import { newId } from '@darkroom/core'
import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { type AlarmRow, alarms } from '../schema/index.ts'

const isOpen = isNull(alarms.clearedAt)

/**
 * Tells the operator of something that only a person can help with. While it is open it is one row that counts.
 * @returns whether it is new, so that it is worth a line in the log
 */
export async function raiseAlarm(
  tx: Tx,
  { code, subject = '', message }: { code: string; subject?: string; message: string },
): Promise<boolean> {
  const [row] = await tx
    .insert(alarms)
    .values({ id: newId(), code, subject, message })
    .onConflictDoUpdate({
      target: [alarms.code, alarms.subject],
      targetWhere: sql`cleared_at IS NULL`,
      set: { count: sql`${alarms.count} + 1`, lastSeenAt: sql`now()`, message },
    })
    .returning({ count: alarms.count })
  return row?.count === 1
}

/** Ends the alarms of a code, or the one about one subject. Answers how many were open. */
export async function clearAlarms(tx: Tx, { code, subject }: { code: string; subject?: string }): Promise<number> {
  const rows = await tx
    .update(alarms)
    .set({ clearedAt: sql`now()` })
    .where(and(isOpen, eq(alarms.code, code), subject === undefined ? undefined : eq(alarms.subject, subject)))
    .returning({ id: alarms.id })
  return rows.length
}

/** Ends one alarm; false when there is none with this id that is open. */
export async function clearAlarm(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx
    .update(alarms)
    .set({ clearedAt: sql`now()` })
    .where(and(isOpen, eq(alarms.id, id)))
    .returning({ id: alarms.id })
  return rows.length > 0
}

/** Lists the open alarms, the oldest first. */
export const openAlarms = (tx: Tx): Promise<AlarmRow[]> =>
  tx.select().from(alarms).where(isOpen).orderBy(asc(alarms.raisedAt), asc(alarms.id))
