import type { Asset } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { createKey, createUpload, problemOf, call as send, type TestApi, unknownId } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

async function project(name: string) {
  const { key } = await createKey(api.deps, { project: name })
  const call: TestApi['call'] = (method, url, options) => api.call(method, url, { key, ...options })
  const bulk = async (body: object) => (await call('POST', '/v1/assets/bulk', { body })).json()
  const read = async (id: string) => (await call('GET', `/v1/assets/${id}`)).json<Asset>()
  const add = async (overrides: object = {}) => (await createUpload({ call }, overrides)).asset.id
  return { key, call, bulk, read, add }
}

describe('folders', () => {
  it('are what assets lie in, with how many are in each and below', async () => {
    const { call, add } = await project('folders')
    for (const folder of ['', 'a', 'a/b', 'a/b/c', 'a0', 'ab', 'Ö/x', '😀/x', '😀/y']) await add({ folder })
    const list = async (query: string) =>
      (await call('GET', `/v1/folders${query}`)).json<{ items: { path: string; count: number }[] }>()
    const counts = async (query: string) => (await list(query)).items.map(({ path, count }) => [path, count])
    expect(await counts('')).toEqual([
      ['a', 3],
      ['a0', 1],
      ['ab', 1],
      ['Ö', 1],
      ['😀', 2],
    ])
    expect(await counts('?prefix=a')).toEqual([['a/b', 2]])
    expect(await counts('?prefix=/a/b/')).toEqual([['a/b/c', 1]])
    expect(await counts(`?prefix=${encodeURIComponent('😀')}`)).toEqual([
      ['😀/x', 1],
      ['😀/y', 1],
    ])
    expect(await counts('?prefix=nothing')).toEqual([])
  })

  it('come page by page', async () => {
    const { call, add } = await project('folder pages')
    for (const folder of ['a', 'b', 'c']) await add({ folder })
    const first = (await call('GET', '/v1/folders?limit=2')).json()
    const second = (await call('GET', `/v1/folders?limit=2&cursor=${first.nextCursor}`)).json()
    expect([first, second].map(page => page.items.map((item: { name: string }) => item.name))).toEqual([
      ['a', 'b'],
      ['c'],
    ])
    expect(second.nextCursor).toBeNull()
    expect(problemOf(await call('GET', '/v1/folders?cursor=AA'))).toBe('400 INVALID_REQUEST')
  })

  it('are changed with a patch', async () => {
    const { call, add } = await project('patched')
    const id = await add({ folder: 'a' })
    const moved = await call('PATCH', `/v1/assets/${id}`, { body: { folder: '/b//c/' } })
    expect(moved.json()).toMatchObject({ folder: 'b/c', revision: 2 })
    expect(problemOf(await call('PATCH', `/v1/assets/${id}`, { body: { folder: '../x' } }))).toBe('400 INVALID_REQUEST')
  })

  it('of another project are not seen', async () => {
    const [mine, theirs] = [await project('mine'), await project('theirs')]
    await mine.add({ folder: 'secret' })
    expect((await theirs.call('GET', '/v1/folders')).json()).toEqual({ items: [], nextCursor: null })
  })
})

/** Of a request with a filter after which all have been looked at. */
const bulkAnswer = (matched: number, changed: number) => ({
  matched,
  exact: true,
  changed,
  remaining: matched - changed,
  nextCursor: null,
  items: null,
})

/** The same with ids, of which each has its outcome. */
const namedAnswer = (matched: number, changed: number, ids: string[], outcomes: string[]) => ({
  ...bulkAnswer(matched, changed),
  items: ids.map((id, n) => ({ id, outcome: outcomes[n] })),
})

