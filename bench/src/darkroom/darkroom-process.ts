import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { say } from '../progress.ts'
import { freePort } from './free-port.ts'

export interface DarkroomProcess {
  url: string
  pid: number
  /** What it said about its sandbox. */
  sandbox: string
  close(): Promise<void>
}

const MAIN = join(import.meta.dirname, '../../../apps/cli/src/main.ts')
const GUARD = new URL('./end-with-parent.ts', import.meta.url)
/** As in the script `start` of package.json: buffers of files die young, and a larger nursery spares copying them. */
const FLAGS_OF_NPM_START = ['--max-semi-space-size=64']
const START_MS = 60_000
const STOP_MS = 60_000
/** Variables that would make it use something else than what it brings along. */
const FOREIGN = /^(B2_|REDIS_|DATABASE_|WORKER_|PUBLIC_URL$|HOST$|CDN_BASE_URL$|DARKROOM_)/

/** The real `darkroom start`, with data and ports of its own. */
export async function startDarkroomProcess(
  dataDir: string,
  env: Record<string, string> = {},
): Promise<DarkroomProcess> {
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name))
  const child = fork(MAIN, ['start'], {
    execArgv: [...FLAGS_OF_NPM_START, '--import', GUARD.href],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...Object.fromEntries(own),
      DARKROOM_DATA: dataDir,
      PORT: String(await freePort()),
      LOCAL_B2_PORT: String(await freePort()),
      ...env,
    },
  })
  const close = () => stop(child)
  const lastWords = keepTail(child.stderr)
  child.once('exit', (code, signal) => {
    // Closed in good order it ends with 0. Anything else fails whatever is asked of it next, and this says why.
    if (code !== 0) say(`Darkroom ended with ${signal ?? code}: ${lastWords()}`)
  })
  try {
    const { url, sandbox } = await untilReady(child)
    return { url, sandbox, pid: child.pid ?? 0, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function untilReady({ stdout }: ChildProcess): Promise<{ url: string; sandbox: string }> {
  if (!stdout) throw new Error('no pipe to Darkroom')
  let sandbox = 'unknown'
  const said: string[] = []
  for await (const line of linesOf(stdout, AbortSignal.timeout(START_MS))) {
    sandbox = /^sandbox: (.*)$/.exec(line)?.[1] ?? sandbox
    const url = /^darkroom ready (\S+)$/.exec(line)?.[1]
    if (url) return { url, sandbox }
    said.push(line)
  }
  throw new Error(`Darkroom did not come up within ${START_MS / 1000} s:\n${said.join('\n')}`)
}

const TAIL_CHARS = 4000

function keepTail(stream: Readable | null): () => string {
  let tail = ''
  stream?.on('data', chunk => {
    tail = `${tail}${chunk}`.slice(-TAIL_CHARS)
  })
  return () => tail
}

async function* linesOf(stream: Readable, signal: AbortSignal): AsyncGenerator<string> {
  const lines = createInterface({ input: stream, signal })
  try {
    yield* lines
  } finally {
    lines.close()
    stream.resume()
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await gone
  clearTimeout(timer)
}
