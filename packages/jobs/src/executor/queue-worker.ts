import { setTimeout as sleep } from 'node:timers/promises'
import type { JobPayload, QueueName } from '@darkroom/contracts'
import type { Logger } from '@darkroom/core'
import { DelayedError, type Job } from 'bullmq'
import { type BullWorker, openBull } from './bull.ts'
import type { QueueBackendConfig } from './config.ts'
import { queueUnavailable } from './errors.ts'
import type { QueueDeps } from './job-queues.ts'
import { readPayload } from './payload.ts'
import { HAND_BACK_MS, RETRY_MS, reservedName } from './settings.ts'

export interface QueueWorkerOptions {
  queue: QueueName
  /** Serves the entries that were added with `isReserved`, and only those. */
  reserved?: boolean
  /** Jobs in flight at a time. */
  concurrency: number
  /** Runs one job. Must not throw: outcomes belong to rows. `signal` aborts when the worker is closed by force. */
  run: (payload: JobPayload, signal?: AbortSignal) => Promise<void>
}

export interface QueueWorker {
  /** Takes no more entries and waits for those in flight; with `force` it aborts their signals and does not wait. */
  close(options?: { force?: boolean }): Promise<void>
  /** Jobs in flight. */
  readonly active: number
  /** From the next entry on; running jobs go on. */
  setConcurrency(concurrency: number): void
}

/**
 * Runs the entries of one queue until it is closed; outlives restarts of its backend. A lost BullMQ lock aborts nothing, since the
 * lease on the row decides who works; it is only logged.
 * @throws AppError UNAVAILABLE when the backend does not answer or its schema is missing
 */
export async function createQueueWorker(
  config: QueueBackendConfig,
  deps: QueueDeps,
  options: QueueWorkerOptions,
): Promise<QueueWorker> {
  const logger = deps.logger.child({ queue: options.queue })
  const inFlight = { count: 0 }
  const bull = await openBull(config, { logger }, 'worker').catch(error => {
    throw queueUnavailable(config.kind, error)
  })
  const process = createProcess(options.run, logger, inFlight)
  const worker = bull.openWorker(
    options.reserved ? reservedName(options.queue) : options.queue,
    process,
    options.concurrency,
  )
  try {
    await worker.waitUntilReady()
  } catch (error) {
    await worker.close(true)
    await bull.close()
    throw queueUnavailable(config.kind, error)
  }
  const stop = new AbortController()
  const running = keepRunning(worker, logger, stop.signal)

  const shutDown = async (force: boolean) => {
    stop.abort()
    if (force) {
      worker.cancelAllJobs('the worker is shutting down')
      await bull.interrupt(worker)
    }
    await worker.close(force)
    if (!force) await running
    await bull.close()
  }
  let draining: Promise<void> | undefined
  return {
    close({ force = false } = {}) {
      draining ??= shutDown(force)
      return draining
    },
    get active() {
      return inFlight.count
    },
    setConcurrency(concurrency) {
      worker.concurrency = concurrency
    },
  }
}

/**
 * Creates the function that runs one entry: read, run, count. An error makes BullMQ drop the entry as failed, never as
 * completed.
 */
function createProcess(run: QueueWorkerOptions['run'], logger: Logger, inFlight: { count: number }) {
  return async (job: Job<unknown, void>, token?: string, signal?: AbortSignal): Promise<void> => {
    const reading = readPayload(job.data, Date.now() - job.timestamp)
    if (reading.type === 'handBack') {
      logger.warn({ dispatchId: job.id, handBackMs: HAND_BACK_MS }, 'entry of a newer payload version, handed back')
      await job.moveToDelayed(Date.now() + HAND_BACK_MS, token)
      throw new DelayedError()
    }
    if (reading.type === 'drop') {
      logger.error(
        { dispatchId: job.id, reason: reading.reason },
        'entry not run, dropped for the dispatcher to add again',
      )
      throw new Error(reading.reason)
    }
    inFlight.count++
    try {
      await run(reading.payload, signal)
    } catch (error) {
      logger.error(
        { err: error, dispatchId: job.id, jobId: reading.payload.jobId },
        'a job run threw, which it never should',
      )
      throw error
    } finally {
      inFlight.count--
    }
  }
}

/**
 * Runs BullMQ's loop until `stop`, and starts it again when it ends with an error. Otherwise a worker that looks alive
 * would run nothing.
 */
export async function keepRunning(worker: Pick<BullWorker, 'run'>, logger: Logger, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      await worker.run()
      return
    } catch (error) {
      logger.error({ err: error }, 'the loop of a queue worker ended, starting it again')
      if (!stop.aborted) await sleep(RETRY_MS)
    }
  }
}
