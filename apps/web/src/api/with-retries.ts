import { ApiError } from './api-error.ts'

const MAX_RETRIES = 3
const FIRST_DELAY_MS = 500
const MAX_DELAY_MS = 60_000

const sleep = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

interface RetryOptions {
  wait?: (ms: number) => Promise<void>
  /** Waits for the end of an outage and tells whether there was one: what fails meanwhile is no try. */
  outage?: () => Promise<boolean>
}

/**
 * Tells whether the same request may soon succeed: no answer, an error of the server, or an answer that names a time to
 * retry.
 */
export const isPassing = (error: unknown): error is ApiError =>
  error instanceof ApiError &&
  (error.status === null || error.status === 429 || error.status >= 500 || error.retryAfterMs !== null)

/** Returns the delay before retry 0, 1, 2 …: doubling, or what the server asks for, up to a minute. */
export const retryDelayMs = (retry: number, retryAfterMs: number | null): number =>
  Math.min(MAX_DELAY_MS, retryAfterMs ?? FIRST_DELAY_MS * 2 ** retry)

/** Runs `request`, and up to three times again when it failed for a passing reason. Give it idempotent requests only. */
export async function withRetries<T>(
  request: () => Promise<T>,
  { wait = sleep, outage = async () => false }: RetryOptions = {},
): Promise<T> {
  for (let retry = 0; ; ) {
    try {
      return await request()
    } catch (error) {
      if (!isPassing(error)) throw error
      if (await outage()) continue
      if (retry === MAX_RETRIES) throw error
      await wait(retryDelayMs(retry, error.retryAfterMs))
      retry += 1
    }
  }
}
