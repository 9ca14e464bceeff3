import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { inbox, objects, UNCHECKED_FOR, type Upload, uploads } from '../schema/index.ts'

/** The column's default; an upload that still has it was never looked at. */
const isUnchecked = sql`${uploads.nextCheckAt} = ${uploads.createdAt} + ${UNCHECKED_FOR}`

/**
 * Returns when an upload is checked next, as an expression: the first time `firstAfterSec` after it was made, or
 * halfway to its expiry when that is earlier.
 */
export const nextCheck = (firstAfterSec: number) =>
  sql<Date>`CASE WHEN ${isUnchecked}
    THEN ${uploads.createdAt} +
      least(make_interval(secs => ${firstAfterSec}), (${uploads.expiresAt} - ${uploads.createdAt}) / 2)
    ELSE ${uploads.nextCheckAt} END`.mapWith(uploads.nextCheckAt)

const isOpen = and(isNull(uploads.confirmedAt), isNull(uploads.abortedAt), sql`${uploads.expiresAt} > now()`)

/** This long before its expiry an upload is looked at once more. */
const LAST_CHECK = sql`interval '1 minute'`

/** After a check the next one comes when the upload is twice as old, and one just before it expires. */
const NEXT_CHECK = sql`CASE WHEN now() < ${uploads.expiresAt} - ${LAST_CHECK}
  THEN least(now() + (now() - ${uploads.createdAt}), ${uploads.expiresAt} - ${LAST_CHECK})
  ELSE ${uploads.expiresAt} END`

/**
 * Takes open uploads of which it is time to see whether their bytes are there. Each is put off at once, so that no other
 * worker takes it.
 * @param firstAfterSec how old an upload is when it is looked at for the first time
 */
export async function takeUploadsToCheck(
  tx: Tx,
  { firstAfterSec, limit }: { firstAfterSec: number; limit: number },
): Promise<Upload[]> {
  const due = tx
    .select({ id: uploads.id })
    .from(uploads)
    .where(
      and(
        isOpen,
        // For the index: no upload is due that has a later one.
        sql`${uploads.nextCheckAt} <= now() + ${UNCHECKED_FOR}`,
        sql`${nextCheck(firstAfterSec)} <= now()`,
      ),
    )
    .orderBy(uploads.nextCheckAt)
    .limit(limit)
    .for('update', { skipLocked: true })
  return tx.update(uploads).set({ nextCheckAt: NEXT_CHECK }).where(inArray(uploads.id, due)).returning()
}

/** Schedules an upload whose check failed, because the store did not answer, for another check in a minute. */
export async function retryUploadCheck(tx: Tx, uploadId: string): Promise<void> {
  await tx
    .update(uploads)
    .set({ nextCheckAt: sql`least(${uploads.nextCheckAt}, now() + interval '1 minute')` })
    .where(and(eq(uploads.id, uploadId), isOpen))
}

/** Tells whether the store has had a minute to send the event of an object, and has not. */
export async function isEventOverdue(tx: Tx, objectId: string, arrivedAt: Date): Promise<boolean> {
  const [row] = await tx
    .select({
      isOverdue: sql<boolean>`${arrivedAt.toISOString()}::timestamptz < now() - interval '1 minute'
        AND NOT EXISTS (SELECT FROM ${inbox} WHERE ${inbox.bucket} = ${objects.bucket} AND ${inbox.key} = ${objects.key})`,
    })
    .from(objects)
    .where(eq(objects.id, objectId))
  return row?.isOverdue ?? false
}
