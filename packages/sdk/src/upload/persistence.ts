import { backoffMs } from '../backoff.ts'
import { DarkroomError } from '../errors.ts'
import { sleep } from '../sleep.ts'

interface PersistenceDeps {
  /** Resolves at once where there is a network, else with true as soon as it is back. */
  untilOnline: (signal: AbortSignal) => Promise<boolean>
  /** How long everything may fail before the first failure is reported, in ms. Being offline does not count. */
  giveUpAfterMs: number
  signal: AbortSignal
}

export type Persistence = ReturnType<typeof createPersistence>

/** Repeats what fails for a passing reason, until nothing has succeeded for too long. */
export function createPersistence({ untilOnline, giveUpAfterMs, signal }: PersistenceDeps) {
  let failingSince: number | null = null

  return async function persist<T>(
    attempt: (retry: number) => Promise<T>,
    mayRepeat: (error: DarkroomError, retry: number) => boolean,
  ): Promise<T> {
    for (let retry = 0; ; retry += 1) {
      const wasOffline = await untilOnline(signal)
      if (wasOffline) failingSince = null
      try {
        const result = await attempt(retry)
        failingSince = null
        return result
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof DarkroomError) || !mayRepeat(error, retry)) throw error
        failingSince ??= Date.now()
        if (Date.now() - failingSince > giveUpAfterMs) throw error
        // A timer has an upper limit as well: beyond 24 days it would fire at once.
        if (error.retryAfter !== null && error.retryAfter * 1000 > giveUpAfterMs) throw error
        await sleep(backoffMs(retry, error.retryAfter), signal)
      }
    }
  }
}
