import { QUEUE_NAMES, type QueueName } from '@darkroom/contracts'
import { createWakeUp, EVERYTHING, type FaultInjection, type Logger, NO_FAULTS } from '@darkroom/core'
import type { DatabaseClient } from '@darkroom/db/client'
import { JOBS_CHANNEL } from '@darkroom/db/jobs'
import type { JobQueues } from '../executor/index.ts'
import { findWaitingWork } from '../sql/index.ts'
import { dispatchQueue } from './dispatch-queue.ts'
import { createLeadership } from './leadership.ts'
import { reconcile } from './reconcile.ts'

const POLL_MS = 2000
/** How soon to poll again while more jobs wait than fit. */
const BACKLOG_POLL_MS = 100
const RECONCILE_EVERY_MS = 5000
/** A job that is dispatched and not claimed for this long is looked up in the queue, and dispatched again if it is missing. */
const UNCLAIMED_AFTER_SEC = 10
/** After a reconnect, when the queue may have lost everything. */
const UNCLAIMED_AFTER_RECONNECT_SEC = 2

export interface Dispatcher {
  close(): Promise<void>
}

interface DispatcherDeps {
  database: DatabaseClient
  queues: JobQueues
  logger: Logger
  faults: FaultInjection
  /** How often it polls without a NOTIFY. */
  pollMs: number
}

/**
 * Dispatches due rows to BullMQ. Every worker has a dispatcher, and one of them leads. It wakes on NOTIFY, at the next due time, and
 * every two seconds.
 */
export async function startDispatcher(
  options: Omit<DispatcherDeps, 'pollMs' | 'faults'> & Partial<DispatcherDeps>,
): Promise<Dispatcher> {
  const deps: DispatcherDeps = { pollMs: POLL_MS, faults: NO_FAULTS, ...options }
  const { database, queues, logger, pollMs } = deps
  const wakeUp = createWakeUp()
  const round = createRound(deps)
  const onReconnect = () => {
    round.expectLosses()
    wakeUp.ring()
  }
  const unlisten = await database.listen(JOBS_CHANNEL, wakeUp.ring, onReconnect)
  const stopReconnect = queues.onReconnect(onReconnect)
  const leadership = createLeadership(database, logger)
  let isClosing = false

  const dispatch = async (topics: Set<string>): Promise<number> => {
    if (!(await leadership.isOurs())) return pollMs
    let wentWell = false
    try {
      const waitMs = await round.run(topics)
      wentWell = true
      return waitMs
    } finally {
      await leadership.roundEnded(wentWell)
    }
  }
  const loop = async () => {
    let topics = new Set<string>()
    while (!isClosing) {
      let waitMs = pollMs
      try {
        waitMs = await dispatch(topics)
      } catch (error) {
        logger.warn({ err: error }, 'dispatching failed; retrying')
      }
      if (!isClosing) topics = await wakeUp.wait(waitMs)
    }
  }
  const running = loop()

  return {
    async close() {
      isClosing = true
      wakeUp.ring()
      await running
      stopReconnect()
      await unlisten()
      await leadership.release()
    },
  }
}

/** Runs a round of the leader each time that it wakes. */
function createRound(deps: DispatcherDeps) {
  let reconciledAt = performance.now()
  let surveyedAt = Number.NEGATIVE_INFINITY
  let olderThanSec = UNCLAIMED_AFTER_SEC
  return {
    expectLosses: () => {
      olderThanSec = UNCLAIMED_AFTER_RECONNECT_SEC
    },
    /** @returns how long to wait until the next round, unless notified */
    async run(topics: Set<string>): Promise<number> {
      if (performance.now() - reconciledAt > RECONCILE_EVERY_MS || olderThanSec < UNCLAIMED_AFTER_SEC) {
        const askedForSec = olderThanSec
        await reconcile(deps, askedForSec)
        reconciledAt = performance.now()
        // Dispatches that were under way at a reconnect are checked once more.
        if (askedForSec < UNCLAIMED_AFTER_SEC) olderThanSec = UNCLAIMED_AFTER_SEC
      }
      // Under steady load one queue is always notified; a job that becomes due in another sends no NOTIFY.
      const isSurvey = topics.has(EVERYTHING) || topics.size === 0 || performance.now() - surveyedAt > deps.pollMs
      if (isSurvey) surveyedAt = performance.now()
      return isSurvey ? dispatchWaiting(deps) : dispatchRung(deps, topics)
    },
  }
}

/** Dispatches to every queue that has work. */
async function dispatchWaiting(deps: DispatcherDeps): Promise<number> {
  const { queues, secondsToNextDue } = await findWaitingWork(deps.database.db, deps.faults)
  if (await dispatchQueues(deps, queues)) return BACKLOG_POLL_MS
  const untilDueMs = secondsToNextDue === null ? deps.pollMs : secondsToNextDue * 1000
  return Math.min(deps.pollMs, Math.max(1, untilDueMs))
}

/** Dispatches to the queues that were notified. */
async function dispatchRung(deps: DispatcherDeps, topics: Set<string>): Promise<number> {
  const queues = QUEUE_NAMES.filter(queue => topics.has(queue))
  return (await dispatchQueues(deps, queues)) ? BACKLOG_POLL_MS : deps.pollMs
}

async function dispatchQueues(deps: DispatcherDeps, queues: QueueName[]): Promise<boolean> {
  let hasBacklog = false
  for (const queue of queues) {
    if (await dispatchQueue(deps, queue)) hasBacklog = true
  }
  return hasBacklog
}