describe('POST /v1/assets/bulk', () => {
  it('tags by ids, in the order they had, and changes nothing twice', async () => {
    const { bulk, read, add } = await project('tag')
    const ids = [await add({ tags: ['z'] }), await add({ tags: ['new'] }), await add()]
    const body = { action: 'tag', tags: ['new', 'new'], ids }
    const mixed = ['changed', 'unchanged', 'changed']
    expect(await bulk({ ...body, dryRun: true })).toEqual(namedAnswer(2, 0, ids, mixed))
    expect((await read(ids[0] ?? '')).tags).toEqual(['z'])
    expect(await bulk(body)).toEqual(namedAnswer(2, 2, ids, mixed))
    expect(await bulk(body)).toEqual(namedAnswer(0, 0, ids, ['unchanged', 'unchanged', 'unchanged']))
    const assets = await Promise.all(ids.map(read))
    expect(assets.map(({ tags, revision }) => [tags, revision])).toEqual([
      [['z', 'new'], 2],
      [['new'], 1],
      [['new'], 2],
    ])
  })

  it('never gives an asset more tags than it may have', async () => {
    const { bulk, read, add } = await project('full')
    const id = await add({ tags: Array.from({ length: 50 }, (_, at) => `t${at}`) })
    expect(await bulk({ action: 'tag', tags: ['one more'], ids: [id] })).toMatchObject({
      matched: 0,
      exact: true,
      changed: 0,
      items: [{ id, outcome: 'too_many_tags' }],
    })
    expect((await read(id)).tags).toHaveLength(50)
  })

  it('untags and moves by filter', async () => {
    const { bulk, read, add } = await project('filter')
    const [inside, outside] = [await add({ folder: 'a', tags: ['x', 'y', 'z'] }), await add({ tags: ['x', 'y'] })]
    const filter = { folder: '/a' }
    expect(await bulk({ action: 'untag', tags: ['y', 'q'], filter })).toEqual(bulkAnswer(1, 1))
    expect(await bulk({ action: 'move', folder: 'b', filter })).toEqual(bulkAnswer(1, 1))
    expect(await read(inside)).toMatchObject({ tags: ['x', 'z'], folder: 'b' })
    expect(await read(outside)).toMatchObject({ tags: ['x', 'y'], folder: '' })
  })

  it('deletes, each with its job, and once when asked twice at once', async () => {
    const { bulk, read, add } = await project('delete')
    const ids = await Promise.all(Array.from({ length: 12 }, () => add({ tags: ['old'] })))
    const kept = await add()
    const answers = await Promise.all([1, 2].map(() => bulk({ action: 'delete', filter: { tag: 'old' } })))
    expect(answers.reduce((sum, answer) => sum + answer.changed, 0)).toBe(12)
    for (const id of ids) expect(await read(id)).toMatchObject({ status: 'deleting', job: { status: 'queued' } })
    expect((await read(kept)).status).toBe('awaiting_upload')
  })

  it('spares what left the filter while others were deleted', async () => {
    const { bulk, call, read, add } = await project('spare')
    const ids = [
      await add({ tags: ['trash'] }),
      await add({ tags: ['trash'] }),
      await add({ tags: ['trash'] }),
    ] as const
    const [first, held, spared] = ids
    const deletion = await api.deps.database.db.transaction(async tx => {
      // The deletion cannot pass this asset before the last one has lost its tag.
      await tx.execute(sql`SELECT 1 FROM assets WHERE id = ${held} FOR UPDATE`)
      const running = bulk({ action: 'delete', filter: { tag: 'trash' } })
      await expect.poll(async () => (await read(first)).status, { timeout: 20_000 }).toBe('deleting')
      const { body, statusCode } = await call('PATCH', `/v1/assets/${spared}`, { body: { removeTags: ['trash'] } })
      expect(statusCode, body).toBe(200)
      return { running }
    })
    expect(await deletion.running).toEqual({ ...bulkAnswer(3, 2), remaining: 0 })
    expect((await read(held)).status).toBe('deleting')
    expect(await read(spared)).toMatchObject({ status: 'awaiting_upload', tags: [] })
  })

  it('schedules a deletion that is undone, with what is published left as it is', async () => {
    const { bulk, read, add, call } = await project('undone')
    const ids = [await add({ tags: ['a'] }), await add({ tags: ['b'] })]
    const [id = '', other = ''] = ids
    const list = async (query: string) =>
      (await call('GET', `/v1/assets${query}`)).json<{ items: Asset[] }>().items.map(item => item.id)
    const both = ['changed', 'changed']
    expect(await bulk({ action: 'delete', undoSec: 600, ids })).toEqual(namedAnswer(2, 2, ids, both))
    expect(await bulk({ action: 'delete', undoSec: 5, ids })).toMatchObject({ changed: 0 })
    const { deleteAt, status, revision } = await read(id)
    expect(status).toBe('awaiting_upload')
    expect(revision).toBe(2)
    expect(Math.round((Date.parse(deleteAt ?? '') - Date.now()) / 60_000)).toBe(10)
    expect(await list('')).toEqual([])
    expect((await call('GET', '/v1/assets/counts')).json()).toMatchObject({ count: 0 })
    expect(await list('?deletion=scheduled&sort=createdAt')).toEqual(ids)
    expect(await list('?deletion=scheduled&tag=b')).toEqual([other])
    expect((await call('GET', '/v1/assets/counts?deletion=scheduled')).json()).toMatchObject({ count: 2 })
    expect(await bulk({ action: 'restore', ids: [id] })).toEqual(namedAnswer(1, 1, [id], ['changed']))
    expect(await read(id)).toMatchObject({ deleteAt: null, revision: 3 })
    expect(await list('')).toEqual([id])
    expect(await bulk({ action: 'restore', all: true })).toEqual(bulkAnswer(1, 1))
    expect(await list('?deletion=any&sort=createdAt')).toEqual(ids)
    expect(await bulk({ action: 'restore', ids })).toMatchObject({ changed: 0 })
  })

  it('deletes at once what was to be deleted later, and restores nothing of that', async () => {
    const { bulk, read, add } = await project('at once')
    const id = await add()
    await bulk({ action: 'delete', undoSec: 600, ids: [id] })
    expect(await bulk({ action: 'delete', ids: [id] })).toEqual(namedAnswer(1, 1, [id], ['changed']))
    expect((await read(id)).status).toBe('deleting')
    expect(await bulk({ action: 'restore', ids: [id] })).toEqual(namedAnswer(0, 0, [id], ['not_found']))
  })

  it('stops after a thousand and says what is left', async () => {
    const { bulk, key } = await project('thousand')
    const { projectId } = await createKey(api.deps, { project: 'thousand' })
    await send(api.app, 'POST', '/v1/uploads', { key, body: { filename: 'a', contentType: 'image/png', byteSize: 1 } })
    await api.deps.database.db.execute(sql`
      INSERT INTO assets (id, project_id, preset_id, filename, content_type, byte_size)
      SELECT gen_random_uuid(), project_id, preset_id, 'copy ' || n, content_type, byte_size
      FROM assets, generate_series(1, 1099) AS n WHERE project_id = ${projectId}`)
    const body = { action: 'move', folder: 'all', filter: { status: 'awaiting_upload' } }
    const first = await bulk(body)
    expect(first).toEqual({ ...bulkAnswer(1100, 1000), nextCursor: expect.any(String) })
    expect(await bulk({ ...body, cursor: first.nextCursor })).toEqual(bulkAnswer(100, 100))
  })

  it('passes over what belongs to another project or to nobody', async () => {
    const [mine, theirs] = [await project('bulk mine'), await project('bulk theirs')]
    const ids = [await theirs.add(), unknownId()]
    const [id = ''] = ids
    expect(await mine.bulk({ action: 'delete', ids })).toEqual(namedAnswer(0, 0, ids, ['not_found', 'not_found']))
    expect((await theirs.read(id)).status).toBe('awaiting_upload')
  })

  it.each([
    ['neither ids nor filter', { action: 'delete' }],
    ['both', { action: 'delete', ids: [unknownId()], filter: { tag: 'x' } }],
    ['an empty filter', { action: 'delete', filter: {} }],
    ['a filter it does not know', { action: 'delete', filter: { tags: 'x' } }],
    ['no time to undo', { action: 'delete', undoSec: 0, ids: [unknownId()] }],
    ['too long a time to undo', { action: 'delete', undoSec: 2_592_001, ids: [unknownId()] }],
    ['no tags', { action: 'tag', ids: [unknownId()], tags: [] }],
    ['no folder', { action: 'move', ids: [unknownId()] }],
    ['another action', { action: 'publish', ids: [unknownId()] }],
    ['too many ids', { action: 'delete', ids: Array.from({ length: 1001 }, unknownId) }],
  ])('refuses %s', async (_title, body) => {
    expect(problemOf(await api.call('POST', '/v1/assets/bulk', { body }))).toBe('400 INVALID_REQUEST')
  })

  it('wants the scope write', async () => {
    const { key } = await createKey(api.deps, { scopes: ['read', 'upload'] })
    const answer = await api.call('POST', '/v1/assets/bulk', { key, body: { action: 'delete', ids: [unknownId()] } })
    expect(problemOf(answer)).toBe('403 FORBIDDEN')
  })
})
