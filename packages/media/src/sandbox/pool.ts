import { availableParallelism } from 'node:os'
import type { Logger } from '@darkroom/core'
import { aborted, childCrashed, poolClosed, timedOut } from '../errors.ts'
import type { Limits } from '../limits.ts'
import { findIsolation } from './isolation.ts'
import { type MediaChild, mediaChild } from './media-child.ts'
import { type MediaProcess, startMediaProcess } from './media-process.ts'
import { stable } from './stable.ts'
import { turnstile } from './turnstile.ts'

export interface WithChildOptions {
  /** A process never serves two projects. */
  projectId: string
  /** The job's own folder: its files and what is made of them. */
  workDir: string
  /** Kills the process; calls fail with the signal's reason when that is an AppError, else LEASE_LOST. */
  signal: AbortSignal
  /** Wall time from the moment the job has its process. */
  timeoutMs: number
  /** Takes a place that is kept for such jobs, so that it waits for none of the others. */
  isReserved?: boolean
}

export interface MediaPool {
  /** How well the processes are shut in on this host; say it aloud at start when it is not `full`. */
  readonly sandbox: { level: 'full' | 'reduced'; reason?: string }
  /** Runs `use` with a process of its own; waits in turn while all are busy. */
  withChild<T>(options: WithChildOptions, use: (child: MediaChild) => Promise<T>): Promise<T>
  /** Ends every process and waits until they are gone. Work under way fails with UNAVAILABLE. */
  close(): Promise<void>
}

export interface MediaPoolOptions {
  /** Jobs at once, besides a reserved one. One more process than that is kept warm. */
  size: number
  limits: Limits
  logger: Logger
  sandbox?: 'auto' | 'off'
}

/** @throws AppError when the processes do not come up */
export async function startMediaPool({ size, limits, logger, sandbox = 'auto' }: MediaPoolOptions): Promise<MediaPool> {
  const isolation = await findIsolation(limits, sandbox)
  const settings = { limits, threads: Math.max(1, Math.floor(availableParallelism() / size)) }
  const gate = turnstile(size)
  const processes = stable({
    size,
    start: () => startMediaProcess({ isolation, settings, logger }),
    retired: () => childCrashed({ reason: 'it was retired' }),
  })
  await processes.warm().catch(async error => {
    await processes.close(poolClosed())
    throw error
  })

  return {
    sandbox: { level: isolation.level, ...(isolation.reason === undefined ? {} : { reason: isolation.reason }) },

    async withChild(options, use) {
      await gate.enter(options.signal, aborted, options.isReserved)
      try {
        const process = await processes.take(options.projectId)
        const release = guardJob(process, options)
        try {
          const result = await use(mediaChild(process))
          processes.giveBack(process, options.projectId, true)
          return result
        } catch (error) {
          processes.giveBack(process, options.projectId, false)
          throw error
        } finally {
          release()
        }
      } finally {
        gate.leave(options.isReserved)
      }
    },

    async close() {
      gate.close(poolClosed())
      await processes.close(poolClosed())
    },
  }
}

/** Kills the process when the job is called off or takes too long; returns what takes the guard away again. */
function guardJob(process: MediaProcess, { signal, timeoutMs }: WithChildOptions): () => void {
  const abort = () => process.kill(aborted(signal))
  const timer = setTimeout(() => process.kill(timedOut(timeoutMs)), timeoutMs)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  return () => {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}
