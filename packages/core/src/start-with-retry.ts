import pRetry from 'p-retry'
import { isAppError } from './app-error.ts'

/** How long a service waits for what it stands on; then a supervisor shall see that something is wrong. */
const MAX_WAIT_MS = 60_000

export interface RetryOptions {
  /** Whether the same start may succeed in a moment, for errors that are none of ours. */
  isTransient: (error: unknown) => boolean
  /** Ends the waiting. */
  signal: AbortSignal
  maxWaitMs?: number
  say?: (text: string) => void
}

/**
 * Starts a service as soon as what it stands on is there: machines start in any order, and a busy database refuses. What will
 * not fix itself, such as a wrong configuration, is thrown at once. `start` must leave nothing open when it throws.
 * @throws what the last try threw, after a minute
 */
export async function startWithRetry<T>(
  start: () => Promise<T>,
  { isTransient, signal, maxWaitMs = MAX_WAIT_MS, say = console.error }: RetryOptions,
): Promise<T> {
  const isTemporary = (error: unknown) => isTransient(error) || isAppError(error, 'UNAVAILABLE')
  let started: { service: T } | null = null
  const startOnce = async () => {
    const service = await start()
    started = { service }
    return service
  }
  return pRetry(startOnce, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 250,
    maxTimeout: 5000,
    randomize: true,
    maxRetryTime: maxWaitMs,
    signal,
    shouldRetry: ({ error }) => isTemporary(error),
    onFailedAttempt({ error, retryDelay }) {
      if (isTemporary(error) && retryDelay > 0) say(`${error.message} Retrying in ${(retryDelay / 1000).toFixed(1)} s.`)
    },
  }).catch((error: unknown) => {
    // Told to stop while a start succeeded, pRetry throws: but what was started has to be closed by who asked for it.
    if (started) return started.service
    throw error
  })
}
