import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isAmiss } from '@darkroom/core/checks'
import { hasRedis, memoryFolder, startTestRedis } from '@darkroom/testing'
import { useResource } from '@darkroom/testing/use-resource'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, it } from 'vitest'
import { ALL_CHECKS } from '../src/doctor/all-checks.ts'
import { proofReport } from '../src/doctor/proof-report.ts'
import { report } from '../src/doctor/report.ts'
import type { GroupResults } from '../src/doctor/run-doctor.ts'

import { FAULTS } from './doctor-faults.ts'
import { envOfKey, examine, nativeAnswers, PRIVATE, PUBLIC, startWorld } from './doctor-world.ts'
import { runCommand } from './harness.ts'

const world = useResource(startWorld, opened => opened.close())
afterEach(() => world.heal())

describe('doctor where all is well', () => {
  it.each([
    ['a key that may do everything', {}, {}],
    ['the key of a worker', envOfKey('worker'), {}],
    ['the key of an API', envOfKey('api'), { role: 'api' as const }],
  ])('has nothing to say of %s, and leaves nothing behind', async (_name, env, options) => {
    const { amiss, results } = await examine(world, env, options)
    // It depends on the machine of the test.
    expect(amiss.filter(id => id !== 'machine.sandbox')).toEqual([])
    expect([...results.keys()]).toEqual(ALL_CHECKS.map(({ id }) => id))
    if (!('role' in options)) expect(await world.stored()).toEqual([])
  })

  it('has nothing to say of what B2 tells of the key', async () => {
    world.proxy.setChanges(nativeAnswers({ rules: [{}] })(world.proxy.url))
    const only = ['key', 'bucket.events']
    const { amiss, results } = await examine(
      world,
      { B2_EVENT_SECRET: 'a'.repeat(32), B2_NATIVE_API_URL: world.proxy.url },
      { only },
    )
    expect(amiss).toEqual([])
    expect([...results.values()].filter(({ state }) => state === 'not_checked')).toEqual([])
  })

  it('has nothing to say of variables that Kubernetes sets for services, and that docker-compose.yml reads', async () => {
    const env = {
      DARKROOM_IMAGE: 'darkroom:1',
      REDIS_SERVICE_HOST: '10.0.0.1',
      REDIS_SERVICE_PORT_REDIS: '6379',
      REDIS_PORT: 'tcp://10.0.0.1:6379',
      REDIS_PORT_6379_TCP_ADDR: '10.0.0.1',
      DARKROOM_API_SERVICE_PORT: '3000',
    }
    expect((await examine(world, env, { only: ['env'] })).amiss).toEqual([])
  })

  it('does not take the localhost of browsers for its own, as in a container', async () => {
    const { amiss, results } = await examine(
      world,
      { B2_PUBLIC_ENDPOINT: 'http://localhost:2' },
      { only: ['url', 'cors'] },
    )
    expect(amiss).toEqual([])
    for (const id of ['url.put', 'cors.upload', 'cors.etag'])
      expect(results.get(id)).toMatchObject({ state: 'not_checked', seen: expect.stringContaining('from here') })
  })

  it('says why it did not check what the key may not see', async () => {
    const { results } = await examine(world, envOfKey('worker'), { only: ['lifecycle', 'bucket.versioning'] })
    for (const id of ['lifecycle.parts', 'bucket.versioning'])
      expect(results.get(id)).toMatchObject({ state: 'not_checked', seen: expect.stringContaining('readBuckets') })
  })
})

describe.each(Object.entries(FAULTS))('doctor on %s', (_group, faults) => {
  it.each(faults)('finds $name, and nothing else', async ({ env, options, changes, native, arrange, ...expected }) => {
    await arrange?.(world)
    world.proxy.setChanges({ ...changes, ...native?.(world.proxy.url) })
    const given = { only: areasFor(expected.amiss), ...options }
    const variables = { ...env, ...(native && { B2_NATIVE_API_URL: world.proxy.url }) }
    const { amiss, results } = await examine(world, variables, given)
    expect(amiss).toEqual(expected.amiss)
    const [first = ''] = amiss
    const { seen = '', cause = '', fix = '' } = results.get(first) ?? {}
    expect(`${seen} ${cause} ${fix}`).toMatch(expected.says)
    expect([cause, fix]).not.toContain('')
    if (!expected.isFixed) return
    expect((await examine(world, variables, { ...given, repairs: true })).amiss).toEqual([])
    expect((await examine(world, variables, given)).amiss).toEqual([])
  })
})

/** Areas on which no other rests. */
const LEAVES = ['object', 'url', 'cors', 'lifecycle', 'cdn', 'database', 'redis', 'machine']

/** A fault of a leaf shows in no other area; every other one is looked for in all of the store but its objects, which take long. */
function areasFor(amiss: string[]): string[] {
  const named = new Set(amiss.map(id => id.split('.')[0] ?? ''))
  if ([...named].every(area => LEAVES.includes(area))) return [...named]
  const areas = new Set(ALL_CHECKS.map(({ id }) => id.split('.')[0] ?? ''))
  return [...areas].filter(area => !['object', 'database', 'redis', 'machine'].includes(area))
}

