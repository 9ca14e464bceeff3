import { type Check, type Finding, fault, fine, notChecked, warning } from '@darkroom/core/checks'
import type { Redis } from 'ioredis'

export interface RedisCheckContext {
  /** Null: the queue is in Postgres. */
  url: string | null
}

/** BullMQ recommends it: https://docs.bullmq.io/guide/redis-tm-compatibility */
const MIN_VERSION = [6, 2] as const
const CONNECT_MS = 5000
const FULL_SHARE = 0.9
const NEEDS = ['redis.answers']

/** What Redis must be for the queue. A queue that is lost is filled again from Postgres, so it may be a cache, but none that forgets by itself. */
export const REDIS_CHECKS: readonly Check<RedisCheckContext>[] = [
  {
    id: 'redis.answers',
    title: 'Redis answers',
    cause: 'Redis does not run there, or host, password or TLS (rediss://) of REDIS_URL are wrong.',
    fix: 'Start Redis, and try the same URL: redis-cli -u "$REDIS_URL" ping.',
    look: context => ofRedis(context, async () => fine('it does')),
  },
  {
    id: 'redis.version',
    title: `Redis is ${MIN_VERSION.join('.')} or newer`,
    cause: 'The server is older than what BullMQ needs.',
    fix: 'Upgrade Redis, or leave REDIS_URL out to keep the queue in Postgres.',
    needs: NEEDS,
    look: context => ofRedis(context, async info => versionFinding(info.get('redis_version') ?? '')),
  },
  {
    id: 'redis.policy',
    title: 'Redis forgets nothing by itself (noeviction)',
    cause: 'It is set up as a cache: with little memory it drops keys, and with them jobs.',
    fix: 'Set maxmemory-policy to noeviction in redis.conf, or in the settings of the service.',
    needs: NEEDS,
    look: context =>
      ofRedis(context, async info => {
        const policy = info.get('maxmemory_policy')
        if (policy === undefined) return notChecked('the server does not say')
        return policy === 'noeviction' ? fine(policy) : fault(policy)
      }),
    repair: context =>
      withRedis(context, redis => redis.config('SET', 'maxmemory-policy', 'noeviction')).then(
        () => 'set maxmemory-policy to noeviction until Redis restarts; write it to redis.conf as well',
      ),
  },
  {
    id: 'redis.aof',
    title: 'Redis keeps its queue over a restart (AOF)',
    cause: 'appendonly is off. After a restart the queue is filled again from Postgres, which takes a while.',
    fix: 'Set appendonly to yes in redis.conf.',
    needs: NEEDS,
    look: context =>
      ofRedis(context, async info => {
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
      ofRedis(context, async info =>
        info.get('role') === 'master' ? fine('it is the primary') : fault('it is a replica'),
      ),
  },
  {
    id: 'redis.memory',
    title: 'Redis has memory left',
    cause: 'The limit of its memory is almost reached; with noeviction it then refuses jobs.',
    fix: 'Raise maxmemory, or find out who else uses this Redis.',
    needs: NEEDS,
    look: context =>
      ofRedis(context, async info => {
        const [used, limit] = [Number(info.get('used_memory')), Number(info.get('maxmemory'))]
        if (!limit) return fine('it has no limit of its own')
        const seen = `${Math.round((100 * used) / limit)} % of ${Math.round(limit / 1024 ** 2)} MiB are used`
        return used > FULL_SHARE * limit ? warning(seen) : fine(seen)
      }),
  },
]

function versionFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isNewEnough = major > MIN_VERSION[0] || (major === MIN_VERSION[0] && minor >= MIN_VERSION[1])
  return isNewEnough ? fine(version) : fault(version || 'unknown')
}

async function ofRedis(
  context: RedisCheckContext,
  look: (info: ReadonlyMap<string, string>) => Promise<Finding>,
): Promise<Finding> {
  if (context.url === null) return notChecked('REDIS_URL is not set: the queue is in Postgres')
  return withRedis(context, async redis => look(fieldsOf(await redis.info())))
}

async function withRedis<T>({ url }: RedisCheckContext, use: (redis: Redis) => Promise<T>): Promise<T> {
  // Loaded when it is asked: API and worker know these checks too, and need no client of a queue in Postgres.
  const { Redis: Client } = await import('ioredis')
  const redis = new Client(url ?? '', {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    commandTimeout: CONNECT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  let last: unknown
  redis.on('error', error => {
    last = error
  })
  try {
    await redis.connect()
    return await use(redis)
  } catch (error) {
    // The rejection only says that the connection is closed.
    throw last ?? error
  } finally {
    redis.disconnect()
  }
}

/** Reads the lines `name:value` of INFO. */
const fieldsOf = (info: string): Map<string, string> =>
  new Map([...info.matchAll(/^([a-z_]+):(.*?)\r?$/gm)].map(([, name = '', value = '']) => [name, value]))
