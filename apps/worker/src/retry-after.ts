/**
 * Parses `Retry-After` (RFC 9110, section 10.2.3), in seconds or as a date, to milliseconds; undefined when it is not
 * valid.
 */
export function readRetryAfter(header: string | string[] | undefined, now: Date): number | undefined {
  if (typeof header !== 'string') return undefined
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime()
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