describe.runIf(hasRedis())('doctor on Redis', () => {
  const redis = useResource(
    async () => {
      const dir = await mkdtemp(join(memoryFolder(), 'darkroom-doctor-redis-'))
      return { dir, ...(await startTestRedis({ dir })) }
    },
    async ({ dir, stop }) => {
      await stop()
      await rm(dir, { recursive: true })
    },
  )
  const tell = async (...command: [string, ...(string | number)[]]) => {
    const client = new Redis(redis.url)
    try {
      return await client.call(...command)
    } finally {
      client.disconnect()
    }
  }
  const look = async (options = {}) =>
    (await examine(world, { REDIS_URL: redis.url }, { only: ['redis'], ...options })).amiss

  it('says that it does not answer', async () => {
    const { amiss, results } = await examine(world, { REDIS_URL: 'redis://127.0.0.1:2' }, { only: ['redis'] })
    expect([amiss, results.get('redis.answers')?.seen]).toEqual([
      ['redis.answers'],
      expect.stringContaining('ECONNREFUSED'),
    ])
  })

  it('has nothing to say of one that keeps everything', async () => {
    expect(await look()).toEqual(['redis.aof'])
    await tell('CONFIG', 'SET', 'appendonly', 'yes')
    expect(await look()).toEqual([])
  })

  it('finds one that forgets, and changes that', async () => {
    await tell('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
    expect(await look()).toEqual(['redis.policy'])
    expect(await look({ repairs: true })).toEqual([])
    expect(await tell('CONFIG', 'GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])
  })

  it('finds one that is almost full, and a replica', async () => {
    await tell('CONFIG', 'SET', 'maxmemory', '1mb')
    expect(await look()).toEqual(['redis.memory'])
    await tell('CONFIG', 'SET', 'maxmemory', '0')
    await tell('REPLICAOF', '127.0.0.1', 2)
    expect(await look()).toEqual(['redis.primary'])
    await tell('REPLICAOF', 'NO', 'ONE')
  })
})

describe('the report', () => {
  it('has a line for each check, and then what to do', async () => {
    await world.setAccess(PRIVATE, 'public-read')
    const { groups } = await examine(world, {}, { only: ['bucket.private'] })
    const text = report(groups)
    expect(text).toMatch(/✗ bucket\.private +nobody reads the bucket of originals without a key: anybody can read/)
    expect(text).toMatch(
      /What to do[\s\S]*Likely cause: The bucket is public[\s\S]*What to do: Make the bucket private/,
    )
    expect(report((await examine(world, { B2_BUCKET_NAME: '' }, { only: ['cors'] })).groups)).toMatch(
      /Browsers \(CORS\)\n {2}– 3 checks not made: its variables have faults, or are missing\n/,
    )
    expect(text).toMatch(/1 fault, 0 warnings, \d+ fine, 0 not checked\.$/)
  })

  it('proves every claim that has no other proof, and names no bucket', async () => {
    const { groups } = await examine(world)
    const claims = groups.flatMap(({ results }) => results).filter(({ proves }) => proves)
    expect(claims.length).toBeGreaterThan(10)
    const text = proofReport(groups, { endpoint: 'B2' }, [
      [PRIVATE, '<private bucket>'],
      [PUBLIC, '<public bucket>'],
    ])
    const isAnswered = ({ proves }: { proves?: string }) =>
      ['yes', 'no'].some(verdict => text.includes(`| ${proves} | ${verdict} |`))
    expect(claims.filter(claim => !isAnswered(claim))).toEqual([])
    expect(text).not.toMatch(/darkroom-(private|public)/)
  })
})

it('ends with exit code 1 at a fault, and prints all of it as JSON', async () => {
  await world.setAccess(PRIVATE, 'public-read')
  const { code, out } = await runCommand(['doctor', '--json', '--only', 'bucket.private'], world.env)
  const { counts, groups } = JSON.parse(out) as { counts: object; groups: GroupResults[] }
  expect([code, counts]).toMatchObject([1, { fault: 1, warning: 0 }])
  const found = groups.flatMap(({ results }) => results).find(({ id }) => id === 'bucket.private')
  expect(found).toMatchObject({ state: 'fault', fix: expect.stringContaining('private') })
})

it('refuses to check what is no check, and names what there is', async () => {
  const refused = examine(world, {}, { only: ['key.write', 'cros'] })
  await expect(refused).rejects.toThrow(/"cros" is no check and no area\. Use env, .*\bcors\b/)
})

it('finds at least sixty faults, and each check finds one', () => {
  const found = new Set(Object.values(FAULTS).flatMap(faults => faults.flatMap(({ amiss }) => amiss)))
  expect(Object.values(FAULTS).flat().length).toBeGreaterThanOrEqual(60)
  const never = ALL_CHECKS.filter(({ id }) => !found.has(id))
  expect(never.map(({ id }) => id)).toEqual(NEVER_AMISS)
  expect(isAmiss({ state: 'not_checked' })).toBe(false)
})

/** What only looks how a store does it; what needs another server or version; and Redis, which has tests of its own. */
const NEVER_AMISS = [
  'bucket.anonymous-absent',
  'object.content-md5',
  'object.checksum-headers',
  'object.conditional-put',
  'object.copy-etag',
  'object.delete-twice',
  'database.version',
  'database.encoding',
  'database.session',
  'database.connections',
  'redis.answers',
  'redis.version',
  'redis.policy',
  'redis.aof',
  'redis.primary',
  'redis.failover',
  'redis.memory',
  'machine.images',
]
