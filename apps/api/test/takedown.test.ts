import type { Asset, Receipt } from '@darkroom/contracts'
import { finishDeletion, isContentBlocked, markAssetPurged } from '@darkroom/db'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  confirmedUpload,
  createKey,
  newUpload,
  type Page,
  problemOf,
  readyAsset,
  startTestApi,
  type TestApi,
  unknownId,
} from './harness.ts'

let api: TestApi
let operator: string
beforeAll(async () => {
  api = await startTestApi()
  operator = (await createKey(api.deps, { project: null })).key
})
afterAll(() => api.close())

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
    const { call, asset, takeDown } = await projectWithAsset('hidden')
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
    ] as const) {
      expect(problemOf(await call(method, url))).toBe('410 ASSET_DELETED')
    }
    expect((await call('GET', '/v1/assets')).json<Page>().items).toEqual([])
    const status = await call('POST', '/v1/assets/status', { body: { ids: [asset.id] } })
    expect(status.json()).toEqual({ items: [] })
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
