import {
  type Backfill,
  type Preset,
  PresetDefinition,
  type PresetPlan,
  type PresetVersions,
  type Problem,
} from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { markDraining, registerWorker, removeWorker } from '@darkroom/db/jobs'
import { fingerprint, plan } from '@darkroom/media/plan'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { planChanges } from '../src/presets/plan-changes.ts'
import { createKey, createUpload, newUpload, problemOf, readyAsset, type TestApi, unknownId } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
let other: { key: string; projectId: string }
let reader: { key: string }
beforeAll(async () => {
  other = await createKey(api.deps, { project: 'other' })
  reader = await createKey(api.deps, { scopes: ['read', 'write', 'upload'] })
})

const thumb = (width: number) => ({ image: { variants: [{ name: 'thumb', width, format: 'webp' }] } })

async function create(name: string, definition: object, key = api.key) {
  const answer = await api.call('POST', '/v1/presets', { key, body: { name, definition } })
  return { status: answer.statusCode, preset: answer.json<Preset>() }
}
const execute = (query: ReturnType<typeof sql>) => api.deps.database.db.execute(query)

describe('presets', () => {
  it('are listed in their newest version, page by page, built-in ones included', async () => {
    await create('listed', thumb(10))
    await create('listed', thumb(20))
    const names: string[] = []
    for (let cursor = ''; ; ) {
      const answer = await api.call('GET', `/v1/presets?limit=3${cursor}`)
      const { items, nextCursor } = answer.json<{ items: Preset[]; nextCursor: string | null }>()
      expect(items.length).toBeLessThanOrEqual(3)
      names.push(...items.map(({ name, version, isBuiltIn }) => `${name}@${version}${isBuiltIn ? '' : ' own'}`))
      if (nextCursor === null) break
      cursor = `&cursor=${nextCursor}`
    }
    expect(names).toEqual(names.toSorted())
    expect(names).toEqual(expect.arrayContaining(['default@3', 'gallery@1', 'listed@2 own']))
    expect(names.filter(name => name.startsWith('listed'))).toHaveLength(1)
  })

  it('get a version for each definition, and none for the same one again', async () => {
    expect(await create('versions', thumb(10))).toMatchObject({ status: 201, preset: { version: 1 } })
    expect(await create('versions', thumb(10))).toMatchObject({ status: 200, preset: { version: 1 } })
    expect(await create('versions', thumb(20))).toMatchObject({ status: 201, preset: { version: 2 } })
    // Going back is a version of its own, because uploads have the newest.
    expect(await create('versions', thumb(10))).toMatchObject({ status: 201, preset: { version: 3 } })
    const all = (await api.call('GET', '/v1/presets/versions')).json<PresetVersions>()
    expect(all.versions.map(({ version }) => version)).toEqual([3, 2, 1])
    const second = (await api.call('GET', '/v1/presets/versions/2')).json<Preset>()
    expect(second.definition.image?.variants[0]).toMatchObject({ name: 'thumb', width: 20, fit: 'inside', quality: 80 })
  })

  it('created ten times at once have one version', async () => {
    const created = await Promise.all(Array.from({ length: 10 }, () => create('at-once', thumb(10))))
    expect(created.map(({ status }) => status).toSorted()).toEqual([...Array(9).fill(200), 201])
    expect(new Set(created.map(({ preset }) => preset.version))).toEqual(new Set([1]))
  })

  it('under a built-in name go on after its numbers, for that project alone', async () => {
    const { preset } = await create('avatar', thumb(77))
    expect(preset).toMatchObject({ name: 'avatar', version: 2, isBuiltIn: false })
    const newest = async (key: string) =>
      (await api.call('POST', '/v1/uploads', { key, body: newUpload({ preset: 'avatar' }) })).json().asset.preset
    expect(await newest(api.key)).toEqual({ name: 'avatar', version: 2 })
    expect(await newest(other.key)).toEqual({ name: 'avatar', version: 1 })
    const { asset } = await createUpload(api, { preset: 'avatar@1' })
    expect(asset.preset).toEqual({ name: 'avatar', version: 1 })
    const { versions } = (await api.call('GET', '/v1/presets/avatar')).json<PresetVersions>()
    expect(versions.map(({ version, isBuiltIn }) => [version, isBuiltIn])).toEqual([
      [2, false],
      [1, true],
    ])
  })

  it('of another project are not there', async () => {
    await create('mine', thumb(10))
    for (const path of ['/v1/presets/mine', '/v1/presets/mine/1'])
      expect(problemOf(await api.call('GET', path, { key: other.key }))).toBe('404 NOT_FOUND')
    for (const action of ['plan', 'apply'])
      expect(
        problemOf(await api.call('POST', `/v1/presets/mine/${action}`, { key: other.key, body: { version: 1 } })),
      ).toBe('404 NOT_FOUND')
    const upload = await api.call('POST', '/v1/uploads', { key: other.key, body: newUpload({ preset: 'mine' }) })
    expect(problemOf(upload)).toBe('400 INVALID_REQUEST')
    const listed = await api.call('GET', '/v1/presets?limit=200', { key: other.key })
    expect(listed.body).not.toContain('"mine"')
  })

  it.each(['/v1/presets/none', '/v1/presets/A b', '/v1/presets/default/9', '/v1/presets/default/x'])(
    'that are not there are a 404: %s',
    async path => {
      expect(problemOf(await api.call('GET', encodeURI(path)))).toBe('404 NOT_FOUND')
    },
  )

  it.each(['default@9', 'default@x', 'no-such', '@', 'default@1@2'])('cannot be named as %s', async preset => {
    const answer = await api.call('POST', '/v1/uploads', { body: newUpload({ preset }) })
    expect(problemOf(answer)).toBe('400 INVALID_REQUEST')
  })

  it('that are wrong are refused with the path of each fault', async () => {
    const variants = [
      { name: 'A', format: 'webp' },
      { name: 'b', format: 'bmp' },
      { name: 'c', format: 'webp', colour: 1 },
    ]
    const answer = await api.call('POST', '/v1/presets', {
      body: { name: 'No good', definition: { image: { variants } } },
    })
    expect(problemOf(answer)).toBe('400 INVALID_REQUEST')
    const faults = answer.json<Problem>().errors?.map(({ path }) => path)
    expect(faults).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/name$/),
        expect.stringMatching(/definition[./]image[./]variants[./]0[./]name/),
        expect.stringMatching(/definition[./]image[./]variants[./]1[./]format/),
        expect.stringMatching(/definition[./]image[./]variants[./]2/),
      ]),
    )
  })

  it('need the scopes: read to look, write to create, admin to apply', async () => {
    const { key } = await createKey(api.deps, { scopes: ['read'] })
    const body = { name: 'forbidden', definition: thumb(10) }
    expect(problemOf(await api.call('POST', '/v1/presets', { key, body }))).toBe('403 FORBIDDEN')
    const apply = await api.call('POST', '/v1/presets/default/apply', { key: reader.key, body: { version: 1 } })
    expect(problemOf(apply)).toBe('403 FORBIDDEN')
    expect(problemOf(await api.call('GET', '/v1/presets', { key: null }))).toBe('401 UNAUTHORIZED')
    for (const action of ['pause', 'resume', 'cancel'])
      expect(problemOf(await api.call('POST', `/v1/backfills/${unknownId()}/${action}`, { key: reader.key }))).toBe(
        '403 FORBIDDEN',
      )
  })
})

