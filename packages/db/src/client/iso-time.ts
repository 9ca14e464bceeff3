import { type SQL, sql } from 'drizzle-orm'

/** A time as text that is the same as `Date.toISOString()` of it. */
export const isoTime = (time: SQL): SQL => sql`to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
