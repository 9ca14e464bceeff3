import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type AppError, type Correlation, correlation, type Logger, withCorrelation } from '@darkroom/core'
import { measure } from '@darkroom/core/metrics'
import { childCrashed, childMisbehaved, fromFault, memoryExceeded, timedOut } from '../errors.ts'
import type { SourceWarning } from '../source-warning.ts'
import { type Answer, AnswerSchema, type ProgressAnswer, type VariantMessage } from './answers.ts'
import type { Isolation, SandboxAccess } from './isolation.ts'
import { NODE_FLAGS } from './node-flags.ts'
import { memoryOfTree } from './process-tree.ts'
import type { ChildSettings, Request } from './protocol.ts'
import { spawnIsolated } from './spawn-isolated.ts'

/** One sandboxed process. After `kill`, a crash or a wrong answer it is dead and every call to it fails. */
export interface MediaProcess {
  /** Rejects when it does not come up. */
  readonly ready: Promise<void>
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>
  readonly alive: boolean
  /** The one that it sees. */
  readonly folder: string
  /** Of the process and all that it started. */
  readonly rssBytes: number
  readonly peakRssBytes: number
  /** `timeoutMs` is less than what each call may take. */
  call(request: Call, listeners?: Partial<Listeners>, timeoutMs?: number): Promise<unknown>
  /**
   * Stops it until `wake`: what has been taken over uses neither CPU nor memory while nobody looks. Only with a PID namespace
   * of its own, for without one it would do that in another process. One that is not alone then is ended.
   */
  rest(): void
  wake(): void
  /** SIGKILL to it and to all that it started; what is pending fails with `error` as soon as the process is gone. */
  kill(error: AppError): void
}

export type Call =
  | Pick<Extract<Request, { method: 'detect' }>, 'method' | 'params'>
  | Pick<Extract<Request, { method: 'probe' }>, 'method' | 'params'>
  | Pick<Extract<Request, { method: 'render' }>, 'method' | 'params'>

/** What one of them throws fails the call, and ends the process. */
export interface Listeners {
  onVariant(variant: VariantMessage): void
  onProgress(progress: ProgressAnswer): void
  onWarning(warning: SourceWarning): void
}

export interface MediaProcessOptions {
  isolation: Isolation
  access: SandboxAccess
  settings: ChildSettings
  logger: Logger
  /** Wall time of one call; that of the limits when left out. */
  callTimeoutMs?: number
  /** Another script through the same spawn path, for tests. */
  entry?: string
  /** Runs when the process is gone, and before that is said. */
  whenGone?: () => Promise<void>
}

const ENTRY = fileURLToPath(new URL('./child.mjs', import.meta.url))
/** More than the host's cores can fill: a process is looked at again before it could have come from what it has to its limit. */
const FILLED_BYTES_PER_MS = availableParallelism() * 2_000_000
const WATCH_MS = { least: 50, most: 500 }
const ALONE_MS = 100
const OUT_OF_MEMORY = /failed to allocate|out of memory|bad_alloc/i

type Announced = Extract<Answer, { type: 'variant' | 'progress' | 'warning' }>
type Settled = Extract<Answer, { type: 'done' | 'fault' }>

interface Pending {
  resolve(value: unknown): void
  reject(error: unknown): void
  listeners: Listeners
}

