import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { AppError, Logger } from '@darkroom/core'
import { childCrashed, childMisbehaved, fromFault, memoryExceeded, timedOut } from '../errors.ts'
import { type Answer, AnswerSchema, type VariantAnswer } from './answers.ts'
import type { Isolation } from './isolation.ts'
import { childOf, memoryOf } from './process-facts.ts'
import type { ChildSettings, Request } from './protocol.ts'

/** One sandboxed process. After `kill`, a crash or a wrong answer it is dead and every call to it fails. */
export interface MediaProcess {
  /** Rejects when it does not come up. */
  readonly ready: Promise<void>
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>
  readonly alive: boolean
  readonly pid: number | null
  readonly rssBytes: number
  readonly peakRssBytes: number
  call(request: Call, onVariant?: (variant: VariantAnswer) => void): Promise<unknown>
  /** SIGKILL; what is pending fails with `error` as soon as the process is gone. */
  kill(error: AppError): void
}

export type Call =
  | Pick<Extract<Request, { method: 'probe' }>, 'method' | 'params'>
  | Pick<Extract<Request, { method: 'render' }>, 'method' | 'params'>

export interface MediaProcessOptions {
  isolation: Isolation
  settings: ChildSettings
  logger: Logger
  /** Another script through the same spawn path, for tests. */
  entry?: string
}

const ENTRY = fileURLToPath(new URL('./child.ts', import.meta.url))
const NODE_FLAGS = ['--max-old-space-size=512', '--no-warnings']
const STDERR_BYTES = 4096
const WATCH_MS = 100
/** What util-linux 2.38 says when its child was killed. */
const UNSHARE_NOISE = /^unshare: sigprocmask unblock failed.*\n?/m
const OUT_OF_MEMORY = /failed to allocate|out of memory|bad_alloc/i

type Announced = Extract<Answer, { type: 'variant' }>
type Settled = Extract<Answer, { type: 'done' | 'fault' }>

interface Pending {
  resolve(value: unknown): void
  reject(error: unknown): void
  onVariant: (variant: VariantAnswer) => void
}

export function startMediaProcess({ isolation, settings, logger, entry = ENTRY }: MediaProcessOptions): MediaProcess {
  const { limits } = settings
  const child = spawnIsolated(isolation, [...NODE_FLAGS, entry, JSON.stringify(settings)])
  const stderr = keepTail(child)
  const ready = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  const pending = new Map<number, Pending>()
  let alive = true
  let fate: AppError | undefined
  let realPid: number | null = null
  let peakRssBytes = 0
  let lastId = 0

  const kill = (error: AppError): void => {
    if (!alive) return
    fate ??= error
    killProcess(child, realPid)
  }

  const look = (): number => {
    const memory = realPid === null ? null : memoryOf(realPid)
    peakRssBytes = Math.max(peakRssBytes, memory?.peakRssBytes ?? 0)
    return memory?.rssBytes ?? 0
  }

  const end = (code: number | null, signal: string | null): void => {
    if (!alive) return
    alive = false
    const error = fate ?? deathOf(code, signal, stderr(), limits.maxRssBytes)
    if (!fate) logger.warn({ err: error, pid: child.pid }, 'a media process died')
    for (const call of pending.values()) call.reject(error)
    pending.clear()
    ready.reject(error)
    gone.resolve()
  }

  const settle = (call: Pending, answer: Settled): void => {
    pending.delete(answer.id)
    look()
    if (answer.type === 'fault') {
      call.reject(fromFault(answer.fault))
    } else {
      logger.debug({ pid: realPid, timings: answer.timings }, 'a media call is done')
      call.resolve(answer.value)
    }
  }

  /** What the listener throws fails the call that it belongs to. */
  const announce = (call: Pending, { id, variant }: Announced): void => {
    try {
      call.onVariant(variant)
    } catch (error) {
      pending.delete(id)
      call.reject(error)
      kill(childCrashed({ reason: 'its listener failed' }))
    }
  }

  const comeUp = (): void => {
    realPid = isolation.forks && child.pid !== undefined ? childOf(child.pid) : (child.pid ?? null)
    ready.resolve()
  }

  const hear = (message: unknown): void => {
    const answer = AnswerSchema.safeParse(message).data
    const call = answer && 'id' in answer ? pending.get(answer.id) : undefined
    if (answer?.type === 'ready') comeUp()
    else if (!answer || !call) kill(childMisbehaved('nobody asked for that'))
    else if (answer.type === 'variant') announce(call, answer)
    else settle(call, answer)
  }

  child.on('message', hear)
  // A crash shows here first; what it was is known when the process is gone.
  child.on('disconnect', () => alive && killProcess(child, realPid))
  child.on('error', error =>
    child.pid === undefined ? end(null, error.message) : kill(childCrashed({ reason: error.message })),
  )
  child.on('close', end)
  // Whoever awaits `ready` hears of a failure; a process that nobody waits for may die unnoticed.
  ready.promise.catch(error => logger.debug({ err: error }, 'a media process did not come up'))

  const call: MediaProcess['call'] = async (request, onVariant = ignore) => {
    if (!alive || fate || !child.connected) throw fate ?? childCrashed({ reason: 'it is gone' })
    const id = ++lastId
    const timer = setTimeout(() => kill(timedOut(limits.timeoutMs)), limits.timeoutMs)
    const watch = setInterval(() => {
      if (look() > limits.maxRssBytes) kill(memoryExceeded(limits.maxRssBytes))
    }, WATCH_MS)
    try {
      return await new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject, onVariant })
        child.send({ id, ...request }, error => error && kill(childCrashed({ reason: error.message })))
      })
    } finally {
      clearTimeout(timer)
      clearInterval(watch)
    }
  }

  return {
    ready: ready.promise,
    gone: gone.promise,
    get alive() {
      return alive && !fate && child.connected
    },
    get pid() {
      return realPid
    },
    get rssBytes() {
      return look()
    },
    get peakRssBytes() {
      look()
      return peakRssBytes
    },
    call,
    kill,
  }
}

const ignore = (): void => undefined

/** No environment, no handles but IPC and stderr, a process group of its own, and a folder that holds nothing. */
function spawnIsolated({ prefix }: Isolation, nodeArgs: string[]): ChildProcess {
  const [command = process.execPath, ...args] = [...prefix, process.execPath, ...nodeArgs]
  return spawn(command, args, {
    env: {},
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'json',
    detached: true,
  })
}

function keepTail(child: ChildProcess): () => string {
  let tail = Buffer.alloc(0)
  child.stderr?.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-STDERR_BYTES)
  })
  return () => tail.toString('utf8').replace(UNSHARE_NOISE, '')
}

/** The real process by its own id, so that `unshare` still reaps it; the whole group while that id is not known yet. */
function killProcess(child: ChildProcess, realPid: number | null): void {
  if (child.pid === undefined) return
  try {
    process.kill(realPid ?? -child.pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function deathOf(exitCode: number | null, signal: string | null, stderr: string, maxRssBytes: number): AppError {
  const context = { exitCode, signal, stderr }
  return OUT_OF_MEMORY.test(stderr) ? memoryExceeded(maxRssBytes, context) : childCrashed(context)
}
