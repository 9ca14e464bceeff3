import { Cluster, Redis } from 'ioredis'
import { connectRedis, type RedisClient } from './redis-client.ts'

/** One server behind a `REDIS_URL`, and what it says of itself. */
export interface RedisServer {
  /** `host:port`; the primary of Sentinels by its name. */
  place: string
  client: Redis
  /** The fields of INFO; null when it does not answer. */
  info: ReadonlyMap<string, string> | null
}

export interface RedisServers {
  /** The client that the queue would use. */
  client: RedisClient
  /** Those that have the queue, and those that stand by. */
  servers: RedisServer[]
}

/** Connects to every server behind a URL while it is used. @throws the server's own error when it cannot */
export async function withRedisServers<T>(url: string, use: (servers: RedisServers) => Promise<T>): Promise<T> {
  const client = await connectRedis(url, 'checks', () => undefined)
  const clients = client instanceof Cluster ? client.nodes() : [client]
  try {
    if (client instanceof Redis) clients.push(...(await connectReplicas(client)))
    return await use({ client, servers: await Promise.all(clients.map(describe)) })
  } finally {
    for (const one of [...clients, client]) one.disconnect()
  }
}

/** Connects to what a Sentinel may make the next primary. The replicas of a single server are nobody's concern. */
async function connectReplicas(primary: Redis): Promise<Redis[]> {
  const { sentinels, name, replyMapping, ...options } = primary.options
  if (!sentinels) return []
  const replication = fieldsOf(await primary.info('replication'))
  return [...replication].flatMap(([field, value]) => {
    const [, host, port] = /^ip=([^,]+),port=(\d+)/.exec(value) ?? []
    if (!/^slave\d+$/.test(field) || host === undefined) return []
    return [new Redis({ ...options, host, port: Number(port) }).on('error', () => undefined)]
  })
}

async function describe(client: Redis): Promise<RedisServer> {
  const { name, host, port } = client.options
  return { place: name ?? `${host}:${port}`, client, info: await client.info().then(fieldsOf, () => null) }
}

/** Reads the lines `name:value` of INFO. */
export const fieldsOf = (info: string): Map<string, string> =>
  new Map([...info.matchAll(/^([a-z_0-9]+):(.*?)\r?$/gm)].map(([, name = '', value = '']) => [name, value]))
