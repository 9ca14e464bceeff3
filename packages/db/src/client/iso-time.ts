import { type SQL, sql } from 'drizzle-orm'

/** Formats a time in SQL exactly as `Date.toISOString()` does. */
export const isoTime = (time: SQL): SQL => sql`to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
