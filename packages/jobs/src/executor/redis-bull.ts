import { Queue, Worker } from 'bullmq'
import { Redis, type RedisOptions } from 'ioredis'
import { type Bull, QUEUE_OPTIONS, WORKER_OPTIONS } from './bull.ts'
import { createErrorLog } from './error-log.ts'
import type { QueueDeps } from './job-queues.ts'
import {
  COMMAND_TIMEOUT_MS,
  CONNECT_TIMEOUT_MS,
  IDLE_WAIT_SEC,
  KEEP_ALIVE_MS,
  REDIS_SOCKET_TIMEOUT_MS,
} from './settings.ts'

const CLIENT_OPTIONS = {
  lazyConnect: true,
  connectTimeout: CONNECT_TIMEOUT_MS,
  keepAlive: KEEP_ALIVE_MS,
  retryStrategy: times => Math.min(times * 50, 1000),
} as const satisfies RedisOptions

/** Adding fails at once when Redis is away; a worker waits for it to come back. */
const ROLE_OPTIONS = {
  queues: {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: COMMAND_TIMEOUT_MS, // a command's time-out alone keeps the dead connection
  },
  worker: { maxRetriesPerRequest: null, socketTimeout: REDIS_SOCKET_TIMEOUT_MS },
} as const satisfies Record<string, RedisOptions>

export async function openRedis(config: { url: string }, deps: QueueDeps, role: 'queues' | 'worker'): Promise<Bull> {
  const onError = createErrorLog(deps.logger, 'redis')
  const connection = await connect(config.url, role, onError)
  return {
    kind: 'redis',
    openQueue: name => new Queue(name, { ...QUEUE_OPTIONS, connection }).on('error', onError),
    openWorker: (name, process, concurrency) =>
      new Worker(name, process, {
        ...WORKER_OPTIONS,
        connection,
        concurrency,
        drainDelay: IDLE_WAIT_SEC.redis,
      }).on('error', onError),
    interrupt: () => Promise.resolve(),
    async ping() {
      await connection.ping()
    },
    onReconnect(callback) {
      connection.on('ready', callback)
      return () => connection.off('ready', callback)
    },
    async close() {
      connection.disconnect()
    },
  }
}

async function connect(url: string, role: 'queues' | 'worker', onError: (error: unknown) => void): Promise<Redis> {
  const client = new Redis(url, { ...CLIENT_OPTIONS, ...ROLE_OPTIONS[role], connectionName: `darkroom-${role}` })
  let last: unknown
  const remember = (error: unknown) => {
    last = error
  }
  client.on('error', remember)
  try {
    await client.connect()
  } catch (error) {
    client.disconnect()
    throw last ?? error // the rejection only says that the connection is closed
  }
  client.off('error', remember)
  client.on('error', onError)
  return client
}
