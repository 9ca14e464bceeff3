import { ApiError } from './api-error.ts'

const MAX_RETRIES = 3
const FIRST_DELAY_MS = 500
const MAX_DELAY_MS = 15_000

const sleep = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

/** Whether the same request may well succeed in a moment. */
const isPassing = (error: unknown): error is ApiError =>
  error instanceof ApiError && (error.status === null || [429, 502, 503, 504].includes(error.status))

/** How long to wait before retry 0, 1, 2: doubling, or what the server asks for. */
export const retryDelayMs = (retry: number, retryAfterMs: number | null): number =>
  Math.min(MAX_DELAY_MS, retryAfterMs ?? FIRST_DELAY_MS * 2 ** retry)

/** Runs `request`, and up to three times again when it failed for a passing reason. Give it idempotent requests only. */
export async function withRetries<T>(
  request: () => Promise<T>,
  wait: (ms: number) => Promise<void> = sleep,
): Promise<T> {
  for (let retry = 0; ; retry += 1) {
    try {
      return await request()
    } catch (error) {
      if (!isPassing(error) || retry === MAX_RETRIES) throw error
      await wait(retryDelayMs(retry, error.retryAfterMs))
    }
  }
}
