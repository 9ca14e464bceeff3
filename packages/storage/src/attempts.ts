import { setTimeout as sleep } from 'node:timers/promises'
import { isRetryable, readS3Failure, type S3Failure } from './s3-errors.ts'

export interface AttemptPolicy {
  maxAttempts: number
  onRetry?: (failure: S3Failure, attempt: number) => void
}

const FIRST_DELAY_MS = 100
const MAX_DELAY_MS = 5_000
/** A store that asks for a longer pause gets it from the queue, not from a worker that sits and waits. */
const MAX_RETRY_AFTER_SEC = 10

/** Doubles per attempt, half of it random; at least what the store asked for. */
export function retryDelayMs(attempt: number, retryAfterSec = 0, random: number = Math.random()): number {
  const ceiling = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1))
  return retryAfterSec * 1000 + ceiling * (0.5 + random / 2)
}

/** Runs a call until it succeeds, fails for good or has had its attempts. `run` must make its body anew each time. */
export async function withAttempts<T>(
  policy: AttemptPolicy,
  signal: AbortSignal | undefined,
  run: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    try {
      return await run(attempt)
    } catch (error) {
      const failure = readS3Failure(error)
      const isLast = attempt >= policy.maxAttempts || (failure.retryAfterSec ?? 0) > MAX_RETRY_AFTER_SEC
      if (signal?.aborted || isLast || !isRetryable(failure)) throw error
      policy.onRetry?.(failure, attempt)
      await sleep(retryDelayMs(attempt, failure.retryAfterSec), undefined, signal ? { signal } : {})
    }
  }
}
