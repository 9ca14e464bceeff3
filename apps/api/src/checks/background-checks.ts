import type { Clock, Logger } from '@darkroom/core'
import { type CheckResult, isAmiss } from '@darkroom/core/checks'

/** Runs checks one after the other, and stops before the next one when it is over. */
export type RunChecks = (isOver: () => boolean) => Promise<CheckResult[]>

interface LastRun {
  /** Null until the first run has ended. */
  checkedAt: Date | null
  isRunning: boolean
  results: CheckResult[]
}

/** The last run of the checks of this installation. */
export interface BackgroundChecks {
  /** Returns it at once, and has the checks run again in the background when it is old. */
  read(): LastRun
  /** Waits for the check that is running. */
  close(): Promise<void>
}

const EVERY_MS = 10 * 60_000
/** While something is amiss, so that a repair shows soon. */
const AMISS_EVERY_MS = 60_000

/**
 * Creates checks that run when somebody looks, at most once in ten minutes, or in one while something is amiss: nobody waits for them, and an
 * installation that nobody looks at asks its store nothing.
 */
export function createBackgroundChecks(
  run: RunChecks,
  { clock, logger }: { clock: Clock; logger: Logger },
): BackgroundChecks {
  let last: Omit<LastRun, 'isRunning'> = { checkedAt: null, results: [] }
  let startedMs = Number.NEGATIVE_INFINITY
  let running: Promise<void> | null = null
  let isClosed = false

  async function runAll(): Promise<void> {
    try {
      const results = await run(() => isClosed)
      if (!isClosed) last = { checkedAt: clock.now(), results }
    } catch (err) {
      logger.error({ err }, 'the checks of this installation could not run')
    } finally {
      running = null
    }
  }

  return {
    read() {
      const now = clock.now().getTime()
      const everyMs = last.results.some(isAmiss) ? AMISS_EVERY_MS : EVERY_MS
      if (!isClosed && running === null && now - startedMs >= everyMs) {
        startedMs = now
        running = runAll()
      }
      return { ...last, isRunning: running !== null }
    },
    async close() {
      isClosed = true
      await running
    },
  }
}
