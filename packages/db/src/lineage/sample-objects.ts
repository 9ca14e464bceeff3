import { and, asc, gt, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { mapRow } from '../client/map-row.ts'
import { LOWEST_ID } from '../client/uuids.ts'
import { objects, type StoredObject } from '../schema/index.ts'

/** More rows than are wanted are read, because some have no digest. */
const MARGIN = 20

/**
 * Draws published objects at random, of those whose digest is known. A large table is not read as a whole: pages are drawn, and rows of
 * those.
 */
export async function sampleObjects(tx: Tx, count: number): Promise<StoredObject[]> {
  const [table] = await tx.execute<{ rows: number }>(
    sql`SELECT reltuples::float8 AS rows FROM pg_class WHERE oid = 'objects'::regclass`,
  )
  const percent = Math.min(100, (100 * count * MARGIN) / Math.max(table?.rows ?? 0, 1))
  const rows = await tx.execute<{ object: Record<string, unknown> }>(sql`
    SELECT to_jsonb(objects) AS object FROM objects TABLESAMPLE SYSTEM (${percent}::real)
    WHERE state = 'live' AND sha256 IS NOT NULL ORDER BY random() LIMIT ${count}`)
  return rows.map(row => mapRow(objects, row.object))
}

/** Tells whether an object is still published. */
export async function isStillLive(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.execute(sql`SELECT 1 FROM objects WHERE id = ${id} AND state = 'live'`)
  return rows.length > 0
}

/** Objects that are read in one statement. */
const WINDOW = 500

/** Reads all published objects whose digest is known, in the order of their ids. */
export async function* allObjects(tx: Tx): AsyncGenerator<StoredObject> {
  let after = LOWEST_ID
  for (;;) {
    const rows = await tx
      .select()
      .from(objects)
      .where(and(gt(objects.id, after), sql`${objects.state} = 'live' AND ${objects.sha256} IS NOT NULL`))
      .orderBy(asc(objects.id))
      .limit(WINDOW)
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < WINDOW) return
    after = last.id
  }
}
