const FIRST_MS = 500
const MAX_MS = 30_000

/**
 * Returns the delay before retry 0, 1, 2 …: doubling with jitter, so that many clients do not come back at once; never less than
 * what the service asks for.
 */
export function backoffMs(retry: number, retryAfterSec: number | null, random: () => number = Math.random): number {
  const most = Math.min(MAX_MS, FIRST_MS * 2 ** retry)
  return Math.max((retryAfterSec ?? 0) * 1000, most / 2 + (most / 2) * random())
}
