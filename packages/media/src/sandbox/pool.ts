import { existsSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import type { Logger } from '@darkroom/core'
import { aborted, childCrashed, poolClosed } from '../errors.ts'
import type { Limits } from '../limits.ts'
import { compileCode } from './compile-code.ts'
import { createIdlePool, type IdlePool } from './idle-pool.ts'
import { findIsolation, type Isolation, type SandboxAccess } from './isolation.ts'
import { guardJob, type JobGuard } from './job-guard.ts'
import { type MediaChild, mediaChild, type Place } from './media-child.ts'
import { type MediaProcess, startMediaProcess } from './media-process.ts'
import { clear, newProcessFolder, removeFolder } from './process-folder.ts'
import type { ChildSettings, Tools } from './protocol.ts'
import { type Permit, semaphore } from './semaphore.ts'

export interface WithChildOptions {
  /** A process never serves two projects. */
  projectId: string
  /** Kills the process; calls fail with the signal's reason when that is an AppError, else LEASE_LOST. */
  signal: AbortSignal
  /** Wall time from the moment the job has its process, but for what it waits between two of its calls. */
  timeoutMs: number
  /** Takes a place that is kept for such jobs, so that it waits for none of the others. */
  isReserved?: boolean
  /**
   * A process that is started for this job and ends with it; for decoders that we trust least.
   * Its calls have no other time limit than that of the job.
   */
  isFresh?: boolean
}

export interface MediaPool {
  /** How well the processes are shut in on this host; say it aloud at start when it is not `full`. */
  readonly sandbox: Pick<Isolation, 'name' | 'level' | 'reason'>
  /**
   * Runs `use` with a process of its own; waits in turn while all are busy. Those that are busy for as long as their source
   * lasts, with video and audio, keep nobody else waiting.
   */
  withChild<T>(options: WithChildOptions, use: (child: MediaChild) => Promise<T>): Promise<T>
  /** Ends every process and waits until they are gone. Work under way fails with UNAVAILABLE. */
  close(): Promise<void>
}

export interface MediaPoolOptions {
  /** Jobs at once, besides those that `semaphore` lets in beyond. As many processes are kept warm, and one for other projects. */
  size: number
  limits: Limits
  logger: Logger
  sandbox?: 'auto' | 'off'
  /** Where each process gets a folder of its own; the system's temporary folder when left out. */
  tempRoot?: string
  /**
   * An existing folder outside of `tempRoot`, for V8's code of our own modules; what is in it of the same modules is taken as
   * it is. Without it every process compiles them, which makes it start slower.
   */
  codeDir?: string
  /** Programs that the processes may start; null, as when left out, where there are none. */
  tools?: Tools | null
  /** Another script in the place of the decoder, for tests. */
  entry?: string
}

/** @throws AppError when the processes do not come up */
export async function startMediaPool(options: MediaPoolOptions): Promise<MediaPool> {
  const { size, limits, logger, sandbox = 'auto', tempRoot = tmpdir(), tools = null, codeDir, entry } = options
  const isolation = await findIsolation({ limits, sandbox, tools, folder: tempRoot })
  const settings = {
    limits,
    tools,
    threads: Math.max(1, Math.floor(availableParallelism() / size)),
    codeDir: codeDir === undefined ? null : await compileCode(isolation, codeDir, logger),
  }
  const places = semaphore(size)
  const same = { isolation, settings, logger, ...(entry === undefined ? {} : { entry }) }
  const start = ({ limited, ...more }: OfJob = {}): MediaProcess => {
    const folder = newProcessFolder(tempRoot)
    const access = { folder, ...readable(settings), ...limited }
    return startMediaProcess({ ...same, ...more, access, whenGone: () => removeFolder(folder) })
  }
  const processes = createIdlePool({ size, start: () => start(), retired })
  await processes.warm().catch(async error => {
    await processes.close(poolClosed())
    throw error
  })
  const take = (job: WithChildOptions): MediaProcess =>
    job.isFresh ? processes.takeOwn(() => start(ofJob(job))) : takeUsable(processes, job.projectId)

  return {
    sandbox: {
      name: isolation.name,
      level: isolation.level,
      ...(isolation.reason === undefined ? {} : { reason: isolation.reason }),
    },

    async withChild(job, use) {
      const { signal, isReserved = false } = job
      const permit = await places.acquire({ signal, errorOf: aborted, isReserved })
      try {
        return await runJob({ processes, process: take(job), job, permit, limits }, use)
      } finally {
        permit.release()
      }
    },

    async close() {
      places.close(poolClosed())
      await processes.close(poolClosed())
    },
  }
}

/** Takes a usable process. One that waited for days may have lost its folder to a cleaner of temporary folders. */
function takeUsable(processes: IdlePool, projectId: string): MediaProcess {
  for (;;) {
    const process = processes.take(projectId)
    if (existsSync(process.folder)) return process
    processes.giveBack(process, projectId, false)
  }
}

const retired = () => childCrashed({ reason: 'it was retired' })

const readable = ({ codeDir }: ChildSettings) => (codeDir === null ? {} : { readable: codeDir })

interface OfJob {
  callTimeoutMs?: number
  limited?: Pick<SandboxAccess, 'maxCpuSec'>
}

/**
 * Returns the limits of a job. The limit of CPU time is a backstop for a hanging worker: nothing can use more within
 * the wall time.
 */
const ofJob = ({ timeoutMs }: WithChildOptions): OfJob => ({
  callTimeoutMs: timeoutMs,
  limited: { maxCpuSec: Math.ceil((timeoutMs / 1000) * availableParallelism()) + CPU_GRACE_SEC },
})

const CPU_GRACE_SEC = 10

interface Work {
  processes: IdlePool
  process: MediaProcess
  job: WithChildOptions
  permit: Permit
  limits: Limits
}

async function runJob<T>(work: Work, use: (child: MediaChild) => Promise<T>): Promise<T> {
  const { processes, process, job, limits } = work
  const guard = guardJob(process, job)
  let isHealthy = false
  try {
    process.wake()
    await process.ready
    const result = await use(mediaChild(process, limits, placeOf(work, guard)))
    isHealthy = true
    return result
  } finally {
    guard.release()
    process.rest()
    processes.giveBack(process, job.projectId, isHealthy && (await clear(process.folder)))
    // Until then it may still write what the caller wants to be rid of.
    if (!process.alive) await process.gone
  }
}

/** Returns the place of a job. While it waits it keeps its process, which is stopped and uses no time. */
const placeOf = ({ process, permit }: Work, guard: JobGuard): Place => ({
  tryLengthen: permit.tryLengthen,
  async lengthen() {
    guard.pause()
    process.rest()
    await permit.lengthen()
    process.wake()
    guard.resume()
  },
})
