import { customType, timestamp } from 'drizzle-orm/pg-core'

/** Defines a column for an instant, UTC, as a `Date` with milliseconds. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 })

/** A 64-bit transaction id, as text: larger than a JavaScript number. */
export const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' })

/** Text that is compared by its bytes, whatever the collation of the database. */
export const bytewise = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' })
