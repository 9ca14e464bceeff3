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

/** Of a job; `attempt` is that of the run that failed, from 1. */
interface Attempts {
  attempt: number
  maxAttempts: number
  name: string
}

/** Returns the delay before the next attempt at a job in milliseconds; null when another attempt cannot help. */
export const retryDelayMs = (error: AppError, job: Attempts, random: () => number = Math.random): number | null =>
  // A crash of the process that decodes is counted by content, until that is put in quarantine.
  delayMs(error, job, error.code === 'INTERNAL' ? ATTEMPTS_FOR_A_BUG : null, random)

/** Returns the same for a variant that failed while the others were made. Here a crash counts like any other bug. */
export const variantRetryDelayMs = (
  error: AppError,
  job: Attempts,
  random: () => number = Math.random,
): number | null => delayMs(error, job, errorEntry(error.code).class === 'bug' ? ATTEMPTS_FOR_A_BUG : null, random)

function delayMs(
  error: AppError,
  { attempt, maxAttempts, name }: Attempts,
  fewer: number | null,
  random: () => number,
): number | null {
  // A requeue adds attempts to those that were had, so a limit counts back from the last.
  const spared = fewer !== null && isJobName(name) ? Math.max(0, MAX_ATTEMPTS[name] - fewer) : 0
  if (!errorEntry(error.code).retryable || attempt >= maxAttempts - spared) return null
  const ceiling = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * GROWTH ** (attempt - 1))
  // Half fixed, half random: spreads a herd and still backs off.
  const backoff = ceiling / 2 + (random() * ceiling) / 2
  return Math.max(backoff, Math.min(MAX_RETRY_AFTER_MS, (error.retryAfterSec ?? 0) * 1000))
}
