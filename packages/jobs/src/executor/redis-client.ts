import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis'
import { type Login, parseRedisUrl, type RedisAddress } from './redis-address.ts'
import { COMMAND_TIMEOUT_MS, CONNECT_TIMEOUT_MS, KEEP_ALIVE_MS, REDIS_SOCKET_TIMEOUT_MS } from './settings.ts'

export type RedisClient = Redis | Cluster
/** Who asks: the dispatcher and API, a worker, or doctor. */
export type RedisRole = 'queues' | 'worker' | 'checks'

const retryDelayMs = (times: number): number => Math.min(times * 50, 1000)

/** A managed service may change roles and keep its connections: what has become a replica is left. */
const isReadOnly = (error: Error): boolean => error.message.startsWith('READONLY')

const CONNECTION = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  keepAlive: KEEP_ALIVE_MS,
  reconnectOnError: isReadOnly,
} as const satisfies RedisOptions

/** Adding fails at once when Redis is away; a worker waits for it to come back. */
const BY_ROLE = {
  queues: {
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: COMMAND_TIMEOUT_MS, // a command's time-out alone keeps the dead connection
  },
  worker: { maxRetriesPerRequest: null, socketTimeout: REDIS_SOCKET_TIMEOUT_MS },
  checks: { maxRetriesPerRequest: 0, commandTimeout: COMMAND_TIMEOUT_MS },
} as const satisfies Record<RedisRole, RedisOptions>

/**
 * In a cluster a command for a node that died is sent again after a delay, until another node has its slots. Each try takes up to two
 * redirections: `queues` give up within seconds, a worker after about half a minute, when a replica should have taken over.
 */
const CLUSTER_BY_ROLE = {
  queues: { enableOfflineQueue: false, maxRedirections: 10, retryDelayOnFailover: 300 },
  worker: { enableOfflineQueue: true, maxRedirections: 100, retryDelayOnFailover: 500 },
  checks: { enableOfflineQueue: true, maxRedirections: 3, retryDelayOnFailover: 300 },
} as const satisfies Record<RedisRole, ClusterOptions>

const CLUSTER = {
  lazyConnect: true,
  retryDelayOnClusterDown: 500,
  slotsRefreshTimeout: 2000,
  /** Finds a fail-over of which no failed command tells. */
  slotsRefreshInterval: 5000,
  // TLS compares host names with the certificate.
  dnsLookup: (host, callback) => callback(null, host),
} as const satisfies ClusterOptions

/**
 * Connects to what a `REDIS_URL` names. Once connected, the client finds the way back by itself, also to another server.
 * @throws the server's own error when it cannot connect, at the latest after 5 s
 */
export async function connectRedis(
  url: string,
  role: RedisRole,
  onError: (error: unknown) => void,
): Promise<RedisClient> {
  const progress = { isConnected: false }
  const client = createClient(parseRedisUrl(url), role, progress)
  let last: unknown
  const remember = (error: unknown) => {
    last = error instanceof Error && 'lastNodeError' in error ? (error.lastNodeError ?? error) : error
  }
  // Events for what ioredis goes on after: a Sentinel, or a node of a cluster, that did not answer.
  const DETAILS = ['error', 'sentinelError', 'node error']
  for (const event of DETAILS) client.on(event, remember)
  try {
    await withDeadline(client.connect(), CONNECT_TIMEOUT_MS)
  } catch (error) {
    client.disconnect()
    throw last ?? error // the rejection only says that the connection is closed
  }
  progress.isConnected = true
  for (const event of DETAILS) client.off(event, remember)
  client.on('error', onError)
  return client
}

/** ioredis waits without an end for a cluster whose state is `fail`. */
async function withDeadline(connecting: Promise<void>, timeoutMs: number): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no connection within ${timeoutMs / 1000} s`)), timeoutMs)
  try {
    await Promise.race([connecting, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

function createClient(address: RedisAddress, role: RedisRole, progress: { isConnected: boolean }): RedisClient {
  const shared = { ...CONNECTION, ...BY_ROLE[role], connectionName: `darkroom-${role}` }
  if (address.kind === 'cluster') {
    const { nodes, login, isEncrypted } = address
    return new Cluster(nodes, {
      ...CLUSTER,
      ...CLUSTER_BY_ROLE[role],
      clusterRetryStrategy: times => (role === 'checks' ? null : retryDelayMs(times)),
      redisOptions: { ...shared, ...login, ...(isEncrypted && { tls: {} }) },
    })
  }
  const options: ClientOptions = {
    ...shared,
    lazyConnect: true,
    enableOfflineQueue: role !== 'queues',
    retryStrategy: times => (role === 'checks' ? null : retryDelayMs(times)),
  }
  if (address.kind === 'server') return new Redis(address.url, options)
  const { sentinels, primary, db, login, isEncrypted } = address
  return new Redis({
    ...options,
    ...login,
    ...sentinelLoginOf(address.sentinelLogin),
    ...(isEncrypted && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
    sentinels,
    name: primary,
    db,
    sentinelCommandTimeout: COMMAND_TIMEOUT_MS,
    // The first connection fails at once; one that was made is never given up.
    sentinelRetryStrategy: times => (progress.isConnected && role !== 'checks' ? retryDelayMs(times) : null),
  })
}

/** Replies as all of our code expects them. */
type ClientOptions = Omit<RedisOptions, 'replyMapping'>

const sentinelLoginOf = ({ username, password }: Login): ClientOptions => ({
  ...(username && { sentinelUsername: username }),
  ...(password && { sentinelPassword: password }),
})
