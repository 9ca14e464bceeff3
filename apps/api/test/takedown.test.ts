import type { Asset, Receipt, Takedown, TakedownPage } from '@darkroom/contracts'
import { isContentBlocked } from '@darkroom/db/assets'
import { finishDeletion, markAssetPurged } from '@darkroom/db/deletion'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  confirmedUpload,
  createKey,
  newUpload,
  type Page,
  problemOf,
  readyAsset,
  type TestApi,
  unknownId,
} from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
let operator: string
beforeAll(async () => {
  operator = (await createKey(api.deps, { project: null })).key
})

/** The hash that the harness says of every asset that it makes ready. */
const SHA256 = 'a'.repeat(64)
const body = { reason: 'Notice 118' }

async function projectWithAsset(name: string, scopes?: string[]) {
  const { key, projectId } = await createKey(api.deps, { project: name })
  const mine: TestApi = { ...api, call: (method, url, options) => api.call(method, url, { key, ...options }) }
  const { asset, job } = await readyAsset(mine)
  const limited = scopes && (await createKey(api.deps, { project: name, scopes })).key
  const takeDown = (options: object = {}) =>
    mine.call('POST', `/v1/assets/${asset.id}/takedown`, { body, ...(limited && { key: limited }), ...options })
  return { ...mine, key, projectId, asset, job, takeDown }
}

