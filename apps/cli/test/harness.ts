import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApi } from '@darkroom/api'
import { silentLogger } from '@darkroom/core'
import { migrateDatabase } from '@darkroom/db/migrate'
import { migrateQueue } from '@darkroom/jobs/executor'
import { type LocalB2, startLocalB2 } from '@darkroom/local-b2'
import { COMPILE_CACHE, createTestDatabase, lendMediaCode } from '@darkroom/testing'
import { startWorker } from '@darkroom/worker'

const MAIN = join(import.meta.dirname, '../src/main.ts')

export interface Ran {
  code: number
  out: string
  err: string
}

/** Nobody has logged in there: what the owner of this machine uses is no part of a test. */
export const NO_LOGIN = { XDG_CONFIG_HOME: '/nonexistent' }

const settingsOf = (env: Record<string, string>) => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  ...NO_LOGIN,
  ...COMPILE_CACHE,
  ...env,
})

interface Running {
  cwd?: string
  /** What the command reads on standard input; nothing by default. */
  input?: string
}

/** Runs a command to its end, with these variables and nothing of Darkroom's from the test runner. */
export const runCommand = (
  args: string[],
  env: Record<string, string> = {},
  { cwd, input = '' }: Running = {},
): Promise<Ran> =>
  new Promise(resolve => {
    const options = { env: settingsOf(env), ...(cwd !== undefined && { cwd }) }
    const child = execFile(process.execPath, [MAIN, ...args], options, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out: out.trim(), err: err.trim() })
    })
    // A command that reads nothing may have ended by now.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })

/** Starts a command that is not waited for. */
export const startCommand = (args: string[], env: Record<string, string> = {}, { cwd }: Running = {}) =>
  spawn(process.execPath, [MAIN, ...args], { env: settingsOf(env), cwd })

/** Starts a command in a terminal of 100 columns, where it asks and shows progress. */
export const startInTerminal = (args: string[], env: Record<string, string> = {}, running: Running = {}) =>
  startProgramInTerminal([process.execPath, MAIN, ...args], env, running)

/** Starts any program in such a terminal. */
export function startProgramInTerminal(program: string[], env: Record<string, string> = {}, { cwd }: Running = {}) {
  const command = `stty cols 100 rows 40; exec ${program.join(' ')}`
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { ...settingsOf(env), TERM: 'xterm', SHELL: '/bin/sh' },
    cwd,
  })
  let shown = ''
  child.stdout.on('data', chunk => (shown += chunk))
  return {
    /** What the terminal got so far, of stdout and stderr. */
    shown: () => shown,
    type: (text: string) => child.stdin.write(text),
    /** The exit code. */
    ended: once(child, 'close').then(([code]) => code as number | null),
  }
}

export interface CommandApi {
  url: string
  databaseUrl: string
  b2: LocalB2
  close(): Promise<void>
}

/** Starts an API that is not in local mode, on a database of its own; with a worker for images if asked for. */
export async function startCommandApi({ hasWorker = false } = {}): Promise<CommandApi> {
  await using opened = new AsyncDisposableStack()
  const { url: databaseUrl, drop } = await createTestDatabase({
    template: {
      name: 'darkroom_with_queue',
      async prepare(template) {
        await migrateDatabase(template)
        await migrateQueue({ kind: 'postgres', url: template })
      },
    },
  })
  opened.defer(drop)
  const dataDir = await mkdtemp(join(tmpdir(), 'darkroom-cli-test-'))
  opened.defer(() => rm(dataDir, { recursive: true, force: true }))
  const b2 = await startLocalB2({
    dataDir,
    buckets: [
      { name: 'darkroom', access: 'private' },
      { name: 'darkroom-public', access: 'public' },
    ],
  })
  opened.defer(() => b2.close())
  const env = {
    PORT: '0',
    DATABASE_URL: databaseUrl,
    DARKROOM_SECRET: randomBytes(32).toString('hex'),
    B2_KEY_ID: 'localkey',
    B2_APPLICATION_KEY: 'localsecret',
    B2_BUCKET_NAME: 'darkroom',
    B2_PUBLIC_BUCKET_NAME: 'darkroom-public',
    B2_REGION: 'local-000',
    B2_ENDPOINT: b2.url,
    // Where the tests have files to import.
    OUTBOUND_ALLOW: '127.0.0.1:*',
  }
  const api = await startApi({ env, logger: silentLogger })
  opened.defer(() => api.close())
  if (hasWorker) {
    const tempDir = join(dataDir, 'temp')
    await lendMediaCode(tempDir)
    const settings = { PATH: process.env.PATH ?? '', WORKER_TEMP_DIR: tempDir, WORKER_QUEUES: 'image,import,system' }
    const worker = await startWorker({ env: { ...env, ...COMPILE_CACHE, ...settings }, logger: silentLogger })
    opened.defer(() => worker.close())
  }
  const owned = opened.move()
  return { url: api.url, databaseUrl, b2, close: () => owned.disposeAsync() }
}
