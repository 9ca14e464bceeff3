import { Redis } from 'ioredis'
import type { Universe } from '../world/universe.ts'
import { uploadPhotos } from './load.ts'
import { throughOutage, throughSilentFailover } from './outage.ts'
import type { Scenario } from './scenario.ts'

const REDIS_ONLY = ['redis'] as const

/** Past every fault. */
async function askRedis<T>({ redis }: Universe, ask: (client: Redis) => Promise<T>): Promise<T> {
  if (!redis) throw new Error('this universe has no Redis')
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
  run: (world, round) => {
    const gate = world.universe.gates.redis
    return throughOutage(world, round, { tableSec: 60, begin: () => gate?.close(), end: () => gate?.open() })
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
  async run(world, round) {
    const { universe } = world
    const restarts = round.index % 2 === 0
    // More than the workers can take at once, so that some wait in Redis when it forgets them.
    universe.store.faults.set({ kind: 'delay', ms: 1500, match: { operation: 'GetObject', key: 'uploads/' } })
    await uploadPhotos(world, round, WAITING)
    return throughOutage(world, round, {
      tableSec: restarts ? 6 : 0,
      begin: () => (restarts ? universe.redis?.stop() : askRedis(universe, client => client.flushall())),
      end: () => universe.redis?.start(),
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
  run: (world, round) => {
    const setMemory = (limit: string) => askRedis(world.universe, client => client.config('SET', 'maxmemory', limit))
    return throughOutage(world, round, { tableSec: 60, begin: () => setMemory(NO_MEMORY), end: () => setMemory('0') })
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
  async run(world, round) {
    const gate = world.universe.gates.redis
    if (round.index % 2 === 1) return throughSilentFailover(world, round, () => gate?.freeze())
    return throughOutage(world, round, { tableSec: 60, begin: () => gate?.hang(), end: () => gate?.heal() })
  },
}

export const redis: readonly Scenario[] = [stopped, emptied, full, silent]
