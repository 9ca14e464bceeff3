import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type LocalB2, startLocalB2 } from '@darkroom/local-b2'
import { startTestRedis, type TestRedis } from '@darkroom/testing'
import postgres from 'postgres'
import { type Gate, openGate } from './gate.ts'
import type { Keys, Machine } from './machine.ts'
import { createProcessGroup, type ProcessGroup } from './process-group.ts'
import { watchProcesses } from './process-watch.ts'
import { type Backend, COMMON_ENV, PRIVATE_BUCKET, PUBLIC_BUCKET } from './settings.ts'

/** One isolated world: database, queue, store, the ways to them, and the processes of the product. */
export interface Universe {
  name: string
  backend: Backend
  keys: Keys
  /** Straight to the database, past every fault; for checks and for making due what would be due in hours. */
  sql: postgres.Sql
  databaseUrl: string
  store: LocalB2
  gates: Gates
  redis: RedisServer | null
  processes: ProcessGroup
  tempDir: string
  /** What the processes said. */
  logFolder: string
  /** Ends every fault and brings everything back that a trial stopped, killed or armed. */
  heal(): Promise<void>
  /** SIGTERM to all processes, and what they left behind. */
  shutDown(): Promise<string[]>
  close(): Promise<void>
}

interface Gates {
  postgres: Gate
  /** The workers' way to the store; clients have their own, which never breaks. */
  store: Gate
  /** The API's way to the store. */
  storeOfApi: Gate
  redis: Gate | null
}

export interface RedisServer {
  url: string
  /** Loses everything: it has no persistence. */
  stop(): Promise<void>
  start(): Promise<void>
}

export interface UniverseOptions {
  name: string
  backend: Backend
  workers: number
  apis: number
  /** More environment for every process. */
  env: Record<string, string>
}

const LOCALHOST = '127.0.0.1'

/** Brings a world up, its processes side by side. */
export async function createUniverse(machine: Machine, options: UniverseOptions): Promise<Universe> {
  const { name, backend } = options
  const folder = join(machine.folder, name)
  await using opened = new AsyncDisposableStack()
  opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))
  const tempDir = join(folder, 'tmp')
  const logFolder = join(folder, 'log')
  await Promise.all([tempDir, logFolder].map(path => mkdir(path, { recursive: true })))
  const database = await machine.createDatabase(name.replaceAll('-', '_'))
  opened.defer(() => database.drop())
  const sql = postgres(database.url, { max: 3, onnotice: () => undefined })
  opened.defer(() => sql.end({ timeout: 5 }))
  const store = await startStore(folder)
  opened.defer(() => store.close())
  const redis = backend === 'redis' ? await startRedis() : null
  if (redis) opened.defer(() => redis.stop())
  const gates = await openGates(machine.postgresPort, store.port, redis)
  opened.defer(() => disposeGates(gates))

  const processes = createProcessGroup({
    logFolder,
    tempDir,
    target: options,
    env: envOf(database.url, store, gates, options, tempDir),
  })
  opened.defer(() => processes.killAll())
  const watch = watchProcesses(() => processes.alive().map(({ pid }) => pid))
  opened.defer(async () => watch.close())
  await processes.complete()

  const owned = opened.move()
  return {
    name,
    backend,
    keys: machine.keys,
    sql,
    databaseUrl: database.url,
    store,
    gates,
    redis,
    processes,
    tempDir,
    logFolder,
    async heal() {
      store.faults.clear()
      await redis?.start()
      await Promise.all(allGates(gates).map(gate => gate.heal()))
      await processes.complete()
      watch.look()
    },
    async shutDown() {
      const left = watch.orphans()
      watch.look()
      return [...left, ...(await processes.stopAll()), ...watch.orphans()]
    },
    close: () => owned.disposeAsync(),
  }
}

const startStore = (folder: string) =>
  startLocalB2({
    dataDir: join(folder, 'b2'),
    buckets: [
      { name: PRIVATE_BUCKET, access: 'private' },
      { name: PUBLIC_BUCKET, access: 'public' },
    ],
  })

async function startRedis(): Promise<RedisServer> {
  let server: TestRedis | null = await startTestRedis()
  const { url } = server
  return {
    url,
    async stop() {
      await server?.stop()
      server = null
    },
    async start() {
      server ??= await startTestRedis({ port: Number(new URL(url).port) })
    },
  }
}

async function openGates(postgresPort: number, storePort: number, redis: RedisServer | null): Promise<Gates> {
  const to = (port: number) => openGate({ host: LOCALHOST, port })
  const [database, store, storeOfApi, queue] = await Promise.all([
    to(postgresPort),
    to(storePort),
    to(storePort),
    redis && to(Number(new URL(redis.url).port)),
  ])
  return { postgres: database, store, storeOfApi, redis: queue }
}

const allGates = (gates: Gates): Gate[] => Object.values(gates).filter(gate => gate !== null)

const disposeGates = async (gates: Gates) => {
  await Promise.all(allGates(gates).map(gate => gate.dispose()))
}

function envOf(databaseUrl: string, store: LocalB2, gates: Gates, options: UniverseOptions, tempDir: string) {
  const common = {
    ...COMMON_ENV,
    DATABASE_URL: Object.assign(new URL(databaseUrl), { port: `${gates.postgres.port}` }).href,
    ...(gates.redis && { REDIS_URL: `redis://${LOCALHOST}:${gates.redis.port}` }),
    // Clients reach the store straight: what is broken is the system, not their way to it.
    B2_PUBLIC_ENDPOINT: store.url,
    ...options.env,
  }
  return {
    api: { ...common, B2_ENDPOINT: `http://${LOCALHOST}:${gates.storeOfApi.port}` },
    worker: { ...common, B2_ENDPOINT: `http://${LOCALHOST}:${gates.store.port}`, WORKER_TEMP_DIR: tempDir },
  }
}
