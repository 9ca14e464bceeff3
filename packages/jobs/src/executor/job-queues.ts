import { JobPayload, QUEUE_NAMES, type QueueName } from '@darkroom/contracts'
import type { Logger } from '@darkroom/core'
import { z } from 'zod'
import { type BullQueue, openBull } from './bull.ts'
import type { QueueBackendConfig } from './config.ts'
import { invalidEntry, queueUnavailable } from './errors.ts'
import { ENTRY_NAME, MAX_PRIORITY, reservedName } from './settings.ts'

export interface QueueDeps {
  logger: Logger
}

/** One dispatch of a job's row to the executor. */
export interface QueueEntry {
  /** `<jobId>-<dispatchSeq>`, never used again. */
  dispatchId: string
  payload: JobPayload
  /** 0 goes first, then 1, 2 …; entries of one priority in the order they came. */
  priority: number
  /** For the workers' reserved slots (`createQueueWorker`'s `reserved`), which take no other entries. */
  isReserved?: boolean
}

/**
 * The queues of one process. The rows in Postgres are the source of truth and this is only their executor: a lost entry is dispatched
 * again. Every method throws AppError UNAVAILABLE, at once or within seconds, when the backend does not answer.
 */
export interface JobQueues {
  readonly backend: 'redis' | 'postgres'
  /** Adds an entry; one whose id is still known is ignored. Never waits for a backend that is down. */
  add(queue: QueueName, entry: QueueEntry): Promise<void>
  /** Ids of the entries that wait to be taken, reserved ones included; at most `MAX_LISTED`. */
  waiting(queue: QueueName): Promise<Set<string>>
  /** Calls back whenever the connection to the backend is restored, because entries may be lost. @returns a function that stops it */
  onReconnect(callback: () => void): () => void
  /** Entries that wait and entries that run, reserved ones included. */
  counts(queue: QueueName): Promise<{ waiting: number; active: number }>
  /** Forgets an entry that waits; one that runs, or is not known, stays as it is. */
  remove(queue: QueueName, dispatchId: string): Promise<void>
  /** Throws unless the backend answers; for `/readyz`. */
  check(): Promise<void>
  close(): Promise<void>
}

/** BullMQ refuses ids that have a `:` or are all digits. */
const Entry = z.object({
  dispatchId: z.string().regex(/^(?!\d+$)[\w-]{1,100}$/),
  payload: JobPayload,
  priority: z.int().min(0).max(MAX_PRIORITY),
  isReserved: z.boolean().default(false),
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
  const pairs = new Map<QueueName, QueuePair>()
  const all: BullQueue[] = []
  const open = async (name: string): Promise<BullQueue> => {
    const queue = bull.openQueue(name)
    all.push(queue)
    await queue.waitUntilReady()
    return queue
  }
  const both = (name: QueueName): BullQueue[] => {
    const pair = pairs.get(name)
    if (pair === undefined) throw invalidEntry(new Error(`There is no queue ${name}.`))
    return [pair.shared, pair.reserved]
  }
  const close = async () => {
    await Promise.all(all.map(queue => queue.close()))
    await bull.close()
  }
  try {
    // One after the other: at once, each would open a connection to Postgres.
    for (const name of QUEUE_NAMES)
      pairs.set(name, { shared: await open(name), reserved: await open(reservedName(name)) })
  } catch (error) {
    await close()
    throw queueUnavailable(backend, error)
  }

  return {
    backend,
    async add(name, entry) {
      const checked = Entry.safeParse(entry)
      if (!checked.success) throw invalidEntry(checked.error)
      const { dispatchId, payload, priority, isReserved } = checked.data
      const [shared, reserved] = both(name)
      const queue = isReserved ? reserved : shared
      await call(Promise.resolve(queue?.add(ENTRY_NAME, payload, { jobId: dispatchId, priority })))
    },
    async waiting(name) {
      const lists = await call(Promise.all(both(name).map(queue => queue.getJobs([...WAITING], 0, MAX_LISTED - 1))))
      return new Set(lists.flat().flatMap(job => job.id ?? []))
    },
    onReconnect: bull.onReconnect,
    async counts(name) {
      const counts = await call(Promise.all(both(name).map(queue => queue.getJobCounts(...WAITING, 'active'))))
      const sum = (...states: string[]) =>
        counts.flatMap(count => states.map(state => count[state] ?? 0)).reduce(add, 0)
      return { waiting: sum('waiting', 'prioritized'), active: sum('active') }
    },
    async remove(name, dispatchId) {
      await call(Promise.all(both(name).map(queue => queue.remove(dispatchId))))
    },
    check: () => call(bull.ping()),
    close,
  }
}

interface QueuePair {
  shared: BullQueue
  reserved: BullQueue
}

/** Not `active`: a job that a living worker took is claimed in its row within moments, and asked about no more. */
const WAITING = ['waiting', 'prioritized', 'delayed'] as const
/** Far more than the dispatcher ever lets wait. */
const MAX_LISTED = 5000

const add = (a: number, b: number) => a + b
