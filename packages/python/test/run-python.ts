import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const PACKAGE = join(import.meta.dirname, '..')
const PROGRAM = join(import.meta.dirname, 'programs/client.py')
/** Debian's own: another one that is first on the search path may be a shim, or of any version. */
export const PYTHON = '/usr/bin/python3'

export interface Fault {
  type: string
  code: string
  detail: string
  advice: string
  retryable: boolean
  requestId: string | null
}

/** What the program says in the end. */
export interface Outcome<T> {
  result: T | null
  error: Fault | null
}

export interface PythonProcess<T> {
  pid: number
  /** Resolves when the program says that it stopped at `stopAt` bytes. */
  stopped: Promise<void>
  /** Resolves when the program waits for another process. */
  waits: Promise<void>
  outcome: Promise<Outcome<T>>
  /** Sends a signal and waits for the end. Resolves with the exit code, null after a signal that it did not take. */
  kill(signal?: 'SIGKILL' | 'SIGINT'): Promise<number | null>
}

export interface Call {
  method: string
  args?: unknown[]
  options?: Record<string, unknown>
  client?: Record<string, unknown>
  /** Bytes after which the program stops for ever, so that it can be killed there. */
  stopAt?: number
  /** The request, such as `POST /v1/uploads`, after whose answer the program is killed. */
  dieAfter?: string
  /** What is appended to this file when so many bytes are sent. */
  append?: { path: string; at: number }
}

/** Starts a program that calls one method of the client, as an application would. */
export function startPython<T>(env: Record<string, string>, call: Call): PythonProcess<T> {
  const child = spawn(PYTHON, [PROGRAM, JSON.stringify(call)], {
    env: { PATH: process.env.PATH, PYTHONPATH: join(PACKAGE, 'src'), PYTHONDONTWRITEBYTECODE: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  const stopped = Promise.withResolvers<void>()
  const waits = Promise.withResolvers<void>()
  const outcome = Promise.withResolvers<Outcome<T>>()
  for (const { promise } of [stopped, waits, outcome]) promise.catch(() => undefined)
  let errors = ''
  child.stderr.on('data', chunk => {
    errors += chunk
  })
  createInterface({ input: child.stdout }).on('line', line => {
    if (line === 'stopped') stopped.resolve()
    else if (line === 'waits') waits.resolve()
    else outcome.resolve(JSON.parse(line))
  })
  ended.then(() => {
    const error = new Error(`the program ended without an outcome: ${errors}`)
    for (const { reject } of [stopped, waits, outcome]) reject(error)
  })
  return {
    pid: child.pid ?? 0,
    stopped: stopped.promise,
    waits: waits.promise,
    outcome: outcome.promise,
    async kill(signal = 'SIGKILL') {
      child.kill(signal)
      await ended
      return child.exitCode
    },
  }
}
