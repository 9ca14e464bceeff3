import type { Asset } from '@darkroom/contracts'
import { expireAsset } from '@darkroom/db/deletion'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { createUpload, problemOf, readyAsset, unknownId } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

const pathOf = ({ id }: Pick<Asset, 'id'>) => `/v1/assets/${id}`
const patch = (asset: Pick<Asset, 'id'>, body: object, ifMatch?: string) =>
  api.call('PATCH', pathOf(asset), { body, headers: ifMatch === undefined ? {} : { 'if-match': ifMatch } })
const read = (asset: Pick<Asset, 'id'>) => api.call('GET', pathOf(asset))

describe('If-Match', () => {
  it('lets one of two edits of the same revision through', async () => {
    const { asset } = await createUpload(api)
    const etag = String((await read(asset)).headers.etag)
    const first = await patch(asset, { metadata: { by: 'a' } }, etag)
    expect(first.statusCode).toBe(200)
    expect(problemOf(await patch(asset, { metadata: { by: 'b' } }, etag))).toBe('412 PRECONDITION_FAILED')
    expect((await read(asset)).json<Asset>().metadata).toEqual({ by: 'a' })
    expect((await patch(asset, { metadata: { by: 'b' } }, String(first.headers.etag))).statusCode).toBe(200)
  })

  it('lets one of fifty through that are sent at once', async () => {
    const { asset } = await createUpload(api)
    const etag = String((await read(asset)).headers.etag)
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => patch(asset, { filename: `${at}.jpg` }, etag)),
    )
    const codes = answers.map(answer => (answer.statusCode === 200 ? '200' : problemOf(answer)))
    expect(codes.toSorted()).toEqual(['200', ...Array(49).fill('412 PRECONDITION_FAILED')])
  })

  it.each([
    ['anything', '*', 200],
    ['the tag as it was given', 'W/"1"', 200],
    ['the tag as a strong one', '"1"', 200],
    ['one of several', 'W/"7", W/"1"', 200],
    ['another', 'W/"2"', 412],
    ['one that is not of ours', '"abc"', 412],
    ['nothing', '', 400],
    ['no tag', '1', 400],
  ])('takes %s', async (_title, ifMatch, status) => {
    const { asset } = await createUpload(api)
    expect((await patch(asset, { tags: ['x'] }, ifMatch)).statusCode).toBe(status)
    expect((await read(asset)).json<Asset>().tags).toEqual(status === 200 ? ['x'] : [])
  })

  it('holds back a deletion', async () => {
    const { asset } = await createUpload(api)
    const remove = (ifMatch: string) => api.call('DELETE', pathOf(asset), { headers: { 'if-match': ifMatch } })
    expect(problemOf(await remove('W/"2"'))).toBe('412 PRECONDITION_FAILED')
    expect((await read(asset)).json<Asset>().status).toBe('awaiting_upload')
    expect((await remove('W/"1"')).statusCode).toBe(202)
    // What it asked for is so already: a repetition after a lost answer.
    expect((await remove('W/"1"')).statusCode).toBe(202)
  })

  it('holds back a reprocess', async () => {
    const { asset } = await readyAsset(api)
    const reprocess = (ifMatch: string) =>
      api.call('POST', `${pathOf(asset)}/reprocess`, { headers: { 'if-match': ifMatch } })
    expect(problemOf(await reprocess(`W/"${asset.revision - 1}"`))).toBe('412 PRECONDITION_FAILED')
    expect((await read(asset)).json<Asset>().revision).toBe(asset.revision)
    expect((await reprocess(`W/"${asset.revision}"`)).statusCode).toBe(202)
  })

  it.each([
    ['POST', '/v1/uploads'],
    ['POST', '/v1/assets/bulk'],
    ['DELETE', `/v1/uploads/${unknownId()}`],
  ] as const)('is refused where there is no ETag to compare: %s %s', async (method, url) => {
    const answer = await api.call(method, url, { headers: { 'if-match': '"1"' } })
    expect([problemOf(answer), answer.json().detail]).toEqual([
      '400 INVALID_REQUEST',
      expect.stringContaining('If-Match'),
    ])
  })
})

