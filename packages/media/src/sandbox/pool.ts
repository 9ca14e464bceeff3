import { availableParallelism, tmpdir } from 'node:os'
import type { Logger } from '@darkroom/core'
import { aborted, childCrashed, poolClosed, timedOut } from '../errors.ts'
import type { Limits } from '../limits.ts'
import { compileCode } from './compile-code.ts'
import { findIsolation, type Isolation } from './isolation.ts'
import { type MediaChild, mediaChild } from './media-child.ts'
import { type MediaProcess, startMediaProcess } from './media-process.ts'
import type { ChildSettings, Tools } from './protocol.ts'
import { type Stable, stable } from './stable.ts'
import { turnstile } from './turnstile.ts'

export interface WithChildOptions {
  /** A process never serves two projects. */
  projectId: string
  /** The job's own folder, below the pool's `tempRoot`: its files and what is made of them. */
  workDir: string
  /** Kills the process; calls fail with the signal's reason when that is an AppError, else LEASE_LOST. */
  signal: AbortSignal
  /** Wall time from the moment the job has its process. */
  timeoutMs: number
  /** Takes a place that is kept for such jobs, so that it waits for none of the others. */
  isReserved?: boolean
  /**
   * A process that is started for this job, sees no other job's folder and ends with it; for decoders that we trust least.
   * Its calls have no other time limit than that of the job.
   */
  isFresh?: boolean
}

export interface MediaPool {
  /** How well the processes are shut in on this host; say it aloud at start when it is not `full`. */
  readonly sandbox: Pick<Isolation, 'level' | 'reason'>
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
  /** An existing folder that all jobs' folders lie in, and secrets do not; the system's temporary folder when left out. */
  tempRoot?: string
  /**
   * An existing folder of this pool alone, outside of `tempRoot`, for V8's code of our own modules; compiled anew at each
   * start when left out, which makes every process start slower.
   */
  codeDir?: string
  /** Programs that the processes may start; null, as when left out, where there are none. */
  tools?: Tools | null
}

/** @throws AppError when the processes do not come up */
export async function startMediaPool(options: MediaPoolOptions): Promise<MediaPool> {
  const { size, limits, logger, sandbox = 'auto', tempRoot = tmpdir(), tools = null, codeDir } = options
  const isolation = await findIsolation({ limits, sandbox, tools, folder: tempRoot })
  const settings = {
    ...{ limits, tools, threads: Math.max(1, Math.floor(availableParallelism() / size)) },
    codeDir: codeDir === undefined ? null : await compileCode(isolation, codeDir, logger),
  }
  const gate = turnstile(size)
  const processes = stable({
    size,
    start: () => startMediaProcess({ isolation, settings, logger, view: { folder: tempRoot, ...readable(settings) } }),
    retired,
  })
  await processes.warm().catch(async error => {
    await processes.close(poolClosed())
    throw error
  })
  const take = (job: WithChildOptions): MediaProcess =>
    job.isFresh ? processes.takeOwn(() => startFresh(isolation, settings, logger, job)) : processes.take(job.projectId)

  return {
    sandbox: { level: isolation.level, ...(isolation.reason === undefined ? {} : { reason: isolation.reason }) },

    async withChild(job, use) {
      await gate.enter(job.signal, aborted, job.isReserved)
      try {
        return await runJob(processes, take(job), job, use, limits)
      } finally {
        gate.leave(job.isReserved)
      }
    },

    async close() {
      gate.close(poolClosed())
      await processes.close(poolClosed())
    },
  }
}

const retired = () => childCrashed({ reason: 'it was retired' })

const readable = ({ codeDir }: ChildSettings) => (codeDir === null ? {} : { readable: codeDir })

/** CPU time is a backstop for a worker that hangs: more than this nobody can use within the wall time. */
function startFresh(isolation: Isolation, settings: ChildSettings, logger: Logger, job: WithChildOptions) {
  const maxCpuSec = Math.ceil((job.timeoutMs / 1000) * availableParallelism()) + CPU_GRACE_SEC
  const view = { folder: job.workDir, ...readable(settings), maxCpuSec }
  return startMediaProcess({ isolation, settings, logger, view, callTimeoutMs: job.timeoutMs })
}

const CPU_GRACE_SEC = 10

async function runJob<T>(
  processes: Stable,
  process: MediaProcess,
  job: WithChildOptions,
  use: (child: MediaChild) => Promise<T>,
  limits: Limits,
): Promise<T> {
  const release = guardJob(process, job)
  let isHealthy = false
  try {
    await process.ready
    const result = await use(mediaChild(process, limits))
    isHealthy = true
    return result
  } finally {
    release()
    processes.giveBack(process, job.projectId, isHealthy)
    // Whoever removes the job's folder must not find somebody writing to it.
    if (!process.alive) await process.gone
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
