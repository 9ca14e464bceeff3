import { isAmiss } from '@darkroom/core/checks'
import { useResource } from '@darkroom/testing/use-resource'
import { afterEach, describe, expect, it } from 'vitest'
import { ALL_CHECKS } from '../src/doctor/all-checks.ts'
import { proofReport } from '../src/doctor/proof-report.ts'
import { report } from '../src/doctor/report.ts'

import { FAULTS } from './doctor-faults.ts'
import { envOfKey, examine, nativeAnswers, PRIVATE, PUBLIC, startWorld } from './doctor-world.ts'

const world = useResource(startWorld, opened => opened.close())
afterEach(() => world.heal())

describe('doctor where all is well', () => {
  it.each([
    ['a key that may do everything', {}, {}],
    ['the key of a worker', envOfKey('worker'), {}],
    ['the key of an API', envOfKey('api'), { role: 'api' as const }],
  ])('has nothing to say of %s, and leaves nothing behind', async (_name, env, options) => {
    const { amiss, results } = await examine(world, env, options)
    expect(amiss).toEqual([])
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
    // Objects take as long as everything else.
    const areas = new Set(ALL_CHECKS.map(({ id }) => id.split('.')[0] ?? ''))
    if (!expected.amiss.some(id => id.startsWith('object.'))) areas.delete('object')
    const given = { only: [...areas], ...options }
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

describe('the report', () => {
  it('has a line for each check, and then what to do', async () => {
    await world.setAccess(PRIVATE, 'public-read')
    const { groups } = await examine(world, {}, { only: ['bucket.private'] })
    const text = report(groups)
    expect(text).toMatch(/✗ bucket\.private +nobody reads the bucket of originals without a key: anybody can read/)
    expect(text).toMatch(
      /What to do[\s\S]*Likely cause: The bucket is public[\s\S]*What to do: Make the bucket private/,
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

it('finds at least thirty faults, each named by a check that can find it', () => {
  const found = new Set(Object.values(FAULTS).flatMap(faults => faults.flatMap(({ amiss }) => amiss)))
  expect(Object.values(FAULTS).flat().length).toBeGreaterThanOrEqual(60)
  const never = ALL_CHECKS.filter(({ id }) => !found.has(id))
  expect(never.map(({ id }) => id)).toEqual(NEVER_AMISS)
  expect(isAmiss({ state: 'not_checked' })).toBe(false)
})

/** What only looks how a store does it. */
const NEVER_AMISS = [
  'bucket.anonymous-absent',
  'object.content-md5',
  'object.checksum-headers',
  'object.conditional-put',
  'object.copy-etag',
  'object.delete-twice',
]