const ENGINES = { sharp: '0.35.5', libvips: '8.18.0', ffmpeg: null }
const PROBE = {
  kind: 'image',
  contentType: 'image/jpeg',
  width: 1000,
  height: 500,
  orientation: 1,
  animated: false,
  frameCount: 1,
  pageCount: null,
  durationMs: null,
  hasAlpha: false,
  colorSpace: 'srgb',
  iccProfile: null,
  bitDepth: 8,
} as const

/** An asset whose `thumb` is what a worker with `ENGINES` would have made by the definition. */
async function plannable(preset: string, key = api.key): Promise<string> {
  const call: TestApi['call'] = (method, url, options) => api.call(method, url, { key, ...options })
  const { asset } = await readyAsset({ ...api, call }, { preset })
  const [row] = await execute(
    sql`SELECT definition FROM presets JOIN assets ON preset_id = presets.id WHERE assets.id = ${asset.id}`,
  )
  const [made] = plan({ ...PROBE, details: {} }, row?.definition as PresetDefinition).variants
  if (!made) throw new Error('nothing is planned')
  const print = fingerprint('a'.repeat(64), 'image', made, ENGINES)
  await execute(sql`UPDATE assets SET probe = ${JSON.stringify(PROBE)}::jsonb WHERE id = ${asset.id}`)
  await execute(sql`UPDATE variants SET fingerprint = ${print} WHERE asset_id = ${asset.id}`)
  return asset.id
}

