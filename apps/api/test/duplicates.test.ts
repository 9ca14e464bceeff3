import { type Asset, appError, type UploadCreated } from '@darkroom/contracts'
import type { ObjectStore } from '@darkroom/storage'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import {
  BYTES,
  call,
  createKey,
  newUpload,
  problemOf,
  putBytes,
  readyAsset,
  type SingleUploadCreated,
  type TestApi,
} from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

/** The hash that the harness says of every asset that it makes ready. */
const SHA256 = 'a'.repeat(64)

async function projectWithAsset(name: string) {
  const { key } = await createKey(api.deps, { project: name })
  const mine: TestApi = { ...api, call: (method, url, options) => api.call(method, url, { key, ...options }) }
  const { asset } = await readyAsset(mine)
  const create = async (overrides: object = {}) =>
    (
      await mine.call('POST', '/v1/uploads', { body: newUpload({ sha256: SHA256, ...overrides }) })
    ).json<UploadCreated>()
  return { key, asset, create, call: mine.call }
}

const objectsOf = (id: string) =>
  api.deps.database.db.execute<{ bucket: string; key: string; version_id: string; state: string }>(
    sql`SELECT bucket, key, version_id, state FROM objects WHERE asset_id = ${id}`,
  )

it('bytes that the project has need not be sent, and are processed', async () => {
  const { create, call, asset } = await projectWithAsset('known')
  const created = await create({ filename: 'again.jpg' })
  expect(created.upload).toEqual({ id: created.upload.id, type: 'none' })
  expect(created.asset).toMatchObject({ status: 'processing', filename: 'again.jpg', job: { status: 'queued' } })
  expect(created.asset.id).not.toBe(asset.id)
  expect((await call('GET', `/v1/uploads/${created.upload.id}`)).json()).toMatchObject({ state: 'confirmed' })
  const withToken = await call('GET', `/v1/assets/${created.asset.id}`, { key: created.clientToken })
  expect(withToken.statusCode).toBe(200)
})

it('shares no object: when the first is deleted with every version, the other keeps its bytes', async () => {
  const { create, call, asset } = await projectWithAsset('apart')
  const { asset: second } = await create()
  const [copy] = await objectsOf(second.id)
  const before = await objectsOf(asset.id)
  expect(before.map(({ key }) => key)).not.toContain(copy?.key)
  await call('DELETE', `/v1/assets/${asset.id}`)
  for (const { bucket, key } of before) await api.deps.store.purge({ bucket, key })
  const { body } = await api.deps.store.get({
    bucket: copy?.bucket ?? '',
    key: copy?.key ?? '',
    versionId: copy?.version_id,
  })
  expect(Buffer.concat(await body.toArray())).toEqual(BYTES)
})

it.each([
  ['other bytes', { sha256: 'b'.repeat(64) }],
  ['another size', { byteSize: BYTES.length + 1 }],
  ['no hash', { sha256: undefined }],
])('%s have to be sent', async (title, overrides) => {
  const { create } = await projectWithAsset(title)
  expect((await create(overrides)).upload.type).toBe('single')
})

it('what another project has is not known', async () => {
  await projectWithAsset('theirs')
  const { key } = await createKey(api.deps, { project: 'has nothing' })
  const answer = await api.call('POST', '/v1/uploads', { key, body: newUpload({ sha256: SHA256 }) })
  expect(answer.json<UploadCreated>().upload.type).toBe('single')
})

it('what is being deleted is not known any more', async () => {
  const { create, call, asset } = await projectWithAsset('going')
  await call('DELETE', `/v1/assets/${asset.id}`)
  expect((await create()).upload.type).toBe('single')
})

const failing = (copy: ObjectStore['copy']): ObjectStore => Object.assign(Object.create(api.deps.store), { copy })

it.each([
  ['fails', async () => Promise.reject(appError('STORE_UNAVAILABLE'))],
  [
    'went through and its answer was lost',
    async (...input: Parameters<ObjectStore['copy']>) => {
      await api.deps.store.copy(...input)
      throw appError('STORE_UNAVAILABLE')
    },
  ],
] as const)('a copy that %s is replaced by an upload', async (title, copy) => {
  const { key, call: ask } = await projectWithAsset(title)
  const app = await api.variant({ store: failing(copy) })
  const body = newUpload({ sha256: SHA256 })
  const created = (await call(app, 'POST', '/v1/uploads', { key, body })).json<SingleUploadCreated>()
  expect(created.upload.type).toBe('single')
  expect((await putBytes(created)).status).toBe(200)
  const confirmed = await ask('POST', `/v1/uploads/${created.upload.id}/confirm`)
  expect(confirmed.json<{ asset: Asset }>().asset.status).toBe('processing')
})

it('a store that fails between copy and confirm keeps no external id', async () => {
  const { key, call: ask } = await projectWithAsset('half copied')
  const head = async () => Promise.reject(appError('STORE_UNAVAILABLE'))
  const app = await api.variant({ store: Object.assign(Object.create(api.deps.store), { head }) })
  const body = newUpload({ sha256: SHA256, externalId: 'photo-1' })
  expect(problemOf(await call(app, 'POST', '/v1/uploads', { key, body }))).toBe('503 STORE_UNAVAILABLE')
  const again = await ask('POST', '/v1/uploads', { body })
  expect([again.statusCode, again.json<UploadCreated>().upload.type]).toEqual([201, 'none'])
})

it('ten at once make ten assets, each with bytes of its own', async () => {
  const { create } = await projectWithAsset('ten')
  const created = await Promise.all(Array.from({ length: 10 }, () => create()))
  expect(new Set(created.map(({ upload }) => upload.type))).toEqual(new Set(['none']))
  const keys = await Promise.all(created.map(async ({ asset }) => (await objectsOf(asset.id)).map(({ key }) => key)))
  expect(new Set(keys.flat()).size).toBe(10)
})

it('duplicates are found by their hash', async () => {
  const { call, asset } = await projectWithAsset('found')
  const page = (await call('GET', `/v1/assets?sha256=${SHA256}`)).json<{ items: Asset[] }>()
  expect(page.items.map(({ id }) => id)).toEqual([asset.id])
})