describe('a takedown', () => {
  it('hides the asset from every route at once', async () => {
    const { call, asset, job, takeDown } = await projectWithAsset('hidden')
    const answer = await takeDown()
    expect(answer.statusCode).toBe(202)
    expect(answer.json()).toMatchObject({
      takedown: { assetId: asset.id, sha256: SHA256, everywhere: false, reason: 'Notice 118' },
      copies: [],
    })
    const path = `/v1/assets/${asset.id}`
    for (const [method, url] of [
      ['GET', path],
      ['GET', `${path}/manifest`],
      ['GET', `${path}/download`],
      ['GET', `${path}/download?variant=thumb`],
      ['DELETE', path],
      ['GET', `/v1/jobs/${job.id}`],
    ] as const) {
      expect(problemOf(await call(method, url))).toBe('410 ASSET_DELETED')
    }
    expect((await call('GET', '/v1/assets')).json<Page>().items).toEqual([])
    const status = await call('POST', '/v1/assets/status', { body: { ids: [asset.id] } })
    expect(status.json()).toEqual({ items: [], notFound: [asset.id] })
  })

  it('deletes through the deletion that there is, and has a receipt', async () => {
    const { call, asset, takeDown } = await projectWithAsset('receipt')
    const receipt = async () => (await call('GET', `/v1/assets/${asset.id}/receipt`)).json<Receipt>()
    expect(problemOf(await call('GET', `/v1/assets/${asset.id}/receipt`))).toBe('404 NOT_FOUND')
    await takeDown()
    const { db } = api.deps.database
    const objects = await db.execute(sql`SELECT DISTINCT state FROM objects WHERE asset_id = ${asset.id}`)
    expect([...objects]).toEqual([{ state: 'doomed' }])
    expect(await receipt()).toMatchObject({ status: 'deleting', receipt: null, takedown: { reason: 'Notice 118' } })
    await markAssetPurged(db, asset.id)
    await finishDeletion(db, asset.id)
    expect(await receipt()).toMatchObject({ status: 'deleted', receipt: { objects: 3 }, cdnPurgedAt: null })
  })

  it('refuses the same bytes in its project and in no other', async () => {
    const [mine, other] = [await projectWithAsset('refuses'), await projectWithAsset('takes')]
    await mine.takeDown()
    const upload = newUpload({ sha256: SHA256 })
    expect(problemOf(await mine.call('POST', '/v1/uploads', { body: upload }))).toBe('451 CONTENT_BLOCKED')
    expect((await other.call('POST', '/v1/uploads', { body: upload })).statusCode).toBe(201)
    const different = newUpload({ sha256: 'b'.repeat(64) })
    expect((await mine.call('POST', '/v1/uploads', { body: different })).statusCode).toBe(201)
  })

  it('by an operator may apply everywhere, also later, and names the copies', async () => {
    const [mine, other] = [await projectWithAsset('everywhere'), await projectWithAsset('far away')]
    await mine.takeDown()
    const { db } = api.deps.database
    expect(await isContentBlocked(db, other.projectId, SHA256)).toBe(false)
    const answer = await mine.takeDown({ key: operator, body: { ...body, everywhere: true } })
    expect(answer.json().takedown).toMatchObject({ everywhere: true, reason: 'Notice 118' })
    expect(answer.json().copies).toContain(other.asset.id)
    expect(await isContentBlocked(db, other.projectId, SHA256)).toBe(true)
    await db.execute(sql`UPDATE takedowns SET is_everywhere = false`)
  })

  it('names nobody the assets of other projects, also when an operator took it down everywhere', async () => {
    const [mine, other] = [await projectWithAsset('asks again'), await projectWithAsset('is not told of')]
    const own = await readyAsset(mine)
    const everywhere = await mine.takeDown({ key: operator, body: { ...body, everywhere: true } })
    expect(everywhere.json().copies).toContain(other.asset.id)
    expect((await mine.takeDown()).json().copies).toEqual([own.asset.id])
    await api.deps.database.db.execute(sql`UPDATE takedowns SET is_everywhere = false`)
  })

  it('of bytes that nobody has read yet refuses nothing, whatever was declared', async () => {
    const { key, projectId } = await createKey(api.deps, { project: 'declared' })
    const mine: TestApi = { ...api, call: (method, url, options) => api.call(method, url, { key, ...options }) }
    const { asset } = await confirmedUpload(mine, { sha256: 'c'.repeat(64) })
    const answer = await mine.call('POST', `/v1/assets/${asset.id}/takedown`, { body })
    expect(answer.json().takedown.sha256).toBeNull()
    expect(await isContentBlocked(api.deps.database.db, projectId, 'c'.repeat(64))).toBe(false)
  })

  it('takes down what was deleted before', async () => {
    const { call, asset, takeDown, projectId } = await projectWithAsset('deleted before')
    await call('DELETE', `/v1/assets/${asset.id}`)
    await markAssetPurged(api.deps.database.db, asset.id)
    expect((await takeDown()).statusCode).toBe(202)
    expect(await isContentBlocked(api.deps.database.db, projectId, SHA256)).toBe(true)
  })

  it('ten times at once is one', async () => {
    const { asset, takeDown } = await projectWithAsset('ten')
    const answers = await Promise.all(Array.from({ length: 10 }, () => takeDown()))
    expect(new Set(answers.map(answer => answer.json().takedown.id)).size).toBe(1)
    const jobs = await api.deps.database.db.execute(
      sql`SELECT status FROM jobs WHERE asset_id = ${asset.id} AND name = 'asset.delete'`,
    )
    expect([...jobs]).toEqual([{ status: 'queued' }])
  })

  it('names other assets of the project with the same bytes, which stay', async () => {
    const mine = await projectWithAsset('copies')
    const copy = await readyAsset(mine)
    expect((await mine.takeDown()).json().copies).toEqual([copy.asset.id])
    expect((await mine.call('GET', `/v1/assets/${copy.asset.id}`)).json<Asset>().status).toBe('ready')
  })

  it('notes what the CDN has to forget', async () => {
    const { asset, takeDown } = await projectWithAsset('cdn')
    await takeDown()
    const [purge] = await api.deps.database.db.execute<{ keys: string[] }>(
      sql`SELECT to_jsonb(keys) AS keys FROM cdn_purges WHERE asset_id = ${asset.id}`,
    )
    expect(purge?.keys.map(key => `https://cdn.example.com/${key}`)).toEqual([asset.variants[0]?.url])
  })
})

