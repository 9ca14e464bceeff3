import { backoffMs } from '../backoff.ts'
import { DarkroomError } from '../errors.ts'
import { sleep } from '../sleep.ts'

interface PersistenceDeps {
  untilReachable: UntilReachable
  /** How long everything may fail before the first failure is reported, in ms. Being offline does not count. */
  giveUpAfterMs: number
  signal: AbortSignal
  /** Told of each failure that is sat out, and with null once something has succeeded again. */
  onInterruption?: (failure: DarkroomError | null) => void
}

/**
 * Resolves at once where the service can be reached, else with true as soon as it can be again. `failure` is what the attempt
 * before failed with; null before the first.
 */
export type UntilReachable = (signal: AbortSignal, failure: DarkroomError | null) => Promise<boolean>

/** A service that asks for a wait of this length is waited for, however soon everything else is given up. */
const LONGEST_WAIT_MS = 60_000

export type Persistence = ReturnType<typeof createPersistence>

/** Repeats what fails for a passing reason, until nothing has succeeded for too long. */
export function createPersistence({ untilReachable, giveUpAfterMs, signal, onInterruption }: PersistenceDeps) {
  let failingSince: number | null = null

  return async function persist<T>(
    attempt: (retry: number) => Promise<T>,
    mayRepeat: (error: DarkroomError, retry: number) => boolean,
  ): Promise<T> {
    let failure: DarkroomError | null = null
    for (let retry = 0; ; retry += 1) {
      if (await untilReachable(signal, failure)) failingSince = null
      try {
        const result = await attempt(retry)
        failingSince = null
        if (failure) onInterruption?.(null)
        return result
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof DarkroomError) || !mayRepeat(error, retry)) throw error
        failure = error
        failingSince ??= Date.now()
        if (Date.now() - failingSince > giveUpAfterMs) throw error
        const askedMs = (error.retryAfter ?? 0) * 1000
        // A timer has an upper limit as well: beyond 24 days it would fire at once.
        if (askedMs > Math.max(giveUpAfterMs, LONGEST_WAIT_MS)) throw error
        onInterruption?.(error)
        const waitMs = backoffMs(retry, null)
        // What the service asks for beyond that is no time in which it was tried.
        failingSince += Math.max(0, askedMs - waitMs)
        await sleep(Math.max(askedMs, waitMs), signal)
      }
    }
  }
}
