import { Redis } from 'ioredis'
import type { Deployment } from '../deployment/deployment.ts'
import { uploadPhotos } from './load.ts'
import { throughOutage, throughSilentFailover } from './outage.ts'
import type { Scenario } from './scenario.ts'

const REDIS_ONLY = ['redis'] as const

/** Queries Redis directly, without the faults. */
async function askRedis<T>({ redis }: Deployment, ask: (client: Redis) => Promise<T>): Promise<T> {
  if (!redis) throw new Error('this deployment has no Redis')
  const client = new Redis(redis.url)
  try {
    return await ask(client)
  } finally {
    client.disconnect()
  }
}

const stopped: Scenario = {
  number: 15,
  name: 'Redis is gone for a while',
  fault: 'connections to Redis are cut and refused for 60 s, under load',
  expected: 'uploads are acknowledged all the while; what piled up is drained',
  figure: 's from its return until all is settled',
  backends: REDIS_ONLY,
  workers: 2,
  run: (context, round) => {
    const proxy = context.deployment.proxies.redis
    return throughOutage(context, round, { tableSec: 60, begin: () => proxy?.close(), end: () => proxy?.open() })
  },
}

const WAITING = 12

const emptied: Scenario = {
  number: 16,
  name: 'Redis loses everything',
  fault: 'Redis without a file is killed and started again, or FLUSHALL, with jobs waiting in it',
  expected: 'the queue is built up again from the rows',
  figure: 's from the loss until all is settled',
  backends: REDIS_ONLY,
  workers: 2,
  async run(context, round) {
    const { deployment } = context
    const restarts = round.index % 2 === 0
    // More than the workers can take at once, so that some wait in Redis when it forgets them.
    deployment.store.faults.set({ kind: 'delay', ms: 1500, match: { operation: 'GetObject', key: 'uploads/' } })
    await uploadPhotos(context, round, WAITING)
    return throughOutage(context, round, {
      tableSec: restarts ? 6 : 0,
      begin: () => (restarts ? deployment.redis?.stop() : askRedis(deployment, client => client.flushall())),
      end: () => deployment.redis?.start(),
    })
  },
}

/** Less than Redis needs for itself: every write is refused. */
const NO_MEMORY = '1mb'

const full: Scenario = {
  number: 17,
  name: 'Redis is out of memory',
  fault: 'maxmemory is reached under noeviction: every write answers OOM',
  expected: 'rows wait in Postgres; nothing lost when there is memory again',
  figure: 's from its recovery until all is settled',
  backends: REDIS_ONLY,
  workers: 2,
  run: (context, round) => {
    const setMemory = (limit: string) =>
      askRedis(context.deployment, client => client.config('SET', 'maxmemory', limit))
    return throughOutage(context, round, { tableSec: 60, begin: () => setMemory(NO_MEMORY), end: () => setMemory('0') })
  },
}

const silent: Scenario = {
  number: 45,
  name: 'Redis says nothing',
  fault:
    'all connections to Redis hang for 60 s; or those that are open hang for good and new ones work, a failover without a word',
  expected: 'uploads are acknowledged all the while; what piled up is drained',
  figure: 's from its return, or from the failover, until all is settled',
  backends: REDIS_ONLY,
  workers: 2,
  async run(context, round) {
    const proxy = context.deployment.proxies.redis
    if (round.index % 2 === 1) return throughSilentFailover(context, round, () => proxy?.freeze())
    return throughOutage(context, round, { tableSec: 60, begin: () => proxy?.hang(), end: () => proxy?.heal() })
  },
}

export const redis: readonly Scenario[] = [stopped, emptied, full, silent]