describe('a takedown is refused', () => {
  it('to another project, as if there were no such asset, with its receipt', async () => {
    const { asset, call } = await projectWithAsset('owner')
    const { key } = await createKey(api.deps, { project: 'stranger' })
    const path = `/v1/assets/${asset.id}`
    expect(problemOf(await api.call('POST', `${path}/takedown`, { key, body }))).toBe('404 NOT_FOUND')
    await call('DELETE', path)
    expect(problemOf(await api.call('GET', `${path}/receipt`, { key }))).toBe('404 NOT_FOUND')
    expect((await call('GET', `${path}/receipt`)).statusCode).toBe(200)
  })

  it('of an id of nothing', async () => {
    const answer = await api.call('POST', `/v1/assets/${unknownId()}/takedown`, { body })
    expect(problemOf(answer)).toBe('404 NOT_FOUND')
  })

  it('without the scope admin', async () => {
    const { takeDown } = await projectWithAsset('scopes', ['read', 'write', 'upload'])
    expect(problemOf(await takeDown())).toBe('403 FORBIDDEN')
  })

  it('everywhere to anybody but an operator', async () => {
    const { takeDown, call, asset } = await projectWithAsset('too far')
    expect(problemOf(await takeDown({ body: { ...body, everywhere: true } }))).toBe('403 FORBIDDEN')
    expect((await call('GET', `/v1/assets/${asset.id}`)).statusCode).toBe(200)
  })

  it('without a reason', async () => {
    const { takeDown } = await projectWithAsset('no reason')
    expect(problemOf(await takeDown({ body: {} }))).toBe('400 INVALID_REQUEST')
  })
})

