import { newId } from '@darkroom/core'
import { and, asc, eq, inArray, lte, ne, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { mapRow } from '../client/map-row.ts'
import { objects, type StoredObject } from '../schema/index.ts'
import { rememberedCte } from './cdn-purges.ts'

export type NewObject = Pick<StoredObject, 'projectId' | 'assetId' | 'bucket' | 'key'> &
  Partial<Pick<StoredObject, 'id' | 'leaseToken' | 'contentType'>>

/** How long after it was given up a writer may still finish a PUT that was under way. */
export const WRITER_GRACE = sql`interval '5 minutes'`

/**
 * When a published file that was replaced or dropped is purged: whoever read the asset just before the swap, and what stands
 * in a page that is open, still finds it. Nobody writes it any more, so one pass is enough.
 */
export const AFTER_GRACE = sql`purge_at = now() + interval '15 minutes', purge_until = now() + interval '15 minutes'`

/**
 * The same of a file that others point to, such as a step of a video: what points to the one of before stays published until
 * the run ends, and for good when it fails. A run that succeeds, or a deletion, says when.
 */
export const AFTER_RUN = sql`purge_at = 'infinity', purge_until = 'infinity'`

/** Records objects before their first byte is written. */
export async function insertObjects(tx: Tx, rows: NewObject[]): Promise<StoredObject[]> {
  if (rows.length === 0) return []
  return tx
    .insert(objects)
    .values(rows.map(row => ({ id: newId(), ...row })))
    .returning()
}

export async function getObject(tx: Tx, id: string): Promise<StoredObject | null> {
  const [row] = await tx.select().from(objects).where(eq(objects.id, id))
  return row ?? null
}

export async function findObject(
  tx: Tx,
  { bucket, key }: { bucket: string; key: string },
): Promise<StoredObject | null> {
  const [row] = await tx
    .select()
    .from(objects)
    .where(and(eq(objects.key, key), eq(objects.bucket, bucket)))
  return row ?? null
}

export async function markObjectLive(
  tx: Tx,
  id: string,
  written: { versionId: string | null; etag: string; bytes: number; sha256: string | null; contentType: string },
): Promise<void> {
  await tx
    .update(objects)
    .set({ ...written, state: 'live' })
    .where(eq(objects.id, id))
}

/** Gives up objects: they are purged now and once more when nobody can be writing them any more. */
export async function doomObjects(tx: Tx, ids: string[], purgeUntil?: Date): Promise<void> {
  if (ids.length === 0) return
  await tx
    .update(objects)
    .set({
      state: 'doomed',
      purgeAt: sql`now()`,
      purgeUntil: sql`greatest(now(), ${purgeUntil?.toISOString() ?? null}::timestamptz) + ${WRITER_GRACE}`,
    })
    .where(and(inArray(objects.id, ids), ne(objects.state, 'doomed')))
}

/** Gives up whatever runs of an asset left unpublished; part of the transaction that ends its job, or plans a move. */
export async function doomUnpublished(tx: Tx, assetId: string): Promise<void> {
  await tx.execute(sql`
    UPDATE objects SET state = 'doomed', purge_at = now(), purge_until = now() + ${WRITER_GRACE}
    WHERE asset_id = ${assetId} AND state = 'writing' AND lease_token IS NOT NULL`)
}

/**
 * Gives up what one run wrote and did not publish.
 * @returns every doomed object of the asset that may be purged now. Those of a second pass wait for it, but for the run's
 * own: a deletion may have passed before the run wrote them.
 */
export async function giveUpRun(
  tx: Tx,
  { assetId, leaseToken }: { assetId: string; leaseToken: string },
): Promise<StoredObject[]> {
  const rows = await tx.execute<{ object: Record<string, unknown> }>(sql`
    WITH given_up AS (
      UPDATE objects SET state = 'doomed', purge_at = now(), purge_until = now() + ${WRITER_GRACE}
      WHERE lease_token = ${leaseToken} AND state = 'writing'
      RETURNING *
    )
    SELECT to_jsonb(given_up) AS object FROM given_up
    UNION ALL
    SELECT to_jsonb(objects) FROM objects
    WHERE asset_id = ${assetId} AND state = 'doomed' AND (lease_token = ${leaseToken} OR purge_at <> purge_until)`)
  return rows.map(row => mapRow(objects, row.object))
}

export const objectsOfAsset = (tx: Tx, assetId: string): Promise<StoredObject[]> =>
  tx.select().from(objects).where(eq(objects.assetId, assetId))

/** Finds doomed objects that are due for removal, the oldest first. */
export const findPurgeable = (tx: Tx, limit: number): Promise<StoredObject[]> =>
  tx
    .select()
    .from(objects)
    // Not a parameter, here and wherever an index is of some rows only: a plan that is made once would not use it.
    .where(and(sql`${objects.state} = 'doomed'`, lte(objects.purgeAt, sql`now()`)))
    .orderBy(asc(objects.purgeAt))
    .limit(limit)

/**
 * Records that every version of a doomed object was deleted: the row goes when nobody can write the key any more, else
 * it waits for its second pass.
 */
export async function markPurged(tx: Tx, id: string): Promise<void> {
  await tx.execute(sql`
    WITH gone AS (
      DELETE FROM objects WHERE id = ${id} AND state = 'doomed' AND purge_until <= now() RETURNING *
    ), ${rememberedCte}
    UPDATE objects SET purge_at = purge_until WHERE id = ${id} AND state = 'doomed' AND purge_until > now()`)
}

/** Postpones the purge of an object that could not be deleted, so that it does not hold up the others. */
export async function postponePurge(tx: Tx, id: string): Promise<void> {
  await tx
    .update(objects)
    .set({ purgeAt: sql`now() + interval '10 minutes'` })
    .where(and(eq(objects.id, id), eq(objects.state, 'doomed')))
}

export interface PendingPurges {
  /** Objects that were never purged, and those whose second pass is due. */
  due: StoredObject[]
  /** Until the last one that is not due; null when there is none. */
  secondsToLast: number | null
}

/** Counts what is left to purge of an asset, by the database's clock. */
export async function pendingPurges(tx: Tx, assetId: string): Promise<PendingPurges> {
  const rows = await tx
    .select({
      object: objects,
      // The first pass moves `purge_at` to `purge_until`; until then it is due, also when it was postponed.
      isDue: sql<boolean>`${objects.purgeAt} <> ${objects.purgeUntil} OR ${objects.purgeAt} <= now()`,
      secondsLeft: sql<number>`extract(epoch FROM ${objects.purgeUntil} - now())::float8`,
    })
    .from(objects)
    .where(and(eq(objects.assetId, assetId), eq(objects.state, 'doomed')))
  const waiting = rows.filter(row => !row.isDue)
  return {
    due: rows.filter(row => row.isDue).map(row => row.object),
    secondsToLast: waiting.length > 0 ? Math.max(...waiting.map(row => row.secondsLeft)) : null,
  }
}
