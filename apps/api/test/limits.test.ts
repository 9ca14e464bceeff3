import { type Asset, NO_SETTINGS } from '@darkroom/contracts'
import { authCachesExpired, changeProject, type ProjectChange } from '@darkroom/db/projects'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  BYTES,
  call,
  createKey,
  createUpload,
  deliveredUpload,
  newUpload,
  type Page,
  problemOf,
  readyAsset,
  unknownId,
} from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

async function limit(change: ProjectChange, projectId = api.projectId): Promise<void> {
  await changeProject(api.deps.database.db, projectId, change)
  await authCachesExpired()
}
beforeEach(() => limit(NO_SETTINGS))

const create = (overrides = {}) => api.call('POST', '/v1/uploads', { body: newUpload(overrides) })
const usage = async () =>
  (await api.call('GET', '/v1/usage')).json<{ bytes: number; openUploads: { count: number; bytes: number } }>()
async function stored(): Promise<number> {
  const { bytes, openUploads } = await usage()
  return bytes + openUploads.bytes
}

it('an operator reads of any project what the project reads of itself', async () => {
  await limit({ quotaBytes: 5_000_000, maxOpenUploads: 30 })
  const operator = await createKey(api.deps, { project: null })
  await createUpload(api)
  const own = (await api.call('GET', '/v1/usage')).json<{ quota: object }>()
  expect(own.quota).toMatchObject({ bytes: 5_000_000, openUploads: 30 })
  const path = `/v1/admin/projects/${api.projectId}/usage`
  expect((await api.call('GET', path, { key: operator.key })).json()).toEqual(own)
  const unknown = await api.call('GET', `/v1/admin/projects/${unknownId()}/usage`, { key: operator.key })
  expect(problemOf(unknown)).toBe('404 NOT_FOUND')
})

describe('an upload that the project may not have is refused', () => {
  it('by its type', async () => {
    await limit({ allowedTypes: ['image/png'] })
    expect(problemOf(await create())).toBe('415 UNSUPPORTED_TYPE')
    expect((await create({ contentType: 'image/x-png' })).statusCode).toBe(201)
  })

  it.each([
    ['', 'a.png', '201'],
    ['application/octet-stream', 'a.jpg', '415 UNSUPPORTED_TYPE'],
    ['', 'a', '415 UNSUPPORTED_TYPE'],
  ])('by the type that its name has when it is declared as "%s" (%s)', async (contentType, filename, expected) => {
    await limit({ allowedTypes: ['image/png'] })
    const answer = await create({ contentType, filename })
    expect(answer.statusCode === 201 ? '201' : problemOf(answer)).toBe(expected)
    await limit({ detectTypeByContent: true })
    // Whatever it is said to be, its bytes are looked at; only what is said to be of another type is refused at once.
    expect((await create({ contentType, filename })).statusCode).toBe(201)
    expect(problemOf(await create({ contentType: 'image/jpeg', filename }))).toBe('415 UNSUPPORTED_TYPE')
  })

  it('by its size, where the limit of the installation still holds', async () => {
    await limit({ maxUploadBytes: 100 })
    expect(problemOf(await create({ byteSize: 101 }))).toBe('413 TOO_LARGE')
    expect((await create({ byteSize: 100 })).statusCode).toBe(201)
    await limit({ maxUploadBytes: 10_000_000 })
    expect(problemOf(await create({ byteSize: 1_000_001 }))).toBe('413 TOO_LARGE')
  })

  it('by what is stored and what open uploads have declared', async () => {
    await limit({ quotaBytes: (await stored()) + 250 })
    expect((await create({ byteSize: 200 })).statusCode).toBe(201)
    const refused = await create({ byteSize: 51 })
    expect(problemOf(refused)).toBe('422 QUOTA_EXCEEDED')
    expect(refused.json<{ detail: string }>().detail).toContain('has 50 of ')
    expect((await create({ byteSize: 50 })).statusCode).toBe(201)
  })

  it('by how many are open', async () => {
    const { count } = (await usage()).openUploads
    await limit({ maxOpenUploads: count + 1 })
    const { upload } = await createUpload(api)
    const refused = await create()
    expect(problemOf(refused)).toBe('429 RATE_LIMITED')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    await api.call('DELETE', `/v1/uploads/${upload.id}`)
    expect((await create()).statusCode).toBe(201)
  })
})

