import { JobPayload, QUEUE_NAMES, type QueueName } from '@darkroom/contracts'
import type { Logger } from '@darkroom/core'
import { z } from 'zod'
import { type BullQueue, openBull } from './bull.ts'
import type { QueueBackendConfig } from './config.ts'
import { invalidEntry, queueUnavailable } from './errors.ts'
import { ENTRY_NAME, MAX_PRIORITY } from './settings.ts'

export interface QueueDeps {
  logger: Logger
}

/** One hand-over of a job's row to the executor. */
export interface QueueEntry {
  /** `<jobId>-<dispatchSeq>`, never used again. */
  dispatchId: string
  payload: JobPayload
  /** 0 goes first, then 1, 2 …; entries of one priority in the order they came. */
  priority: number
}

/**
 * The queues of one process. The rows in Postgres are the truth and this is only their executor: what is lost here is dispatched
 * again. Every method throws AppError UNAVAILABLE, at once or within seconds, when the backend does not answer.
 */
export interface JobQueues {
  readonly backend: 'redis' | 'postgres'
  /** Adds an entry; one whose id is still known is ignored. Never waits for a backend that is down. */
  add(queue: QueueName, entry: QueueEntry): Promise<void>
  /** Whether the entry still waits to be taken. */
  has(queue: QueueName, dispatchId: string): Promise<boolean>
  /** Entries that wait for a worker, also while the queue is paused. */
  depth(queue: QueueName): Promise<number>
  counts(queue: QueueName): Promise<{ waiting: number; active: number }>
  /** Forgets an entry that waits; one that runs, or is not known, stays as it is. */
  remove(queue: QueueName, dispatchId: string): Promise<void>
  /** Every worker of the queue, in every process, stops taking entries; running ones go on. */
  pause(queue: QueueName): Promise<void>
  resume(queue: QueueName): Promise<void>
  isPaused(queue: QueueName): Promise<boolean>
  /** Throws unless the backend answers; for `/readyz`. */
  check(): Promise<void>
  close(): Promise<void>
}

/** BullMQ refuses ids that have a `:` or are all digits. */
const Entry = z.object({
  dispatchId: z.string().regex(/^(?!\d+$)[\w-]{1,100}$/),
  payload: JobPayload,
  priority: z.int().min(0).max(MAX_PRIORITY),
})

/**
 * Connects to the queues; on Postgres run `migrateQueue` first.
 * @throws AppError UNAVAILABLE when the backend does not answer or its schema is missing
 */
export async function createJobQueues(config: QueueBackendConfig, deps: QueueDeps): Promise<JobQueues> {
  const backend = config.kind
  const call = <T>(work: Promise<T>): Promise<T> =>
    work.catch(error => {
      throw queueUnavailable(backend, error)
    })
  const bull = await call(openBull(config, deps, 'queues'))
  const queues = new Map<QueueName, BullQueue>(QUEUE_NAMES.map(name => [name, bull.openQueue(name)]))
  const of = (name: QueueName): BullQueue => {
    const queue = queues.get(name)
    if (queue === undefined) throw invalidEntry(new Error(`There is no queue ${name}.`))
    return queue
  }
  const close = async () => {
    await Promise.all([...queues.values()].map(queue => queue.close()))
    await bull.close()
  }
  const counts = async (name: QueueName) => {
    const queue = of(name)
    const [plain, { prioritized = 0, active = 0 }] = await call(
      Promise.all([
        queue.getCountsPerPriority([0]), // `waiting` would be 0 on Postgres while the queue is paused
        queue.getJobCounts('prioritized', 'active'),
      ]),
    )
    return { waiting: (plain['0'] ?? 0) + prioritized, active }
  }
  try {
    await Promise.all([...queues.values()].map(queue => queue.waitUntilReady()))
  } catch (error) {
    await close()
    throw queueUnavailable(backend, error)
  }

  return {
    backend,
    async add(name, entry) {
      const checked = Entry.safeParse(entry)
      if (!checked.success) throw invalidEntry(checked.error)
      const { dispatchId, payload, priority } = checked.data
      await call(of(name).add(ENTRY_NAME, payload, { jobId: dispatchId, priority }))
    },
    has: async (name, dispatchId) => KNOWN.has(await call(of(name).getJobState(dispatchId))),
    depth: async name => (await counts(name)).waiting,
    counts,
    async remove(name, dispatchId) {
      await call(of(name).remove(dispatchId))
    },
    pause: name => call(of(name).pause()),
    resume: name => call(of(name).resume()),
    isPaused: name => call(of(name).isPaused()),
    check: () => call(bull.ping()),
    close,
  }
}

/** Not `active`: a job that a living worker took is claimed in its row within moments, and asked about no more. */
const KNOWN: ReadonlySet<string> = new Set(['waiting', 'delayed', 'prioritized'])
