import type { AssetCounts } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { createKey, createUpload, problemOf, type TestApi } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

async function project(name: string) {
  const { key } = await createKey(api.deps, { project: name })
  const call: TestApi['call'] = (method, url, options) => api.call(method, url, { key, ...options })
  const counts = async (query = '') => (await call('GET', `/v1/assets/counts${query}`)).json<AssetCounts>()
  const tags = async (query = '') =>
    (await call('GET', `/v1/tags${query}`)).json<{
      items: { name: string; count: number }[]
      nextCursor: string | null
    }>()
  const add = async (overrides: object = {}) => (await createUpload({ call }, overrides)).asset.id
  return { call, counts, tags, add }
}

describe('GET /v1/assets/counts', () => {
  it('counts assets and bytes, by kind and by status, and by neither its own filter', async () => {
    const { counts, add } = await project('counted')
    const [image, video, failed] = [
      await add({ byteSize: 100 }),
      await add({ byteSize: 20 }),
      await add({ byteSize: 3 }),
    ]
    await api.deps.database.db.execute(sql`UPDATE assets SET kind = 'image', status = 'ready' WHERE id = ${image}`)
    await api.deps.database.db.execute(sql`UPDATE assets SET kind = 'video', status = 'ready' WHERE id = ${video}`)
    await api.deps.database.db.execute(sql`UPDATE assets SET kind = 'image', status = 'failed' WHERE id = ${failed}`)
    expect(await counts()).toEqual({
      count: 3,
      bytes: 123,
      exact: true,
      kinds: [
        { kind: 'image', count: 2, bytes: 103 },
        { kind: 'video', count: 1, bytes: 20 },
      ],
      statuses: [
        { status: 'failed', count: 1, bytes: 3 },
        { status: 'ready', count: 2, bytes: 120 },
      ],
    })
    expect(await counts('?kind=image')).toMatchObject({
      count: 2,
      bytes: 103,
      kinds: [{ kind: 'image' }, { kind: 'video' }],
      statuses: [
        { status: 'failed', count: 1 },
        { status: 'ready', count: 1 },
      ],
    })
    expect(await counts('?kind=image&status=failed')).toMatchObject({ count: 1, bytes: 3 })
  })

  it.each([
    ['folder=a', 1],
    ['tag=sea', 2],
    ['q=beach', 2],
    ['q=beach&tag=sea', 1],
    ['minBytes=50', 2],
    ['maxBytes=50', 1],
    ['minBytes=60&maxBytes=90', 1],
    ['folder=a&q=forest', 0],
    ['createdBefore=2020-01-01T00:00:00Z', 0],
    ['createdAfter=2020-01-01T00:00:00Z', 3],
  ])('with %s counts %i of three', async (query, expected) => {
    const { counts, call, add } = await project(`counted ${query}`)
    await add({ filename: 'beach.jpg', folder: 'a', tags: ['sea'], byteSize: 100 })
    await add({ filename: 'beach 2.jpg', byteSize: 80 })
    await add({ filename: 'forest.jpg', tags: ['sea', 'wood'], byteSize: 9 })
    expect(await counts(`?${query}`)).toMatchObject({ count: expected, exact: true })
    const { items } = (await call('GET', `/v1/assets?${query}`)).json()
    expect(items).toHaveLength(expected)
  })

  it('does not count what is of another project or purged', async () => {
    const [mine, theirs] = [await project('my counts'), await project('their counts')]
    const gone = await mine.add()
    await theirs.add()
    await api.deps.database.db.execute(sql`
      UPDATE assets SET status = 'deleted', deleted_at = now(), purged_at = now() WHERE id = ${gone}`)
    expect(await mine.counts()).toEqual({ count: 0, bytes: 0, exact: true, kinds: [], statuses: [] })
  })

  it.each(['minBytes=-1', 'maxBytes=1.5', 'maxBytes=much', 'limit=3'])('refuses %s', async query => {
    const { call } = await project(`refused ${query}`)
    expect(problemOf(await call('GET', `/v1/assets/counts?${query}`))).toBe('400 INVALID_REQUEST')
  })
})

describe('GET /v1/tags', () => {
  it('lists tags, with how many assets have each', async () => {
    const { tags, add, call } = await project('tags')
    await add({ tags: ['sea', 'Wood'] })
    const id = await add({ tags: ['sea'] })
    const { items, nextCursor } = await tags()
    expect(new Set(items)).toEqual(
      new Set([
        { name: 'sea', count: 2 },
        { name: 'Wood', count: 1 },
      ]),
    )
    expect(nextCursor).toBeNull()
    await call('PATCH', `/v1/assets/${id}`, { body: { tags: [] } })
    expect((await tags('?q=SE')).items).toEqual([{ name: 'sea', count: 1 }])
    expect((await tags('?q=oo')).items).toEqual([{ name: 'Wood', count: 1 }])
    expect(await tags('?q=nothing')).toEqual({ items: [], nextCursor: null })
  })

  it('lists them page by page', async () => {
    const { tags, add, call } = await project('tag pages')
    await add({ tags: ['a', 'b', 'c'] })
    const first = await tags('?limit=2')
    expect(first.items.map(({ name }) => name)).toEqual(['a', 'b'])
    const second = await tags(`?limit=2&cursor=${first.nextCursor}`)
    expect(second).toEqual({ items: [{ name: 'c', count: 1 }], nextCursor: null })
    expect(problemOf(await call('GET', '/v1/tags?cursor=AA'))).toBe('400 INVALID_REQUEST')
  })

  it('goes on after the tags that it looked at', async () => {
    const { tags, add } = await project('many tags')
    const all = Array.from({ length: 2050 }, (_, n) => `tag-${String(n).padStart(4, '0')}`)
    for (let at = 0; at < all.length; at += 50) await add({ tags: all.slice(at, at + 50) })
    const first = await tags('?q=-204')
    expect(first.items).toEqual([])
    const second = await tags(`?q=-204&cursor=${first.nextCursor}`)
    expect(second.items).toHaveLength(10)
    expect(second.nextCursor).toBeNull()
  })

  it('shows none of another project', async () => {
    const [mine, theirs] = [await project('my tags'), await project('their tags')]
    await mine.add({ tags: ['secret'] })
    expect((await theirs.tags()).items).toEqual([])
  })
})
