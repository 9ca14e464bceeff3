import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKey } from '@darkroom/api'
import { createDatabase, type DatabaseClient } from '@darkroom/db/client'
import { migrateDatabase } from '@darkroom/db/migrate'
import { DEFAULT_PROJECT, ensureProject, insertApiKey } from '@darkroom/db/projects'
import { migrateQueue } from '@darkroom/jobs/executor'
import { createS3Store, type ObjectStore } from '@darkroom/storage'
import { COMPILE_CACHE, createTestDatabase, freePort, lendMediaCode, startFaultProxy } from '@darkroom/testing'
import { vi } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const HOST = '127.0.0.1'
export const PRIVATE_BUCKET = 'darkroom'
const PUBLIC_BUCKET = 'darkroom-public'
const EVENT_SECRET = 'x'.repeat(32)
/** Whatever becomes of the test, its processes end with it. */
const ENDS_WITH_PARENT = `data:text/javascript,process.on('disconnect',()=>process.exit());process.channel?.unref()`

export interface Program {
  /** Bytes of memory that it has now, without its children. */
  residentBytes(): number
  stop(): Promise<void>
}

/** An installation of which every part is a process of its own, as in production. */
export interface SeparateProcesses {
  url: string
  key: string
  folder: string
  database: DatabaseClient
  store: ObjectStore
  api: Program
  /** Starts a worker; its sweeper looks at uploads of that age. */
  startWorker(settings: { sweepAfterSec: number }): Promise<Program>
  /** Starts the store again, on what it has. */
  restartStore(settings: { sendsEvents: boolean }): Promise<void>
  close(): Promise<void>
}

const start = (main: string, env: Record<string, string>): Program => {
  const child = fork(join(ROOT, main), [], {
    execArgv: ['--import', ENDS_WITH_PARENT],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', ...COMPILE_CACHE, ...env },
  })
  return { residentBytes: () => residentBytes(child), stop: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

function residentBytes({ pid }: ChildProcess): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

const untilAnswers = (url: string) => vi.waitFor(() => fetch(url), { timeout: 120_000, interval: 50 })

const openDatabase = () =>
  createTestDatabase({
    template: {
      name: 'darkroom_with_queue',
      async prepare(url) {
        await migrateDatabase(url)
        await migrateQueue({ kind: 'postgres', url })
      },
    },
  })

async function createKey({ db }: DatabaseClient): Promise<string> {
  const { key, shortId, hash } = generateKey('project')
  const { id: projectId } = await ensureProject(db, DEFAULT_PROJECT)
  await insertApiKey(db, { projectId, shortId, hash, name: 'test', scopes: ['upload', 'read', 'write'] })
  return key
}

/** The store in a process of its own, which can be started again with and without event notifications. */
function startStore(dataDir: string, port: number, hookUrl: string) {
  const rule = { name: 'uploads', bucket: PRIVATE_BUCKET, prefix: 'uploads/', eventTypes: ['b2:ObjectCreated:*'] }
  const begin = async (sendsEvents: boolean) => {
    const rules = sendsEvents ? [{ ...rule, url: hookUrl, secret: EVENT_SECRET }] : []
    const program = start('packages/local-b2/src/main.ts', {
      LOCAL_B2_DATA_DIR: dataDir,
      LOCAL_B2_PORT: `${port}`,
      LOCAL_B2_BUCKETS: `${PRIVATE_BUCKET}:private,${PUBLIC_BUCKET}:public`,
      LOCAL_B2_EVENT_RULES: JSON.stringify(rules),
    })
    await untilAnswers(`http://${HOST}:${port}`)
    return program
  }
  return { begin }
}

interface Options {
  /** Where everything is kept. Default: the temporary folder of the tests, which may be in memory. */
  parent?: string
  /** Delays what clients send to the store by so many milliseconds for every chunk. */
  latencyMs?: number
}

/** Starts Postgres, store and API; no worker. */
export async function startSeparateProcesses({ parent, latencyMs = 0 }: Options = {}): Promise<SeparateProcesses> {
  await using opened = new AsyncDisposableStack()
  const folder = await mkdtemp(join(parent ?? tmpdir(), 'darkroom-processes-test-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  const { url: databaseUrl, drop } = await openDatabase()
  opened.defer(drop)
  const database = createDatabase(databaseUrl, { max: 4 })
  opened.defer(() => database.close())
  const [port, storePort] = [await freePort(), await freePort()]
  const [url, endpoint] = [`http://${HOST}:${port}`, `http://${HOST}:${storePort}`]

  const { begin } = startStore(join(folder, 'store'), storePort, `${url}/v1/hooks/b2`)
  let storeProgram = await begin(false)
  opened.defer(() => storeProgram.stop())
  const slowly = latencyMs > 0 ? await startFaultProxy({ target: { host: HOST, port: storePort } }) : null
  slowly?.setFaults({ latencyMs })
  opened.defer(async () => slowly?.close())
  const keys = { keyId: 'localkey', applicationKey: 'localsecret' }
  const store = createS3Store({ endpoint, region: 'local-000', ...keys })
  opened.defer(async () => store.close())

  const env = {
    DATABASE_URL: databaseUrl,
    DARKROOM_SECRET: randomBytes(32).toString('hex'),
    B2_ENDPOINT: endpoint,
    B2_REGION: 'local-000',
    B2_KEY_ID: keys.keyId,
    B2_APPLICATION_KEY: keys.applicationKey,
    B2_BUCKET_NAME: PRIVATE_BUCKET,
    B2_PUBLIC_BUCKET_NAME: PUBLIC_BUCKET,
    B2_EVENT_SECRET: EVENT_SECRET,
    MAX_UPLOAD_BYTES: '10000000000',
    LOG_LEVEL: 'error',
  }
  const publicEndpoint = slowly ? `http://${HOST}:${slowly.port}` : endpoint
  const api = start('apps/api/src/main.ts', { ...env, HOST, PORT: `${port}`, B2_PUBLIC_ENDPOINT: publicEndpoint })
  opened.defer(() => api.stop())
  await untilAnswers(`${url}/v1/status`)
  const tempDir = join(folder, 'temp')
  // It can be lent where it lies, not from a memory to a disk.
  if (parent === undefined) await lendMediaCode(tempDir)
  const key = await createKey(database)

  const owned = opened.move()
  return {
    url,
    key,
    folder,
    database,
    store,
    api,
    async startWorker({ sweepAfterSec }) {
      const settings = { WORKER_TEMP_DIR: tempDir, WORKER_QUEUES: 'image,document,system' }
      const worker = start('apps/worker/src/main.ts', { ...env, ...settings, SWEEP_AFTER_SEC: `${sweepAfterSec}` })
      owned.defer(() => worker.stop())
      return worker
    },
    async restartStore({ sendsEvents }) {
      await storeProgram.stop()
      storeProgram = await begin(sendsEvents)
    },
    close: () => owned.disposeAsync(),
  }
}
