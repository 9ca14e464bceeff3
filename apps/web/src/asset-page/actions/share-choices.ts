const HOUR_SEC = 3600

/** How long a link works, in seconds; null for ever. */
export const EXPIRIES = {
  hour: { label: '1 hour', sec: HOUR_SEC },
  day: { label: '1 day', sec: 24 * HOUR_SEC },
  week: { label: '1 week', sec: 7 * 24 * HOUR_SEC },
  month: { label: '30 days', sec: 30 * 24 * HOUR_SEC },
  never: { label: 'Until it is revoked', sec: null },
} as const

export type Expiry = keyof typeof EXPIRIES

/** Returns when a link ends that is made now; undefined for never. */
export function expiresAt(expiry: Expiry, now: number): string | undefined {
  const { sec } = EXPIRIES[expiry]
  return sec === null ? undefined : new Date(now + sec * 1000).toISOString()
}
