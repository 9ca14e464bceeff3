import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { freePort } from '@darkroom/testing'
import { startProgram } from './program.ts'

export interface DarkroomProcess {
  url: string
  pid: number
  /** What it said about its sandbox. */
  sandbox: string
  close(): Promise<void>
}

const ROOT = join(import.meta.dirname, '../../..')
/** As in the script `start` of package.json: buffers of files die young, and a larger nursery spares copying them. */
const FLAGS_OF_NPM_START = ['--max-semi-space-size=16']
const START_MS = 60_000

/**
 * Starts the real `darkroom start` with its own data and ports. `root` is the checkout to run, `flags` are for Node.
 */
export async function startDarkroomProcess(
  dataDir: string,
  env: Record<string, string> = {},
  { root = ROOT, flags = [] }: { root?: string; flags?: string[] } = {},
): Promise<DarkroomProcess> {
  const ports = { PORT: String(await freePort()), LOCAL_B2_PORT: String(await freePort()) }
  const { child, close } = startProgram(join(root, 'apps/cli/src/main.ts'), {
    args: ['start'],
    flags: [...FLAGS_OF_NPM_START, ...flags],
    env: { DARKROOM_DATA: dataDir, ...ports, ...env },
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

async function* linesOf(stream: Readable, signal: AbortSignal): AsyncGenerator<string> {
  const lines = createInterface({ input: stream, signal })
  try {
    yield* lines
  } finally {
    lines.close()
    stream.resume()
  }
}