export function startMediaProcess(options: MediaProcessOptions): MediaProcess {
  const { isolation, access, settings, logger, entry = ENTRY } = options
  const { limits } = settings
  const { callTimeoutMs = limits.timeoutMs, whenGone = async () => undefined } = options
  const ready = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  const pending = new Map<number, Pending>()
  let alive = true
  let exitError: AppError | undefined
  let peakRssBytes = 0
  let lastId = 0
  let isResting = false
  let watch: NodeJS.Timeout | undefined
  /** What it works for. Its events would belong to whatever it was started for. */
  let owner: Correlation = {}

  const kill = (error: AppError): void => {
    if (!alive) return
    exitError ??= error
    isolated.kill()
  }

  const sampleMemory = (): number => {
    const memory = child.pid === undefined || !alive ? null : memoryOfTree(child.pid)
    peakRssBytes = Math.max(peakRssBytes, memory?.rssBytes ?? 0, memory?.peakRssBytes ?? 0)
    return memory?.rssBytes ?? 0
  }

  const end = (code: number | null, signal: string | null): void => {
    if (!alive) return
    alive = false
    measure('darkroom_media_process_exits_total', { cause: exitError?.code ?? 'died' })
    const error = exitError ?? deathOf(code, signal, isolated.stderr(), limits.maxRssBytes)
    if (!exitError) logger.warn({ err: error, pid: child.pid }, 'a media process died')
    for (const call of pending.values()) call.reject(error)
    pending.clear()
    ready.reject(error)
    clearTimeout(watch)
    whenGone()
      .catch(cause => logger.warn({ err: cause }, 'the folder of a media process could not be removed'))
      .finally(gone.resolve)
  }

  /** From its first call on, also between two calls of a job. */
  const watchMemory = (): void => {
    const free = limits.maxRssBytes - sampleMemory()
    if (free < 0) kill(memoryExceeded(limits.maxRssBytes))
    const waitMs = Math.min(WATCH_MS.most, Math.max(WATCH_MS.least, free / FILLED_BYTES_PER_MS))
    watch = alive ? setTimeout(watchMemory, waitMs).unref() : undefined
  }

  const rest = (): void => {
    owner = {}
    isResting = isolated.stop()
    // What could not be stopped may still grow.
    if (!isResting) return
    clearTimeout(watch)
    watch = undefined
    // What it started goes on; it may have started it in the very moment in which it was stopped.
    setTimeout(endUnlessAlone, ALONE_MS).unref()
  }

  const endUnlessAlone = (): void => {
    if (isResting && !isolated.isAlone()) kill(childMisbehaved('something of it went on after its job'))
  }

  const wake = (): void => {
    if (isResting) isolated.resume()
    isResting = false
  }

  const settle = (call: Pending, answer: Settled): void => {
    pending.delete(answer.id)
    if (answer.type === 'fault') {
      call.reject(fromFault(answer.fault))
    } else {
      logger.debug({ pid: child.pid, timings: answer.timings }, 'a media call is done')
      call.resolve(answer.value)
    }
  }

  /** What the listener throws fails the call that it belongs to. */
  const announce = (call: Pending, message: Announced): void => {
    try {
      if (message.type === 'variant') call.listeners.onVariant(message.variant)
      else if (message.type === 'warning') call.listeners.onWarning(message.warning)
      else call.listeners.onProgress(message)
    } catch (error) {
      pending.delete(message.id)
      call.reject(error)
      kill(childCrashed({ reason: 'its listener failed' }))
    }
  }

  const handleMessage = (message: unknown): void => {
    // It is as good as dead; nothing that it said after that counts.
    if (exitError) return
    const answer = AnswerSchema.safeParse(message).data
    const call = answer && 'id' in answer ? pending.get(answer.id) : undefined
    if (answer?.type === 'ready') ready.resolve()
    else if (!answer || !call) kill(childMisbehaved('nobody asked for that'))
    else if (answer.type === 'done' || answer.type === 'fault') settle(call, answer)
    else announce(call, answer)
  }

  const isolated = spawnIsolated(isolation, access, [...NODE_FLAGS, entry, JSON.stringify(settings)], {
    onMessage: message => withCorrelation(owner, () => handleMessage(message)),
    // A crash shows here first; what it was is known when the process is gone.
    onEnd: () => alive && isolated.kill(),
  })
  const { child, channel } = isolated
  measure('darkroom_media_process_starts_total', {})
  child.on('error', error =>
    child.pid === undefined ? end(null, error.message) : kill(childCrashed({ reason: error.message })),
  )
  child.on('close', (code, signal) => withCorrelation(owner, () => end(code, signal)))
  // Whoever awaits `ready` hears of a failure; a process that nobody waits for may die unnoticed.
  ready.promise.catch(error => logger.debug({ err: error }, 'a media process did not come up'))

  const call: MediaProcess['call'] = async (request, listeners, timeoutMs = callTimeoutMs) => {
    if (!alive || exitError || !channel.isOpen) throw exitError ?? childCrashed({ reason: 'it is gone' })
    owner = correlation()
    const id = ++lastId
    const limitMs = Math.min(timeoutMs, callTimeoutMs)
    const timer = setTimeout(() => kill(timedOut(limitMs)), limitMs)
    if (!watch) watchMemory()
    try {
      return await new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject, listeners: { ...DEAF, ...listeners } })
        channel.send({ id, ...request })
      })
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    ready: ready.promise,
    gone: gone.promise,
    get alive() {
      return alive && !exitError && channel.isOpen
    },
    get rssBytes() {
      return sampleMemory()
    },
    get peakRssBytes() {
      sampleMemory()
      return peakRssBytes
    },
    folder: access.folder,
    call,
    kill,
    rest,
    wake,
  }
}

const DEAF: Listeners = { onVariant: () => undefined, onProgress: () => undefined, onWarning: () => undefined }

function deathOf(exitCode: number | null, signal: string | null, stderr: string, maxRssBytes: number): AppError {
  const context = { exitCode, signal, stderr }
  return OUT_OF_MEMORY.test(stderr) ? memoryExceeded(maxRssBytes, context) : childCrashed(context)
}
