const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const MAX_DELAY_MS = 24 * HOUR

/** After each failure; three days in all: https://github.com/standard-webhooks/standard-webhooks, "Retry schedule". */
const DELAYS_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR]

/**
 * Returns the delay before the next attempt in milliseconds; null when there is none.
 * @param failures before this one
 * @param askedForMs by the endpoint, in `Retry-After`
 */
export function redeliveryDelayMs(
  { failures, askedForMs = 0 }: { failures: number; askedForMs?: number | undefined },
  random: () => number = Math.random,
): number | null {
  const delayMs = DELAYS_MS[failures]
  if (delayMs === undefined) return null
  // A tenth more or less, so that what failed together does not come back together.
  const spreadMs = delayMs * (0.9 + 0.2 * random())
  return Math.max(spreadMs, Math.min(askedForMs, MAX_DELAY_MS))
}
