import { JOB_PAYLOAD_VERSION, LANES, QUEUE_NAMES, type QueueName } from '@darkroom/contracts'
import type { Logger } from '@darkroom/core'
import {
  type DatabaseClient,
  type Dispatchable,
  findDispatchable,
  JOBS_CHANNEL,
  keepDispatched,
  markDispatched,
  secondsToNextDue,
  undoDispatch,
} from '@darkroom/db'
import type { JobQueues } from '@darkroom/queue'

/** BullMQ is kept shallow, so that what is urgent does not wait behind what was handed over long ago. */
const MAX_DEPTH = 40
const POLL_MS = 2000
/** How soon to look again while there is more than fits. */
const BACKLOG_POLL_MS = 50
/** A job handed over and not claimed for so long is looked up in the queue, and handed over again if it is not there. */
const STALE_AFTER_SEC = 10
const LEADER_LOCK = 'darkroom.dispatcher'

export interface Dispatcher {
  close(): Promise<void>
}

interface DispatcherDeps {
  database: DatabaseClient
  queues: JobQueues
  logger: Logger
}

/**
 * Moves due rows into BullMQ. Every worker has one; an advisory lock lets one lead, and another takes over when its
 * connection ends. Woken by NOTIFY, by the next due time, and every two seconds.
 */
export async function startDispatcher(deps: DispatcherDeps): Promise<Dispatcher> {
  const { database, logger } = deps
  const wakeUp = createWakeUp()
  const unlisten = await database.listen(JOBS_CHANNEL, wakeUp.ring, wakeUp.ring)
  let isClosing = false
  let leadership: { release(): Promise<void> } | null = null

  const lead = async () => {
    leadership ??= await database.tryAdvisoryLock(LEADER_LOCK, () => {
      leadership = null
    })
    return leadership !== null
  }

  const loop = async () => {
    while (!isClosing) {
      let waitMs = POLL_MS
      try {
        if (await lead()) waitMs = await dispatchAll(deps)
      } catch (error) {
        logger.warn({ err: error }, 'dispatching failed; it is tried again')
      }
      if (!isClosing) await wakeUp.wait(waitMs)
    }
  }
  const running = loop()

  return {
    async close() {
      isClosing = true
      wakeUp.ring()
      await running
      await unlisten()
      await leadership?.release()
    },
  }
}

/** One round over all queues. @returns how long to wait until the next */
async function dispatchAll(deps: DispatcherDeps): Promise<number> {
  let hasBacklog = false
  for (const queue of QUEUE_NAMES) {
    if (await dispatchQueue(deps, queue)) hasBacklog = true
  }
  if (hasBacklog) return BACKLOG_POLL_MS
  const dueInSec = await secondsToNextDue(deps.database.db)
  return Math.min(POLL_MS, Math.max(1, (dueInSec ?? POLL_MS) * 1000))
}

/** Fills one queue up. @returns whether there may be more than fits */
async function dispatchQueue(deps: DispatcherDeps, queue: QueueName): Promise<boolean> {
  const due = await findDispatchable(deps.database.db, { queue, limit: MAX_DEPTH, staleAfterSec: STALE_AFTER_SEC })
  if (due.length === 0) return false
  const room = MAX_DEPTH - (await deps.queues.depth(queue))
  for (const job of due.slice(0, Math.max(0, room))) await dispatch(deps, job)
  return due.length > room || due.length === MAX_DEPTH
}

const dispatchId = (jobId: string, seq: number) => `${jobId}-${seq}`

async function dispatch({ database, queues }: DispatcherDeps, job: Dispatchable): Promise<void> {
  const { db } = database
  if (job.dispatchedAt && (await queues.has(job.queue, dispatchId(job.id, job.dispatchSeq))))
    return keepDispatched(db, job.id)
  const seq = await markDispatched(db, job)
  if (seq === null) return
  try {
    await queues.add(job.queue, {
      dispatchId: dispatchId(job.id, seq),
      payload: { v: JOB_PAYLOAD_VERSION, jobId: job.id },
      priority: LANES.indexOf(job.lane) + 1,
    })
  } catch (error) {
    await undoDispatch(db, job.id)
    throw error
  }
}

/** A bell that one loop waits for; ringing while nobody waits is remembered. */
function createWakeUp() {
  let isRung = false
  let wake: (() => void) | null = null
  return {
    ring: () => {
      isRung = true
      wake?.()
    },
    wait: async (timeoutMs: number) => {
      if (!isRung) {
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, timeoutMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      isRung = false
      wake = null
    },
  }
}
