import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError } from './admin-client.ts'
import { CommandError, EXIT } from './exit-codes.ts'

const MAX_ATTEMPTS = 8
const MAX_WAIT_SEC = 30
/** Who asks for a longer wait is not waited for: a person would not know why nothing happens. */
const MAX_ASKED_SEC = 600

/** Repeats what may be repeated while the API is busy or away: as late as it asks for, otherwise later each time. */
export async function retryWhileBusy<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      if (!isPassing(error) || attempt === MAX_ATTEMPTS) throw error
      const askedSec = error instanceof ApiError ? error.retryAfterSec : null
      if (askedSec !== null && askedSec > MAX_ASKED_SEC) throw error
      const waitSec = askedSec ?? Math.min(MAX_WAIT_SEC, 2 ** (attempt - 1))
      await sleep(1000 * waitSec, undefined, { signal })
    }
  }
}

const isPassing = (error: unknown): boolean =>
  error instanceof CommandError &&
  (error.exitCode === EXIT.unreachable || (error instanceof ApiError && error.code === 'IDEMPOTENCY_IN_FLIGHT'))
