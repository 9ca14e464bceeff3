import { type SQL, sql } from 'drizzle-orm'

/**
 * The smallest UUIDv7 of a moment. Ids are made by the clocks of processes, so whoever bounds a time by them leaves some
 * slack and compares the time as well: https://www.rfc-editor.org/rfc/rfc9562#section-5.7
 */
export const uuidFrom = (moment: SQL): SQL =>
  sql`(lpad(to_hex(greatest(0, extract(epoch FROM ${moment}) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid`

/** The same of a time that a client named, so many hours away: as much as clocks of processes and of the database may differ. */
export const uuidAround = (time: string, hours: 1 | -1): SQL =>
  uuidFrom(sql`${time}::timestamptz + ${sql.raw(`interval '${hours} hours'`)}`)