describe('PATCH /v1/assets/:id', () => {
  it('leaves the revision where nothing is changed', async () => {
    const fields = {
      filename: 'a.jpg',
      folder: 'f',
      tags: ['a', 'b'],
      metadata: { a: { b: 1 }, c: 2 },
      externalId: 'same',
    }
    const { asset } = await createUpload(api, fields)
    for (const body of [{}, fields, { metadata: { c: 2, a: { b: 1 } } }, { addTags: ['a'] }, { removeTags: ['z'] }])
      expect((await patch(asset, body)).json()).toEqual(asset)
    expect((await patch(asset, { tags: ['b', 'a'] })).json().revision).toBe(asset.revision + 1)
  })

  it('adds and removes single tags', async () => {
    const { asset } = await createUpload(api, { tags: ['a', 'b', 'c'] })
    const changed = await patch(asset, { addTags: ['d', 'a', 'd'], removeTags: ['b', 'z'] })
    expect(changed.json()).toMatchObject({ tags: ['a', 'c', 'd'], revision: asset.revision + 1 })
  })

  it('loses none of fifty tags that are added at once', async () => {
    const { asset } = await createUpload(api)
    const tags = Array.from({ length: 50 }, (_, at) => `t${at}`)
    const answers = await Promise.all(tags.map(tag => patch(asset, { addTags: [tag] })))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(50).fill(200))
    expect((await read(asset)).json<Asset>().tags.toSorted()).toEqual(tags.toSorted())
    await Promise.all(tags.map(tag => patch(asset, { removeTags: [tag] })))
    expect((await read(asset)).json<Asset>().tags).toEqual([])
  })

  it('loses none of thirty tags that are added in bulk at once', async () => {
    const { asset } = await createUpload(api)
    const tags = Array.from({ length: 30 }, (_, at) => `t${at}`)
    const bulk = (tag: string) =>
      api.call('POST', '/v1/assets/bulk', { body: { action: 'tag', tags: [tag], ids: [asset.id] } })
    await Promise.all(tags.map(bulk))
    expect((await read(asset)).json<Asset>().tags.toSorted()).toEqual(tags.toSorted())
  })

  it.each([
    ['tags beside tags to add', { tags: ['a'], addTags: ['b'] }],
    ['tags beside tags to remove', { tags: ['a'], removeTags: ['b'] }],
    ['a tag to add and to remove', { addTags: ['a'], removeTags: ['a'] }],
    ['more tags than an asset may have', { addTags: ['one more'] }],
  ])('refuses %s', async (_title, body) => {
    const { asset } = await createUpload(api, { tags: Array.from({ length: 50 }, (_, at) => `t${at}`) })
    expect(problemOf(await patch(asset, body))).toBe('400 INVALID_REQUEST')
    expect((await read(asset)).json<Asset>().revision).toBe(asset.revision)
  })
})

describe('an external id', () => {
  const find = async (externalId: string) =>
    (await api.call('GET', `/v1/assets?externalId=${externalId}`)).json<{ items: Asset[] }>().items.map(({ id }) => id)

  it('is set, changed and cleared later', async () => {
    const { asset } = await createUpload(api)
    expect((await patch(asset, { externalId: 'later' })).json<Asset>().externalId).toBe('later')
    expect(await find('later')).toEqual([asset.id])
    expect((await patch(asset, { externalId: null })).json<Asset>().externalId).toBeNull()
    expect(await find('later')).toEqual([])
  })

  it('of another asset is refused, and nothing else of the request is done', async () => {
    await createUpload(api, { externalId: 'taken' })
    const { asset } = await createUpload(api)
    const answer = await patch(asset, { externalId: 'taken', filename: 'other.jpg' })
    expect(problemOf(answer)).toBe('409 EXTERNAL_ID_TAKEN')
    expect((await read(asset)).json()).toEqual(asset)
  })

  it('goes to one of ten that want it at once', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => createUpload(api)))
    const answers = await Promise.all(made.map(({ asset }) => patch(asset, { externalId: 'wanted' })))
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, ...Array(9).fill(409)])
  })

  it('is free again when its upload has expired', async () => {
    const { asset } = await createUpload(api, { externalId: 'expired' })
    const { db } = api.deps.database
    await db.execute(sql`UPDATE uploads SET expires_at = now() - interval '1 second' WHERE asset_id = ${asset.id}`)
    expect(await db.transaction(tx => expireAsset(tx, asset.id))).toMatchObject({ status: 'expired' })
    const again = await createUpload(api, { externalId: 'expired' })
    expect(await find('expired')).toEqual([again.asset.id])
  })
})
