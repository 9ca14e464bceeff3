import { type SQL, sql } from 'drizzle-orm'

/** Many ids as one parameter, so that the statement stays the same however many there are. */
export const uuids = (ids: readonly string[]): SQL => sql`${`{${ids.join(',')}}`}::uuid[]`

/** Below every id, so that a page is the same range of an index whether it is the first or not. */
export const LOWEST_ID = '00000000-0000-0000-0000-000000000000'

/**
 * The smallest UUIDv7 of a moment. Ids are made by the clocks of processes, so whoever bounds a time by them leaves some
 * slack and compares the time as well: https://www.rfc-editor.org/rfc/rfc9562#section-5.7
 */
export const uuidFrom = (moment: SQL): SQL =>
  sql`(lpad(to_hex(greatest(0, extract(epoch FROM ${moment}) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid`

/** The same of a time that a client named, so many hours away: as much as clocks of processes and of the database may differ. */
export const uuidAround = (time: string, hours: 1 | -1): SQL =>
  uuidFrom(sql`${time}::timestamptz + ${sql.raw(`interval '${hours} hours'`)}`)
