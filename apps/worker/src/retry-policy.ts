import { errorEntry } from '@darkroom/contracts'
import type { AppError } from '@darkroom/core'

const BASE_DELAY_MS = 2000
/** With eight attempts about a quarter of an hour in all: longer than a restart of whatever is down. */
const GROWTH = 3
const MAX_DELAY_MS = 5 * 60_000

/** A store that asks for more is asked again after this. */
const MAX_RETRY_AFTER_MS = 3_600_000

/** Codes that may be tried less often than a job's `maxAttempts`: a bug may be a race, but it is no outage. */
const MAX_ATTEMPTS: Record<string, number> = { INTERNAL: 3 }

/**
 * How long to wait before the next attempt; null when another one cannot help.
 * @param attempt of the run that failed, from 1
 */
export function retryDelayMs(
  error: AppError,
  { attempt, maxAttempts }: { attempt: number; maxAttempts: number },
  random: () => number = Math.random,
): number | null {
  const limit = Math.min(maxAttempts, MAX_ATTEMPTS[error.code] ?? maxAttempts)
  if (!errorEntry(error.code).retryable || attempt >= limit) return null
  const ceiling = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * GROWTH ** (attempt - 1))
  // Half fixed, half random: spreads a herd and still backs off.
  const backoff = ceiling / 2 + (random() * ceiling) / 2
  return Math.max(backoff, Math.min(MAX_RETRY_AFTER_MS, (error.retryAfterSec ?? 0) * 1000))
}