describe('a plan', () => {
  const worker = {
    id: newId(),
    host: 'a',
    version: '1',
    queues: ['image' as const],
    lacks: [],
    slots: 2,
    engines: ENGINES,
  }
  beforeAll(() => registerWorker(api.deps.database.db, worker))

  const planOf = async (name: string, body: object, key = api.key) => {
    const answer = await api.call('POST', `/v1/presets/${name}/plan`, { key, body })
    if (answer.statusCode !== 200) throw new Error(answer.body)
    return answer.json<PresetPlan>()
  }

  it('counts what is added, remade, kept and dropped, and what it costs', async () => {
    await create('planned', thumb(100))
    await plannable('planned')
    await plannable('planned')
    await createUpload(api, { preset: 'planned' })
    const same = await planOf('planned', { definition: thumb(100) })
    expect(same).toMatchObject({
      preset: { name: 'planned', version: null },
      sampled: false,
      examined: 3,
      assets: { matched: 3, touched: 0, unchanged: 2, skipped: 1, unknown: 0 },
      variants: { added: 0, remade: 0, kept: 2, dropped: 0 },
      cost: { cpuSeconds: 0, bytesToWrite: 0, storeCalls: { get: 2, put: 0, delete: 0 } },
    })
    const more = { image: { variants: [...thumb(200).image.variants, { name: 'more', width: 50, format: 'webp' }] } }
    const changed = await planOf('planned', { definition: more })
    expect(changed).toMatchObject({
      assets: { touched: 2, touchedByKind: { image: 2 }, unchanged: 0 },
      variants: { added: 2, remade: 2, kept: 0, dropped: 0 },
      cost: { basis: { image: 'preset' }, storeCalls: { get: 2, put: 4, delete: 2 } },
    })
    expect(changed.cost.bytesToWrite).toBeGreaterThan(0)
    expect(changed.cost.cpuSeconds).toBeGreaterThan(0)
    expect(Date.parse(changed.cost.finishAt ?? '')).toBeGreaterThan(Date.now() - 1000)
    const renamed = { image: { variants: [{ name: 'other', width: 100, format: 'webp' }] } }
    expect((await planOf('planned', { definition: renamed })).variants).toEqual({
      added: 2,
      remade: 0,
      kept: 0,
      dropped: 2,
    })
    expect((await planOf('planned', { version: 1 })).assets).toMatchObject({ skipped: 3, touched: 0 })
  })

  it('keeps to the filter and to the project', async () => {
    await create('filtered', thumb(100))
    const id = await plannable('filtered')
    await plannable('filtered')
    await execute(sql`UPDATE assets SET tags = '{blue}' WHERE id = ${id}`)
    const matched = async (filter: object, name = 'filtered', key = api.key) =>
      (await planOf(name, { definition: thumb(50), filter }, key)).assets.matched
    expect(await matched({})).toBe(2)
    expect(await matched({ tag: 'blue' })).toBe(1)
    expect(await matched({ kind: 'video' })).toBe(0)
    expect(await matched({ createdAfter: '2100-01-01T00:00:00Z' })).toBe(0)
    expect(await matched({ createdBefore: '2100-01-01T00:00:00Z' })).toBe(2)
    expect(await matched({ fromPreset: 'filtered@2' })).toBe(0)
    expect(await matched({ fromPreset: 'filtered' }, 'anything')).toBe(2)
    expect(await matched({}, 'filtered', other.key)).toBe(0)
  })

  it('takes a sample of a large library, and says so', async () => {
    await create('large', thumb(100))
    const id = await plannable('large')
    await execute(sql`
      WITH copies AS (
        INSERT INTO assets (id, project_id, preset_id, status, kind, filename, content_type, byte_size, sha256, probe)
        SELECT gen_random_uuid(), project_id, preset_id, status, kind, filename, content_type, byte_size, sha256, probe
        FROM assets, generate_series(1, 1499) WHERE id = ${id} RETURNING id, project_id
      )
      INSERT INTO variants (id, project_id, asset_id, name, position, required, status, byte_size, width, height, fingerprint)
      SELECT gen_random_uuid(), copies.project_id, copies.id, name, position, required, status, byte_size, width, height, fingerprint
      FROM copies, variants WHERE asset_id = ${id}`)
    const query = {
      selection: { projectId: api.projectId, from: { name: 'large', version: null }, filter: {} },
      definition: PresetDefinition.parse(thumb(50)),
      presetId: null,
      presetName: 'large',
      ratePerMinute: 600,
      now: new Date(0),
      capacity: { engines: ENGINES, slots: 1 },
    }
    const exact = await planChanges(api.deps.database.db, query)
    expect(exact).toMatchObject({
      sampled: false,
      examined: 1500,
      assets: { touched: 1500 },
      variants: { remade: 1500 },
    })
    const sampled = await planChanges(api.deps.database.db, { ...query, exactUpTo: 300 })
    expect(sampled).toMatchObject({
      sampled: true,
      assets: { matched: 1500, touched: 1500 },
      variants: { remade: 1500 },
    })
    expect(sampled.examined).toBeGreaterThan(200)
    expect(sampled.examined).toBeLessThan(400)
    expect(sampled.cost.bytesToWrite / exact.cost.bytesToWrite).toBeCloseTo(1, 1)
    // 1500 jobs at 600 a minute.
    expect(Date.parse(sampled.cost.finishAt ?? '')).toBeGreaterThanOrEqual(150_000)
  })

  it('says what it cannot know: assets of before facts were kept', async () => {
    await create('unknown', thumb(100))
    const id = await plannable('unknown')
    await execute(sql`UPDATE assets SET probe = NULL WHERE id = ${id}`)
    const planned = await planOf('unknown', { definition: thumb(50) })
    expect(planned.assets).toMatchObject({ touched: 1, unknown: 1 })
    expect(planned.variants).toEqual({ added: 0, remade: 0, kept: 0, dropped: 0 })
  })

  it.each([
    ['both a version and a definition', { version: 1, definition: thumb(1) }],
    ['a preset that cannot be one', { filter: { fromPreset: 'A@b' } }],
    ['a field that is none', { filter: { colour: 'blue' } }],
    ['a version of more than 31 bits', { version: 2 ** 31 }],
  ])('of %s is refused', async (_title, body) => {
    expect(problemOf(await api.call('POST', '/v1/presets/default/plan', { body }))).toBe('400 INVALID_REQUEST')
  })

  it.each(['%2e%2e%2f', 'A', 'x'.repeat(64)])('of a definition for %s, which is no name, is a 404', async name => {
    const answer = await api.call('POST', `/v1/presets/${name}/plan`, { body: { definition: thumb(1) } })
    expect(problemOf(answer)).toBe('404 NOT_FOUND')
  })

  it('is not possible without a worker, who alone knows its engines', async () => {
    await removeWorker(api.deps.database.db, worker.id)
    const answer = await api.call('POST', '/v1/presets/default/plan', { body: {} })
    expect(problemOf(answer)).toBe('503 UNAVAILABLE')
    await registerWorker(api.deps.database.db, worker)
    await markDraining(api.deps.database.db, worker.id)
    await create('drained', thumb(1))
    expect((await planOf('drained', {})).cost.finishAt).toBeNull()
  })
})

