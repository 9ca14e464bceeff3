import { QUEUE_NAMES } from '@darkroom/contracts'
import { silentLogger } from '@darkroom/core'
import { runChecks } from '@darkroom/core/checks'
import { hasRedis, type RedisGroup, startTestCluster, startTestSentinels } from '@darkroom/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createJobQueues,
  createQueueWorker,
  type JobQueues,
  REDIS_CHECKS,
  waitForQueue,
} from '../src/executor/index.ts'
import { withRedisServers } from '../src/executor/redis-servers.ts'
import { entry, until } from './queue-contract.ts'

const deps = { logger: silentLogger }

const GROUPS = [
  { name: 'Sentinels', start: () => startTestSentinels({ replicas: 1 }), servers: 2 },
  { name: 'a cluster', start: () => startTestCluster(), servers: 6 },
] as const
/** They start at the same time, because starting is mostly waiting. */
const started = new Map<string, Promise<RedisGroup>>()

const waiting = (maxWaitMs: number) => ({ maxWaitMs, signal: AbortSignal.timeout(60_000), say: () => undefined })

describe.skipIf(!hasRedis() && !process.env.CI).each(GROUPS)('the queue on $name', ({ name, servers }) => {
  let group: RedisGroup
  beforeAll(async () => {
    for (const { name, start } of GROUPS) if (!started.has(name)) started.set(name, start())
    await Promise.allSettled(started.values())
    group = (await started.get(name)) as RedisGroup
  }, 120_000)
  afterAll(() => group?.stop())

  it('has nothing to say in doctor but what each server lacks', async () => {
    const seen = await examine(group)
    expect(seen).toMatchObject({
      'redis.answers': `ok: all ${servers} servers do`,
      'redis.policy': 'ok: noeviction',
      'redis.primary': expect.stringMatching(/^ok/),
      'redis.failover': expect.stringMatching(/^ok: (it has a replica|each of 3 primaries has a replica)$/),
    })
    expect(seen['redis.aof']?.match(/off on /g)).toHaveLength(servers)
  })

  it('tells a wrong password at once', async () => {
    const url = group.url.replace(/of-the-(servers|cluster)/, 'wrong')
    await expect(waitForQueue({ kind: 'redis', url }, waiting(30_000))).rejects.toThrow(
      /REDIS_URL: Redis at (127\.0\.0\.1:\d+,?)+ cannot be used \(.*WRONGPASS/,
    )
  })

  it('runs entries of every queue, and goes on by itself when the primary of one dies', {
    timeout: 180_000,
  }, async () => {
    const config = { kind: 'redis', url: group.url } as const
    const queues = await createJobQueues(config, deps)
    const ran = new Set<string>()
    const run = async ({ jobId }: { jobId: string }) => void ran.add(jobId)
    const workers = await Promise.all(
      QUEUE_NAMES.map(queue => createQueueWorker(config, deps, { queue, concurrency: 1, run })),
    )
    let reconnects = 0
    queues.onReconnect(() => reconnects++)
    await runOneInEach(queues, ran)
    expect(await strangeKeys(group.url)).toEqual([])
    const [victim = 0] = await group.primaries()
    const before = reconnects
    await group.kill(victim)
    await runOneInEach(queues, ran)
    await until('it is told that entries may be lost', () => reconnects > before, 60_000)
    // The client may know it from another Sentinel than the one that is asked here.
    await until('another server takes writes', async () => !(await group.primaries()).includes(victim), 30_000)
    await until(
      'doctor misses who could take over next',
      async () => (await examine(group))['redis.failover']?.startsWith('warning: nothing follows') ?? false,
      30_000,
    )
    await group.heal()
    await runOneInEach(queues, ran)
    await Promise.all(workers.map(worker => worker.close()))
    await queues.close()
  })
})

it('names every host that does not answer', async () => {
  for (const url of ['redis+sentinel://127.0.0.1:1,127.0.0.1:2/mymaster', 'redis+cluster://127.0.0.1:1,127.0.0.1:2'])
    await expect(waitForQueue({ kind: 'redis', url }, waiting(0))).rejects.toThrow(
      /REDIS_URL: Redis at 127\.0\.0\.1:1,127\.0\.0\.1:2 is not available \(.*(ECONNREFUSED|closed)/,
    )
})

/** Returns what doctor sees, by the check. */
async function examine({ url }: RedisGroup): Promise<Record<string, string>> {
  const results = await runChecks(REDIS_CHECKS, { url }, { results: new Map() })
  return Object.fromEntries(results.map(({ id, state, seen }) => [id, `${state}: ${seen}`]))
}

/** Adds entries to each queue, as the dispatcher does again while they fail, until one of each ran. */
async function runOneInEach(queues: JobQueues, ran: ReadonlySet<string>): Promise<void> {
  await Promise.all(
    QUEUE_NAMES.map(async queue => {
      const ids = new Set<string>()
      await until(
        `one of ${queue} ran`,
        async () => {
          const item = entry()
          ids.add(item.payload.jobId)
          await queues.add(queue, item).catch(() => undefined)
          await new Promise(resolve => setTimeout(resolve, 100))
          return [...ids].some(id => ran.has(id))
        },
        60_000,
      )
    }),
  )
}

/** Returns the keys that are not below our prefix. */
const strangeKeys = (url: string): Promise<string[]> =>
  withRedisServers(url, async ({ servers }) => {
    const keys = await Promise.all(servers.map(({ client }) => client.keys('*')))
    return keys.flat().filter(key => !key.startsWith('darkroom:'))
  })
