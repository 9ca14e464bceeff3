import type { JobsOptions, Processor, WorkerOptions } from 'bullmq'
import type { QueueBackendConfig } from './config.ts'
import type { QueueDeps } from './job-queues.ts'
import { LOCK_MS, LOCK_RENEW_MS, MAX_STREAM_EVENTS, PREFIX, RETRY_MS, STALLED_CHECK_MS } from './settings.ts'

/** What we use of a BullMQ queue; both backends have it. */
export interface BullQueue {
  add(name: string, data: unknown, options: JobsOptions): Promise<unknown>
  getJobs(states: ('waiting' | 'prioritized' | 'delayed')[], start: number, end: number): Promise<{ id?: string }[]>
  getJobCounts(...types: ('waiting' | 'prioritized' | 'delayed' | 'active')[]): Promise<Record<string, number>>
  remove(id: string): Promise<number>
  waitUntilReady(): Promise<unknown>
  close(): Promise<void>
}

/** What we use of a BullMQ worker; both backends have it. */
export interface BullWorker {
  concurrency: number
  run(): Promise<void>
  cancelAllJobs(reason?: string): void
  waitUntilReady(): Promise<unknown>
  close(force?: boolean): Promise<void>
}

/** BullMQ on one kind of server, with the connections that it needs. */
export interface Bull {
  readonly kind: 'redis' | 'postgres'
  openQueue(name: string): BullQueue
  openWorker(name: string, process: Processor<unknown, void>, concurrency: number): BullWorker
  /** Ends a worker's wait for a wake-up, so that a forced close leaves no timer behind. */
  interrupt(worker: BullWorker): Promise<void>
  ping(): Promise<void>
  onReconnect(callback: () => void): () => void
  /** Gives the connections back. Close queues and workers first. */
  close(): Promise<void>
}

/** Rows own attempts and backoff: an entry runs once and leaves nothing behind, for a kept id would silently block its re-adding. */
export const QUEUE_OPTIONS = {
  prefix: PREFIX,
  defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
  streams: { events: { maxLen: MAX_STREAM_EVENTS } },
} as const

export const WORKER_OPTIONS = {
  prefix: PREFIX,
  autorun: false,
  maxStalledCount: 0,
  stalledInterval: STALLED_CHECK_MS,
  lockDuration: LOCK_MS,
  lockRenewTime: LOCK_RENEW_MS,
  runRetryDelay: RETRY_MS,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
} as const satisfies Partial<WorkerOptions>

/**
 * Connects for adding (`queues`) or for running (`worker`); throws the server's error when it cannot. Loads the client of that server
 * alone.
 */
export async function openBull(config: QueueBackendConfig, deps: QueueDeps, role: 'queues' | 'worker'): Promise<Bull> {
  if (config.kind === 'redis') return (await import('./redis-bull.ts')).openRedis(config, deps, role)
  return (await import('./postgres-bull.ts')).openPostgres(config, deps)
}
