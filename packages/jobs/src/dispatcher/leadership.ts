import type { Logger } from '@darkroom/core'
import type { AdvisoryLock, DatabaseClient } from '@darkroom/db/client'

const LOCK = 'darkroom.dispatcher'
/** How often a leader renews its lock, and other workers try to take it: each attempt needs a connection. */
const ASK_EVERY_MS = 2000
/** A leader whose rounds fail for so long, because it cannot reach the queue, gives up the lock for another worker. */
const FAILING_MS = 5000
/** How long it waits before it tries again: every other worker has tried by then, and without another worker it may work again. */
const STAND_ASIDE_MS = 5000

export interface Leadership {
  /** Whether this process leads now. Call it before each round, because leadership that is not renewed ends. */
  isOurs(): Promise<boolean>
  /** Reports whether a round that this process led succeeded. */
  roundEnded(wentWell: boolean): Promise<void>
  release(): Promise<void>
}

/**
 * Creates the election of the one worker that dispatches: the holder of an advisory lock that keeps completing its
 * rounds. A worker that is frozen, cut off or stuck in a round stops renewing the lock, and Postgres gives it to
 * another within seconds. For a moment two may lead; every dispatch is guarded by its row.
 */
export function createLeadership(database: DatabaseClient, logger: Logger): Leadership {
  let lock: AdvisoryLock | null = null
  let askAfter = Number.NEGATIVE_INFINITY
  let failingSince: number | null = null

  const release = async () => {
    const held = lock
    lock = null
    await held?.release()
  }
  const ask = async () => {
    const asked = await database.tryAdvisoryLock(LOCK, () => {
      lock = null
      logger.warn('lost the leadership of dispatching')
    })
    lock = asked
  }
  const keep = async (held: AdvisoryLock) => {
    try {
      await held.keep()
    } catch (error) {
      await release()
      throw error
    }
  }

  return {
    async isOurs() {
      const now = performance.now()
      if (now >= askAfter) {
        askAfter = now + ASK_EVERY_MS
        await (lock ? keep(lock) : ask())
      }
      return lock !== null
    },
    async roundEnded(wentWell) {
      if (wentWell) failingSince = null
      else failingSince ??= performance.now()
      if (failingSince === null || performance.now() - failingSince < FAILING_MS) return
      failingSince = null
      askAfter = performance.now() + STAND_ASIDE_MS
      logger.warn('dispatching fails here; another worker can take over the leadership')
      await release()
    },
    release,
  }
}
