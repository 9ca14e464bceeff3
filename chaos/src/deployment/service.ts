import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMPILE_CACHE } from '@darkroom/testing'
import { REPO_ROOT } from './run-folder.ts'

export type Role = 'api' | 'worker'

/** How a process came to its end. */
export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
  at: number
}

/** One process of the product under test. */
export interface Service {
  name: string
  role: Role
  code: Code
  pid: number
  /** Where an API listens; empty for a worker. */
  url: string
  /** Whether a crash point is armed in it. */
  isArmed: boolean
  startedAt: number
  /** Null while it runs. */
  exit: Exit | null
  /** Resolves when it is gone. */
  exited: Promise<Exit>
  /** Whether the harness itself ended it, or armed it to end. */
  isExpectedToEnd: boolean
  send(signal: NodeJS.Signals): void
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<Exit>
  /** SIGTERM; resolves when it has drained. */
  stop(): Promise<Exit>
  logTail(): string
}

/** A version of the product: a checkout, and the programs to start of it. */
export interface Code {
  folder: string
  entry: Readonly<Record<Role, string>>
}

export interface ServiceOptions {
  name: string
  code: Code
  role: Role
  env: Record<string, string>
  url: string
  logFolder: string
  /** A command in front of node's own. */
  wrapper?: readonly string[]
}

/** The processes of this checkout as they ship, but for the switches of faults that are passed in. */
export const CODE_UNDER_FAULTS: Code = {
  folder: REPO_ROOT,
  entry: { api: 'chaos/src/entries/api.ts', worker: 'chaos/src/entries/worker.ts' },
}
const LOG_TAIL_BYTES = 4000

/** What is killed with the harness: nothing of it may survive, however it ends. */
const FOLLOW_PARENT = ['setpriv', '--pdeathsig', 'KILL', '--']

const OWN_ENV = {
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '/',
  LANG: 'C.UTF-8',
  ...COMPILE_CACHE,
}

/** Starts an API or a worker as its own process, with this environment and nothing of the harness'. */
export function startService({ name, role, code, env, url, logFolder, wrapper = [] }: ServiceOptions): Service {
  const logFile = join(logFolder, `${name}.log`)
  const log = openSync(logFile, 'a')
  const program = join(code.folder, code.entry[role])
  const [command = 'node', ...args] = [...FOLLOW_PARENT, ...wrapper, process.execPath, program]
  const child = spawn(command, args, {
    cwd: code.folder,
    stdio: ['ignore', log, log],
    env: { ...OWN_ENV, ...env },
  })
  closeSync(log)
  const { pid } = child
  if (pid === undefined) throw new Error(`${name} cannot be started`)
  const service: Service = {
    name,
    role,
    code,
    pid,
    url,
    isArmed: env.DARKROOM_CRASHPOINT !== undefined,
    startedAt: performance.now(),
    exit: null,
    exited: untilExit(child),
    isExpectedToEnd: env.DARKROOM_CRASHPOINT !== undefined,
    send: signal => sendSignal(pid, signal),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    logTail: () => readFileSync(logFile, 'utf8').slice(-LOG_TAIL_BYTES),
  }
  const end = (signal: NodeJS.Signals) => {
    service.isExpectedToEnd = true
    if (!service.exit) service.send(signal)
    return service.exited
  }
  service.exited.then(exit => {
    service.exit = exit
  })
  return service
}

const untilExit = (child: ChildProcess) =>
  new Promise<Exit>(resolve => {
    child.once('exit', (code, signal) => resolve({ code, signal, at: performance.now() }))
  })

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It ended a moment ago.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
