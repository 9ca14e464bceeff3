import { type SQL, sql } from 'drizzle-orm'

/** Passes many ids as one parameter, so that the statement is the same for any number. */
export const uuids = (ids: readonly string[]): SQL => sql`${`{${ids.join(',')}}`}::uuid[]`

/** Below every id, so that a page is the same range of an index whether it is the first or not. */
export const LOWEST_ID = '00000000-0000-0000-0000-000000000000'

/**
 * Returns the smallest UUIDv7 of a moment. Ids carry the clocks of processes, so a query bounded by them leaves some
 * margin and compares the time as well: https://www.rfc-editor.org/rfc/rfc9562#section-5.7
 */
export const uuidFrom = (moment: SQL): SQL =>
  sql`(lpad(to_hex(greatest(0, extract(epoch FROM ${moment}) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid`

/**
 * Returns the same for a time that a client named, shifted by hours: the most by which the clocks of processes and
 * database may differ.
 */
export const uuidAround = (time: string, hours: 1 | -1): SQL =>
  uuidFrom(sql`${time}::timestamptz + ${sql.raw(`interval '${hours} hours'`)}`)
