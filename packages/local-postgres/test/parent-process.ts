import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

// A process of its own that starts a Postgres, so that a test can kill it or run it as somebody else.

const REPO = join(import.meta.dirname, '../../..')

export interface ParentProcess {
  child: ChildProcess
  url: string
  pid: number
}

interface ParentOptions {
  repo?: string
  /** Command that goes in front, for example another user's identity. */
  prefix?: string[]
  env?: Record<string, string>
}

/** Resolves when its Postgres takes connections. */
export async function startParent(dataDir: string, options: ParentOptions = {}): Promise<ParentProcess> {
  const { output, child } = launchParent(dataDir, options)
  const line = await output
  const { url, pid } = JSON.parse(line) as { url: string; pid: number }
  return { child, url, pid }
}

/** Does not wait; `output` is its first line. */
export function launchParent(dataDir: string, { repo = REPO, prefix = [], env = {} }: ParentOptions = {}) {
  const module = join(repo, 'packages/local-postgres/src/index.ts')
  const script = `
    const { startLocalPostgres } = await import(${JSON.stringify(module)})
    const { url, pid, stop } = await startLocalPostgres({ dataDir: ${JSON.stringify(dataDir)} })
    process.once('SIGTERM', () => stop())
    console.log(JSON.stringify({ url, pid }))
    setInterval(() => undefined, 60_000).unref()
    process.stdin.resume()`
  const [command = process.execPath, ...args] = [
    ...prefix,
    process.execPath,
    '--input-type=module-typescript',
    '-e',
    script,
  ]
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], cwd: '/', env: { ...process.env, ...env } })
  const output = new Promise<string>((resolve, reject) => {
    let errors = ''
    child.stderr.on('data', chunk => {
      errors += chunk
    })
    child.stdout.once('data', chunk => resolve(String(chunk)))
    child.once('close', () => reject(new Error(`the process ended early: ${errors}`)))
  })
  output.catch(() => undefined)
  return { child, output }
}

/** Ends it and resolves when it is gone. */
export async function endParent(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill(signal)
  if (signal === 'SIGTERM') child.stdin?.end()
  await gone
}
