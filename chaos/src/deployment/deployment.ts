import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type LocalB2, startLocalB2 } from '@darkroom/local-b2'
import {
  lendMediaCode,
  type RedisGroup,
  startTestCluster,
  startTestRedis,
  startTestSentinels,
  type TestRedis,
} from '@darkroom/testing'
import postgres from 'postgres'
import type { Keys, Machine } from './machine.ts'
import { createProcessGroup, type ProcessGroup } from './process-group.ts'
import { watchProcesses } from './process-watch.ts'
import type { Code } from './service.ts'
import { type ServiceProxy, startServiceProxy } from './service-proxy.ts'
import { type Backend, COMMON_ENV, PRIVATE_BUCKET, PUBLIC_BUCKET } from './settings.ts'

/** One isolated installation: database, queue, store, a proxy before each of them, and the processes of the product. */
export interface Deployment {
  name: string
  backend: Backend
  keys: Keys
  /** A direct connection to the database without faults, for checks and to make due now what would be due in hours. */
  sql: postgres.Sql
  databaseUrl: string
  store: LocalB2
  proxies: ServiceProxies
  /** Null with the queue in Postgres, or in a group. */
  redis: RedisServer | null
  /** Several servers of which one takes over when another dies. The processes connect to them directly. */
  redisGroup: RedisGroup | null
  processes: ProcessGroup
  tempDir: string
  /** Logs of the processes. */
  logFolder: string
  /** Ends every fault, and restores the processes that a trial stopped, killed or armed. */
  heal(): Promise<void>
  /** Ends all processes with SIGTERM. @returns what they left behind */
  shutDown(): Promise<string[]>
  close(): Promise<void>
}

interface ServiceProxies {
  postgres: ServiceProxy
  /** Between the workers and the store. Clients connect directly, so their connection never breaks. */
  store: ServiceProxy
  /** Between the API and the store. */
  storeOfApi: ServiceProxy
  redis: ServiceProxy | null
}

export interface RedisServer {
  url: string
  /** Loses everything: it has no persistence. */
  stop(): Promise<void>
  start(): Promise<void>
}

/** How to start a group of Redis servers. */
const REDIS_GROUPS = { sentinels: startTestSentinels, cluster: startTestCluster } as const
export type RedisGroupKind = keyof typeof REDIS_GROUPS

export interface DeploymentOptions {
  name: string
  backend: Backend
  /** With the backend `redis`: a group in the place of one server. */
  redisGroup?: RedisGroupKind
  /** The version that the processes are of at first. Default: this checkout, with its faults. */
  code?: Code
  workers: number
  apis: number
  /** More environment for every process. */
  env: Record<string, string>
}

const LOCALHOST = '127.0.0.1'

/** Starts a deployment, its processes at the same time. */
export async function createDeployment(machine: Machine, options: DeploymentOptions): Promise<Deployment> {
  const { name, backend } = options
  const folder = join(machine.folder, name)
  await using opened = new AsyncDisposableStack()
  opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))
  const tempDir = join(folder, 'tmp')
  const logFolder = join(folder, 'log')
  await Promise.all([tempDir, logFolder].map(path => mkdir(path, { recursive: true })))
  await lendMediaCode(tempDir, machine.folder)
  const database = await machine.createDatabase(name.replaceAll('-', '_'))
  opened.defer(() => database.drop())
  const sql = postgres(database.url, { max: 3, onnotice: () => undefined })
  opened.defer(() => sql.end({ timeout: 5 }))
  const store = await startStore(folder)
  opened.defer(() => store.close())
  const redisGroup = options.redisGroup ? await REDIS_GROUPS[options.redisGroup]() : null
  if (redisGroup) opened.defer(() => redisGroup.stop())
  const redis = backend === 'redis' && !redisGroup ? await startRedis() : null
  if (redis) opened.defer(() => redis.stop())
  const proxies = await startProxies(machine.postgresPort, store.port, redis)
  opened.defer(() => disposeProxies(proxies))

  const processes = createProcessGroup({
    logFolder,
    tempDir,
    target: options,
    ...(options.code && { code: options.code }),
    env: envOf(database.url, store, proxies, redisUrlOf(proxies, redisGroup), options, tempDir),
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
    proxies,
    redis,
    redisGroup,
    processes,
    tempDir,
    logFolder,
    async heal() {
      store.faults.clear()
      await redis?.start()
      await redisGroup?.heal()
      await Promise.all(allProxies(proxies).map(proxy => proxy.heal()))
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

async function startProxies(
  postgresPort: number,
  storePort: number,
  redis: RedisServer | null,
): Promise<ServiceProxies> {
  const to = (port: number) => startServiceProxy({ host: LOCALHOST, port })
  const [database, store, storeOfApi, queue] = await Promise.all([
    to(postgresPort),
    to(storePort),
    to(storePort),
    redis && to(Number(new URL(redis.url).port)),
  ])
  return { postgres: database, store, storeOfApi, redis: queue }
}

const allProxies = (proxies: ServiceProxies): ServiceProxy[] => Object.values(proxies).filter(proxy => proxy !== null)

const disposeProxies = async (proxies: ServiceProxies) => {
  await Promise.all(allProxies(proxies).map(proxy => proxy.dispose()))
}

const redisUrlOf = (proxies: ServiceProxies, group: RedisGroup | null): string | null =>
  group?.url ?? (proxies.redis && `redis://${LOCALHOST}:${proxies.redis.port}`)

function envOf(
  databaseUrl: string,
  store: LocalB2,
  proxies: ServiceProxies,
  redisUrl: string | null,
  options: DeploymentOptions,
  tempDir: string,
) {
  const common = {
    ...COMMON_ENV,
    DATABASE_URL: Object.assign(new URL(databaseUrl), { port: `${proxies.postgres.port}` }).href,
    ...(redisUrl && { REDIS_URL: redisUrl }),
    // Clients connect to the store directly: faults concern the system, not its clients.
    B2_PUBLIC_ENDPOINT: store.url,
    ...options.env,
  }
  return {
    api: { ...common, B2_ENDPOINT: `http://${LOCALHOST}:${proxies.storeOfApi.port}` },
    worker: { ...common, B2_ENDPOINT: `http://${LOCALHOST}:${proxies.store.port}`, WORKER_TEMP_DIR: tempDir },
  }
}
