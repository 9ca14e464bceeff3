import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { say } from '../progress.ts'

interface ProgramOptions {
  args?: string[]
  /** For Node itself. */
  flags?: string[]
  env: Record<string, string>
}

export interface Program {
  child: ChildProcess
  close(): Promise<void>
}

const GUARD = new URL('./end-with-parent.ts', import.meta.url)
const STOP_MS = 60_000
/** Variables that would make it use something else than what it is told. */
const FOREIGN = /^(B2_|REDIS_|DATABASE_|WORKER_|PUBLIC_URL$|HOST$|CDN_BASE_URL$|DARKROOM_)/

/** Starts a program of Darkroom in a process of its own, which ends with the benchmark. */
export function startProgram(main: string, { args = [], flags = [], env }: ProgramOptions): Program {
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name))
  const child = fork(main, args, {
    execArgv: [...flags, '--import', GUARD.href],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...Object.fromEntries(own), ...env },
  })
  const lastWords = keepTail(child.stderr)
  child.once('exit', (code, signal) => {
    // Closed in good order it ends with 0. Anything else fails whatever is asked of it next, and this says why.
    if (code !== 0) say(`${main} ended with ${signal ?? code}: ${lastWords()}`)
  })
  return { child, close: () => stop(child) }
}

const TAIL_CHARS = 4000

function keepTail(stream: Readable | null): () => string {
  let tail = ''
  stream?.on('data', chunk => {
    tail = `${tail}${chunk}`.slice(-TAIL_CHARS)
  })
  return () => tail
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await gone
  clearTimeout(timer)
}