describe('a backfill', () => {
  const apply = async (body: object) => {
    await create('applied', thumb(100))
    const answer = await api.call('POST', '/v1/presets/applied/apply', { body })
    if (answer.statusCode !== 202) throw new Error(answer.body)
    expect(answer.headers.location).toBe(`/v1/backfills/${answer.json().backfill.id}`)
    return answer.json<{ backfill: Backfill }>().backfill
  }
  const change = (id: string, action: string, key = api.key) =>
    api.call('POST', `/v1/backfills/${id}/${action}`, { key })
  const statusAfter = async (id: string, action: string) =>
    (await change(id, action)).json<{ backfill: Backfill }>().backfill.status

  it('is one at a time, is paused, resumed and cancelled, and each again', async () => {
    const { id, ...made } = await apply({ version: 1, canary: 2, ratePerMinute: 60 })
    expect(made).toMatchObject({
      status: 'running',
      phase: 'canary',
      preset: { name: 'applied', version: 1 },
      started: 0,
    })
    const second = await api.call('POST', '/v1/presets/applied/apply', { body: { version: 1 } })
    expect(problemOf(second)).toBe('409 BACKFILL_ACTIVE')
    expect(await statusAfter(id, 'pause')).toBe('paused')
    expect(await statusAfter(id, 'pause')).toBe('paused')
    expect(await statusAfter(id, 'resume')).toBe('running')
    expect(await statusAfter(id, 'resume')).toBe('running')
    expect(await statusAfter(id, 'cancel')).toBe('cancelled')
    expect(await statusAfter(id, 'cancel')).toBe('cancelled')
    for (const action of ['pause', 'resume']) expect(problemOf(await change(id, action))).toBe('409 BACKFILL_ENDED')
    const again = await apply({ version: 1 })
    expect(await statusAfter(again.id, 'cancel')).toBe('cancelled')
  })

  it('applied ten times at once is one', async () => {
    await create('applied', thumb(100))
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => api.call('POST', '/v1/presets/applied/apply', { body: { version: 1 } })),
    )
    const [won] = answers.filter(({ statusCode }) => statusCode === 202)
    expect(answers.filter(({ statusCode }) => statusCode === 409)).toHaveLength(9)
    await change(won?.json().backfill.id, 'cancel')
  })

  it('is listed page by page, and is not there for another project', async () => {
    const made: string[] = []
    for (let count = 0; count < 3; count++) {
      const { id } = await apply({ version: 1 })
      made.unshift(id)
      await change(id, 'cancel')
    }
    const first = (await api.call('GET', '/v1/backfills?limit=2')).json<{ items: Backfill[]; nextCursor: string }>()
    const next = (await api.call('GET', `/v1/backfills?limit=1&cursor=${first.nextCursor}`)).json<{
      items: Backfill[]
    }>()
    expect([...first.items, ...next.items].map(({ id }) => id)).toEqual(made)
    const id = made[0] ?? ''
    expect((await api.call('GET', '/v1/backfills', { key: other.key })).json().items).toEqual([])
    const refused = [
      await api.call('GET', `/v1/backfills/${id}`, { key: other.key }),
      await change(id, 'cancel', other.key),
      await api.call('GET', '/v1/backfills/not-an-id'),
      await api.call('GET', `/v1/backfills/${unknownId()}`),
    ]
    expect(refused.map(problemOf)).toEqual(Array(4).fill('404 NOT_FOUND'))
  })

  it.each([{}, { version: 0 }, { version: 1, canary: -1 }, { version: 1, ratePerMinute: 0 }])(
    'that is asked for as %j is refused',
    async body => {
      expect(problemOf(await api.call('POST', '/v1/presets/default/apply', { body }))).toBe('400 INVALID_REQUEST')
    },
  )

  it('of a version that is not there is a 404', async () => {
    expect(problemOf(await api.call('POST', '/v1/presets/default/apply', { body: { version: 99 } }))).toBe(
      '404 NOT_FOUND',
    )
  })
})
