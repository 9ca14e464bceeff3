/**
 * Postgres gone, not to be found or reached, restarting, full, no longer the one that is written to, at odds with another
 * transaction, or too slow (a statement, a lock, an open transaction), and postgres.js' own codes.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const UNAVAILABLE =
  /^(CONNECT|CONNECTION_(CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|08\w{3}|25006|25P03|55P03|57014|57P0[1-35]|53\d00|40001|40P01)$/

/** A value that Postgres cannot hold: a date out of range, half a surrogate pair, NUL. */
const NOT_STORABLE = /^22(008|021|P02|P05)$/

/** Raised by the trigger that keeps rows out of a project that is being deleted. */
const PROJECT_CLOSED = /^DRP01$/

/** Tells whether a query failed because its project is being deleted. */
export const isProjectClosed = (error: unknown): boolean => hasCode(error, PROJECT_CLOSED)

/** Tells whether a query failed because the database was away or rolled it back: the same query may succeed later. */
export const isDatabaseUnavailable = (error: unknown): boolean => hasCode(error, UNAVAILABLE)

/** Tells whether a query failed because Postgres cannot store a value. */
export const isNotStorable = (error: unknown): boolean => hasCode(error, NOT_STORABLE)

/** Tells whether a query failed because it violates a unique index of this name. */
export function violates(error: unknown, index: string): boolean {
  if (!(error instanceof Error)) return false
  return ('constraint_name' in error && error.constraint_name === index) || violates(error.cause, index)
}

function hasCode(error: unknown, codes: RegExp): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && codes.test(String(error.code))) || hasCode(error.cause, codes)
}