it('the last bytes of a quota are given away once, however many ask at once', async () => {
  await limit({ quotaBytes: (await stored()) + 1000 })
  const answers = await Promise.all(Array.from({ length: 40 }, () => create({ byteSize: 100 })))
  expect(answers.filter(answer => answer.statusCode === 201)).toHaveLength(10)
  expect(new Set(answers.filter(answer => answer.statusCode !== 201).map(problemOf))).toEqual(
    new Set(['422 QUOTA_EXCEEDED']),
  )
})

it('confirming what fits the quota keeps it: declared bytes become stored ones', async () => {
  const before = await stored()
  const { upload } = await deliveredUpload(api)
  expect(await stored()).toBe(before + BYTES.length)
  await limit({ quotaBytes: before + BYTES.length })
  expect((await api.call('POST', `/v1/uploads/${upload.id}/confirm`)).statusCode).toBe(202)
  expect(await stored()).toBe(before + BYTES.length)
})

describe('the project says', () => {
  it('which preset an upload has that names none', async () => {
    await limit({ defaultPreset: 'avatar' })
    expect((await createUpload(api)).asset.preset.name).toBe('avatar')
    expect((await createUpload(api, { preset: 'default' })).asset.preset.name).toBe('default')
  })

  it('under which URL its variants are, wherever they are shown', async () => {
    const { asset } = await readyAsset(api)
    await limit({ cdnBaseUrl: 'https://cdn.shop.example/media' })
    const shown = await Promise.all([
      api.call('GET', `/v1/assets/${asset.id}`).then(answer => answer.json<Asset>()),
      api.call('GET', '/v1/assets?view=full').then(answer => answer.json<{ items: Asset[] }>().items.find(isIt(asset))),
      api
        .call('POST', '/v1/assets/status', { body: { ids: [asset.id] } })
        .then(answer => answer.json<{ items: Asset[] }>().items[0]),
      api.call('PATCH', `/v1/assets/${asset.id}`, { body: { tags: ['x'] } }).then(answer => answer.json<Asset>()),
    ])
    const inList = (await api.call('GET', '/v1/assets')).json<Page>().items.find(isIt(asset))
    const urls = [...shown.map(each => each?.variants[0]?.url), inList?.preview?.url]
    for (const url of urls) expect(url).toMatch(/^https:\/\/cdn\.shop\.example\/media\/variants\//)
  })

  it('that its variants are private, where one bucket has everything', async () => {
    const app = await api.variant({ settings: { publicBucket: null } })
    const { asset } = await readyAsset(api)
    const url = async () =>
      (await call(app, 'GET', `/v1/assets/${asset.id}`, { key: api.key })).json<Asset>().variants[0]?.url
    expect(await url()).toMatch(/^https:\/\/cdn\.example\.com\//)
    await limit({ isPrivate: true })
    expect(await url()).toBe(`https://api.example.com/v1/assets/${asset.id}/download?variant=thumb`)
  })
})

const isIt =
  ({ id }: Asset) =>
  (other: { id: string }) =>
    other.id === id

describe('requests beyond the limit of a minute', () => {
  const ask = (key: string, app = api.app) => call(app, 'GET', '/v1/assets?limit=1', { key })

  const presign = (key: string) => call(api.app, 'POST', '/v1/uploads', { key, body: newUpload() })

  it('are refused in every process, by all keys together, until the minute is over', async () => {
    const { key, projectId } = await createKey(api.deps, { project: 'busy' })
    const { key: second } = await createKey(api.deps, { project: 'busy' })
    const elsewhere = await api.variant({})
    await limit({ requestsPerMinute: 4 }, projectId)
    const answers = [
      await ask(key),
      await ask(second),
      await ask(key, elsewhere),
      await ask(second, elsewhere),
      await ask(key),
      await ask(second, elsewhere),
    ]
    expect(answers.map(answer => answer.statusCode)).toEqual([200, 200, 200, 200, 429, 429])
    expect(answers.map(answer => answer.headers['ratelimit-remaining'])).toEqual(['3', '2', '1', '0', '0', '0'])
    const [, , , , refused] = answers
    expect(refused && problemOf(refused)).toBe('429 RATE_LIMITED')
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(50)
    expect(refused?.headers).toMatchObject({ 'ratelimit-limit': '4', 'ratelimit-reset': expect.any(String) })
    await api.deps.database.db.execute(
      sql`UPDATE rate_windows SET started_at = now() - interval '1 minute' WHERE subject = ${`project:${projectId}`}`,
    )
    const later = await api.variant({ clock: { now: () => new Date(Date.now() + 61_000) } })
    expect((await ask(key, later)).statusCode).toBe(200)
  })

  it('hold up nobody else, and no project without a limit', async () => {
    const { key, projectId } = await createKey(api.deps, { project: 'loud' })
    await limit({ requestsPerMinute: 1 }, projectId)
    expect([(await ask(key)).statusCode, (await ask(key)).statusCode]).toEqual([200, 429])
    const quiet = await ask(api.key)
    expect(quiet.statusCode).toBe(200)
    expect(quiet.headers['ratelimit-limit']).toBeUndefined()
    // A raised limit holds at once.
    await limit({ requestsPerMinute: 1000 }, projectId)
    expect((await ask(key)).statusCode).toBe(200)
  })

  it('sign nothing: of 1000 uploads that one key asks for, so many are opened as it may ask for and have open', async () => {
    const { key, projectId } = await createKey(api.deps, { project: 'greedy' })
    await limit({ requestsPerMinute: 60, maxOpenUploads: 20 }, projectId)
    // Of one minute of the database, in which all of them are.
    const answers = []
    for (let batch = 0; batch < 20; batch++)
      answers.push(...(await Promise.all(Array.from({ length: 50 }, () => presign(key)))))
    const [opened, refused] = [
      answers.filter(one => one.statusCode === 201),
      answers.filter(one => one.statusCode !== 201),
    ]
    expect(opened).toHaveLength(20)
    expect(new Set(refused.map(problemOf))).toEqual(new Set(['429 RATE_LIMITED']))
    for (const { headers } of refused) expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    const beyond = refused.filter(({ body }) => body.includes('60 requests per minute'))
    expect(beyond.length).toBeGreaterThan(800)
    const [row] = await api.deps.database.db.execute(
      sql`SELECT count(*)::int AS count FROM uploads WHERE project_id = ${projectId}`,
    )
    expect(row?.count).toBe(20)
    for (const path of ['/v1/tus', '/v1/uploads/forms', '/v1/imports'])
      expect(problemOf(await call(api.app, 'POST', path, { key, body: {} }))).toBe('429 RATE_LIMITED')
  })

  it('with a client token are counted for that asset alone', async () => {
    const [mine, other] = [await createUpload(api), await createUpload(api)]
    await limit({ requestsPerMinute: 2 })
    const read = async ({ asset, clientToken }: typeof mine) =>
      (await call(api.app, 'GET', `/v1/assets/${asset.id}`, { key: clientToken })).statusCode
    expect([await read(mine), await read(mine), await read(mine)]).toEqual([200, 200, 429])
    expect(await read(other)).toBe(200)
    expect((await ask(api.key)).statusCode).toBe(200)
  })
})

describe('a page of an origin that a project lists', () => {
  const PAGE = 'https://shop.example'
  const preflight = (origin: string) =>
    api.call('OPTIONS', '/v1/uploads', {
      key: null,
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'idempotency-key' },
    })
  const allowed = (answer: { headers: Record<string, unknown> }) => answer.headers['access-control-allow-origin']

  it('may ask beforehand, and may talk to that project', async () => {
    expect(allowed(await preflight(PAGE))).toBeUndefined()
    await limit({ browserOrigins: [PAGE] })
    expect(allowed(await preflight(PAGE))).toBe(PAGE)
    expect((await preflight(PAGE)).headers['access-control-allow-headers']).toContain('idempotency-key')
    for (const origin of ['https://shop.example.evil', 'http://shop.example', 'https://a.shop.example', `${PAGE}:444`])
      expect(allowed(await preflight(origin))).toBeUndefined()
    const answer = await api.call('GET', '/v1/assets', { headers: { origin: PAGE } })
    expect([answer.statusCode, allowed(answer)]).toEqual([200, PAGE])
  })

  it('may not talk to another project', async () => {
    await limit({ browserOrigins: [PAGE] })
    const stranger = await createKey(api.deps, { project: 'stranger' })
    const answer = await call(api.app, 'POST', '/v1/uploads', {
      key: stranger.key,
      body: newUpload({ externalId: 'from-a-page' }),
      headers: { origin: PAGE },
    })
    expect(problemOf(answer)).toBe('403 FORBIDDEN')
    expect(allowed(answer)).toBeUndefined()
    const { items } = (await call(api.app, 'GET', '/v1/assets?externalId=from-a-page', { key: stranger.key })).json<{
      items: Asset[]
    }>()
    expect(items).toEqual([])
  })

  it('may use the token of one of its uploads', async () => {
    await limit({ browserOrigins: [PAGE] })
    const { asset, clientToken } = await createUpload(api)
    const answer = await call(api.app, 'GET', `/v1/assets/${asset.id}`, { key: clientToken, headers: { origin: PAGE } })
    expect([answer.statusCode, allowed(answer)]).toEqual([200, PAGE])
  })
})