describe('a takedown that was a mistake', () => {
  const lift = (id: string, options: { key?: string } = {}, reason = 'Counter-notice') =>
    api.call('DELETE', `/v1/admin/takedowns/${id}?reason=${encodeURIComponent(reason)}`, { key: operator, ...options })
  const idOf = async (takeDown: () => ReturnType<TestApi['call']>): Promise<string> =>
    (await takeDown()).json().takedown.id
  const upload = newUpload({ sha256: SHA256 })

  it('is lifted by an operator: the bytes are taken again, the asset stays gone, and who and why is kept', async () => {
    const { takeDown, call, asset } = await projectWithAsset('lifted')
    const id = await idOf(takeDown)
    expect(problemOf(await call('POST', '/v1/uploads', { body: upload }))).toBe('451 CONTENT_BLOCKED')
    const answer = await lift(id)
    expect(answer.statusCode).toBe(200)
    const by = operator.split('_')[1]
    expect(answer.json<Takedown>()).toMatchObject({
      id,
      reason: 'Notice 118',
      lifted: { at: expect.any(String), by, reason: 'Counter-notice' },
    })
    expect((await call('POST', '/v1/uploads', { body: upload })).statusCode).toBe(201)
    expect(problemOf(await call('GET', `/v1/assets/${asset.id}`))).toBe('410 ASSET_DELETED')
    const receipt = (await call('GET', `/v1/assets/${asset.id}/receipt`)).json<Receipt>()
    expect(receipt.takedown?.lifted).toMatchObject({ by })
    const { items } = (await call('GET', '/v1/events?types=asset.takedown_lifted')).json<{
      items: { data: object }[]
    }>()
    expect(items.map(({ data }) => data)).toEqual([expect.objectContaining({ assetId: asset.id })])
  })

  it('is lifted once, however many do it, and the first is kept', async () => {
    const id = await idOf((await projectWithAsset('lifted at once')).takeDown)
    const answers = await Promise.all(Array.from({ length: 5 }, (_, n) => lift(id, {}, `reason ${n}`)))
    expect(answers.map(answer => answer.statusCode)).toEqual([200, 200, 200, 200, 200])
    const [row] = await api.deps.database.db.execute<{ lift_reason: string }>(
      sql`SELECT lift_reason FROM takedowns WHERE id = ${id}`,
    )
    expect((await lift(id, {}, 'later')).json<Takedown>().lifted?.reason).toBe(row?.lift_reason)
    const events = await api.deps.database.db.execute(
      sql`SELECT FROM events WHERE type = 'asset.takedown_lifted' AND asset_id = (SELECT asset_id FROM takedowns WHERE id = ${id})`,
    )
    expect(events).toHaveLength(1)
  })

  it('stands again when it is taken down again', async () => {
    const { takeDown, projectId } = await projectWithAsset('down, up, down')
    const id = await idOf(takeDown)
    await lift(id)
    expect(await isContentBlocked(api.deps.database.db, projectId, SHA256)).toBe(false)
    expect((await takeDown()).json().takedown).toMatchObject({ id, lifted: null })
    expect(await isContentBlocked(api.deps.database.db, projectId, SHA256)).toBe(true)
  })

  it('stands again in the project alone that asks for it, when an operator had lifted it everywhere', async () => {
    const [mine, other] = [await projectWithAsset('wants it back'), await projectWithAsset('wants it not')]
    const { db } = api.deps.database
    const id = await idOf(() => mine.takeDown({ key: operator, body: { ...body, everywhere: true } }))
    await lift(id)
    expect((await mine.takeDown()).json().takedown).toMatchObject({ id, everywhere: false, lifted: null })
    expect(await isContentBlocked(db, mine.projectId, SHA256)).toBe(true)
    expect(await isContentBlocked(db, other.projectId, SHA256)).toBe(false)
    const again = await mine.takeDown({ key: operator, body: { ...body, everywhere: true } })
    expect(again.json().takedown.everywhere).toBe(true)
    expect((await mine.takeDown()).json().takedown.everywhere).toBe(true)
    await lift(id)
  })

  it('still refuses what another takedown refuses too, which the list finds by the hash', async () => {
    const mine = await projectWithAsset('two of them')
    const copy = await readyAsset(mine)
    const id = await idOf(mine.takeDown)
    await mine.call('POST', `/v1/assets/${copy.asset.id}/takedown`, { body })
    await lift(id)
    expect(problemOf(await mine.call('POST', '/v1/uploads', { body: upload }))).toBe('451 CONTENT_BLOCKED')
    const list = async (query: string) => (await mine.call('GET', `/v1/admin/takedowns${query}`)).json<TakedownPage>()
    const all = await list(`?sha256=${SHA256}`)
    expect(all.items.map(item => [item.assetId, item.lifted !== null])).toEqual([
      [copy.asset.id, false],
      [mine.asset.id, true],
    ])
    expect((await list(`?sha256=${'b'.repeat(64)}`)).items).toEqual([])
    const first = await list('?limit=1')
    expect((await list(`?limit=1&cursor=${first.nextCursor}`)).items).toEqual(all.items.slice(1))
  })

  it('is listed to nobody of another project, and all are to an operator', async () => {
    const id = await idOf((await projectWithAsset('listed')).takeDown)
    const { key } = await createKey(api.deps, { project: 'curious' })
    const ids = async (asking: string) =>
      (await api.call('GET', '/v1/admin/takedowns?limit=200', { key: asking }))
        .json<TakedownPage>()
        .items.map(item => item.id)
    expect(await ids(key)).toEqual([])
    expect(await ids(operator)).toContain(id)
  })

  it('is not lifted by the admin of a project, without the scope, without a reason, or where there is none', async () => {
    const { takeDown, key } = await projectWithAsset('refused')
    const id = await idOf(takeDown)
    const reader = await createKey(api.deps, { project: null, scopes: ['read', 'write'] })
    for (const other of [key, reader.key]) expect(problemOf(await lift(id, { key: other }))).toBe('403 FORBIDDEN')
    const plain = await api.call('DELETE', `/v1/admin/takedowns/${id}`, { key: operator })
    expect(problemOf(plain)).toBe('400 INVALID_REQUEST')
    for (const none of [unknownId(), 'x']) expect(problemOf(await lift(none))).toBe('404 NOT_FOUND')
    expect((await api.call('GET', '/v1/admin/takedowns', { key })).json<TakedownPage>().items[0]?.lifted).toBeNull()
  })
})
