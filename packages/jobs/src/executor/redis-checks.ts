import { type Check, type Finding, fault, fine, isAmiss, notChecked, warning } from '@darkroom/core/checks'
import type { RedisServers } from './redis-servers.ts'

export interface RedisCheckContext {
  /** Null: the queue is in Postgres. */
  url: string | null
}

/** BullMQ recommends it: https://docs.bullmq.io/guide/redis-tm-compatibility */
const MIN_VERSION = [6, 2] as const
const FULL_SHARE = 0.9
const NEEDS = ['redis.answers']

/** What Redis must be for the queue. A queue that is lost is filled again from Postgres, so it may be a cache, but none that forgets by itself. */
export const REDIS_CHECKS: readonly Check<RedisCheckContext>[] = [
  {
    id: 'redis.answers',
    title: 'Redis answers',
    cause: 'Redis does not run there, or host, name, password or TLS (rediss) of REDIS_URL are wrong.',
    fix: 'Start Redis, and try the same host, user and password: redis-cli -u redis://… ping.',
    look: context => ofRedis(context, async ({ servers }) => answerFinding(servers)),
  },
  {
    id: 'redis.version',
    title: `Redis is ${MIN_VERSION.join('.')} or newer`,
    cause: 'The server is older than what BullMQ needs.',
    fix: 'Upgrade Redis, or leave REDIS_URL out to keep the queue in Postgres.',
    needs: NEEDS,
    look: context => ofEach(context, info => versionFinding(info.get('redis_version') ?? '')),
  },
  {
    id: 'redis.policy',
    title: 'Redis forgets nothing by itself (noeviction)',
    cause: 'It is set up as a cache: with little memory it drops keys, and with them jobs.',
    fix: 'Set maxmemory-policy to noeviction in redis.conf, or in the settings of the service.',
    needs: NEEDS,
    look: context =>
      ofEach(context, info => {
        const policy = info.get('maxmemory_policy')
        if (policy === undefined) return notChecked('the server does not say')
        return policy === 'noeviction' ? fine(policy) : fault(policy)
      }),
    repair: ({ url }) =>
      withServers(url ?? '', async ({ servers }) => {
        await Promise.all(servers.map(({ client }) => client.config('SET', 'maxmemory-policy', 'noeviction')))
        return 'set maxmemory-policy to noeviction until Redis restarts; write it to redis.conf as well'
      }),
  },
  {
    id: 'redis.aof',
    title: 'Redis keeps its queue over a restart (AOF)',
    cause: 'appendonly is off. After a restart the queue is filled again from Postgres, which takes a while.',
    fix: 'Set appendonly to yes in redis.conf.',
    needs: NEEDS,
    look: context =>
      ofEach(context, info => {
        const enabled = info.get('aof_enabled')
        if (enabled === undefined) return notChecked('the server does not say')
        return enabled === '1' ? fine('on') : warning('off')
      }),
  },
  {
    id: 'redis.primary',
    title: 'the server takes writes',
    cause: 'REDIS_URL names a replica.',
    fix: 'Set REDIS_URL to the primary.',
    needs: NEEDS,
    look: context =>
      ofRedis(context, async ({ client, servers: [first] }) => {
        if (client.isCluster) return fine('a cluster finds its primaries itself')
        return first?.info?.get('role') === 'master' ? fine('it is the primary') : fault('it is a replica')
      }),
  },
  {
    id: 'redis.failover',
    title: 'a replica can take over',
    cause: 'No replica follows the primary: it died, was never started, or lost its connection.',
    fix: 'Start a replica, in a cluster one for each primary. docs/how-to/redis.md.',
    needs: NEEDS,
    look: context => ofRedis(context, async ({ client, servers }) => failoverFinding(client.isCluster, servers)),
  },
  {
    id: 'redis.memory',
    title: 'Redis has memory left',
    cause: 'The limit of its memory is almost reached; with noeviction it then refuses jobs.',
    fix: 'Raise maxmemory, or find out who else uses this Redis.',
    needs: NEEDS,
    look: context =>
      ofEach(context, info => {
        const [used, limit] = [Number(info.get('used_memory')), Number(info.get('maxmemory'))]
        if (!limit) return fine('it has no limit of its own')
        const seen = `${Math.round((100 * used) / limit)} % of ${Math.round(limit / 1024 ** 2)} MiB are used`
        return used > FULL_SHARE * limit ? warning(seen) : fine(seen)
      }),
  },
]

type Info = ReadonlyMap<string, string>

function answerFinding(servers: RedisServers['servers']): Finding {
  const silent = servers.filter(({ info }) => info === null)
  if (silent.length > 0) return warning(`no answer from ${silent.map(({ place }) => place).join(', ')}`)
  return fine(servers.length === 1 ? 'it does' : `all ${servers.length} servers do`)
}

function versionFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isNewEnough = major > MIN_VERSION[0] || (major === MIN_VERSION[0] && minor >= MIN_VERSION[1])
  return isNewEnough ? fine(version) : fault(version || 'unknown')
}

function failoverFinding(isCluster: boolean, servers: RedisServers['servers']): Finding {
  const primaries = servers.filter(({ info }) => info?.get('role') === 'master')
  if (!isCluster && !servers.some(({ client }) => client.options.sentinels))
    return notChecked('REDIS_URL names one server')
  const alone = primaries.filter(({ info }) => !hasReplica(info))
  if (alone.length > 0) return warning(`nothing follows ${alone.map(({ place }) => place).join(', ')}`)
  return fine(primaries.length === 1 ? 'it has a replica' : `each of ${primaries.length} primaries has a replica`)
}

/** `slave0:ip=…,port=…,state=online,…` */
const hasReplica = (info: Info | null): boolean =>
  [...(info ?? [])].some(([name, value]) => /^slave\d+$/.test(name) && value.includes('state=online'))

/** Looks at every server; the finding is that of the worst, and names those that share it. */
const ofEach = (context: RedisCheckContext, look: (info: Info) => Finding): Promise<Finding> =>
  ofRedis(context, async ({ servers }) => {
    const found = servers.flatMap(({ place, info }) => (info ? [{ place, finding: look(info) }] : []))
    const amiss = found.filter(({ finding }) => isAmiss(finding))
    const first = amiss[0] ?? found[0]
    if (!first) return notChecked('no server answers')
    if (amiss.length === 0 || servers.length === 1) return first.finding
    return { ...first.finding, seen: amiss.map(({ place, finding }) => `${finding.seen} on ${place}`).join(', ') }
  })

async function ofRedis(
  { url }: RedisCheckContext,
  look: (servers: RedisServers) => Promise<Finding>,
): Promise<Finding> {
  if (url === null) return notChecked('REDIS_URL is not set: the queue is in Postgres')
  return withServers(url, look)
}

async function withServers<T>(url: string, use: (servers: RedisServers) => Promise<T>): Promise<T> {
  // Loaded when it is asked: API and worker know these checks too, and need no client of a queue in Postgres.
  const { withRedisServers } = await import('./redis-servers.ts')
  return withRedisServers(url, use)
}
