import { errorEntry, isJobName, MAX_ATTEMPTS } from '@darkroom/contracts'
import type { AppError } from '@darkroom/core'

const BASE_DELAY_MS = 2000
/** With eight attempts about a quarter of an hour in all: longer than a restart of whatever is down. */
const GROWTH = 3
const MAX_DELAY_MS = 5 * 60_000

/** A store that asks for more is asked again after this. */
const MAX_RETRY_AFTER_MS = 3_600_000

/** A bug may be a race, so it is tried again, but it is no outage. */
const ATTEMPTS_FOR_A_BUG = 3

/**
 * How long to wait before the next attempt; null when another one cannot help.
 * @param attempt of the run that failed, from 1
 */
export function retryDelayMs(
  error: AppError,
  { attempt, maxAttempts, name }: { attempt: number; maxAttempts: number; name: string },
  random: () => number = Math.random,
): number | null {
  // A requeue adds attempts to those that were had, so a limit counts back from the last.
  const spared = error.code === 'INTERNAL' && isJobName(name) ? Math.max(0, MAX_ATTEMPTS[name] - ATTEMPTS_FOR_A_BUG) : 0
  const limit = maxAttempts - spared
  if (!errorEntry(error.code).retryable || attempt >= limit) return null
  const ceiling = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * GROWTH ** (attempt - 1))
  // Half fixed, half random: spreads a herd and still backs off.
  const backoff = ceiling / 2 + (random() * ceiling) / 2
  return Math.max(backoff, Math.min(MAX_RETRY_AFTER_MS, (error.retryAfterSec ?? 0) * 1000))
}
