import type { Asset, AssetSummary } from '@darkroom/contracts'
import { markAssetPurged } from '@darkroom/db/deletion'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { createKey, createUpload, type Page, problemOf, readyAsset, type TestApi } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

/** A project with nothing in it yet. */
async function emptyProject(name: string) {
  const { key } = await createKey(api.deps, { project: name })
  const call: TestApi['call'] = (method, url, options) => api.call(method, url, { key, ...options })
  const list = async (query = '') => (await call('GET', `/v1/assets${query}`)).json<Page>()
  return { call, list, names: async (query = '') => (await list(query)).items.map(item => item.filename) }
}

async function everyPage(list: (query: string) => Promise<Page>, query: string): Promise<AssetSummary[][]> {
  const pages: AssetSummary[][] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Page = await list(`?${query}${cursor && `&cursor=${cursor}`}`)
    pages.push(page.items)
    cursor = page.nextCursor
  }
  return pages
}

describe('pages', () => {
  it.each([
    ['-createdAt', ['4', '3', '2', '1', '0']],
    ['createdAt', ['0', '1', '2', '3', '4']],
    ['filename', ['0', '1', '2', '3', '4']],
    ['-filename', ['4', '3', '2', '1', '0']],
    // Of one size, all of them: then the ids decide.
    ['byteSize', ['0', '1', '2', '3', '4']],
    ['-byteSize', ['4', '3', '2', '1', '0']],
  ])('go through everything once, sorted by %s', async (sort, expected) => {
    const { call, list } = await emptyProject(`pages ${sort}`)
    for (const filename of ['0', '1', '2', '3', '4']) await createUpload({ call }, { filename })
    const pages = await everyPage(list, `limit=2&sort=${sort}`)
    expect(pages.map(page => page.length)).toEqual([2, 2, 1])
    expect(pages.flat().map(asset => asset.filename)).toEqual(expected)
  })

  it.each([
    ['byteSize', ['b', 'c', 'a']],
    ['-byteSize', ['a', 'c', 'b']],
  ])('are in order by %s', async (sort, expected) => {
    const { call, list } = await emptyProject(`sizes ${sort}`)
    for (const [filename, byteSize] of [
      ['a', 900_000],
      ['b', 9],
      ['c', 80],
    ] as const)
      await createUpload({ call }, { filename, byteSize })
    const pages = await everyPage(list, `limit=1&sort=${sort}`)
    expect(pages.flat().map(asset => asset.filename)).toEqual(expected)
  })

  it.each([
    ['of another order', (cursor: string) => ['filename', cursor]],
    ['that is none', () => ['-createdAt', 'bm9uZQ']],
    [
      'with a name for a size',
      () => ['byteSize', Buffer.from('["byteSize","0198a0c0-0000-7000-8000-000000000000","x"]').toString('base64url')],
    ],
  ])('refuse a cursor %s', async (title, make) => {
    const { call, list } = await emptyProject(`cursor ${title}`)
    for (const filename of ['0', '1']) await createUpload({ call }, { filename })
    const [sort, cursor] = make((await list('?limit=1')).nextCursor ?? '')
    expect(problemOf(await call('GET', `/v1/assets?sort=${sort}&cursor=${cursor}`))).toBe('400 INVALID_REQUEST')
  })

  it('neither skip nor repeat when something is added or removed between them', async () => {
    const { call, list } = await emptyProject('moving')
    const created = []
    for (const filename of ['0', '1', '2', '3']) created.push(await createUpload({ call }, { filename }))
    const first = await list('?limit=2')
    await createUpload({ call }, { filename: 'new' })
    await call('DELETE', `/v1/assets/${created[3]?.asset.id}`)
    const second = await list(`?limit=2&cursor=${first.nextCursor}`)
    expect(second.items.map(item => item.filename)).toEqual(['1', '0'])
    expect(second.nextCursor).toBeNull()
  })

  it('say that they end when the last one is full', async () => {
    const { call, list } = await emptyProject('full')
    for (const filename of ['0', '1']) await createUpload({ call }, { filename })
    expect((await list('?limit=2')).nextCursor).toBeNull()
  })

  it('of an empty project have nothing', async () => {
    expect(await (await emptyProject('empty')).list()).toEqual({ items: [], nextCursor: null })
  })

  it('hold 50 unless told otherwise', async () => {
    const { call, list } = await emptyProject('many')
    await Promise.all(Array.from({ length: 51 }, () => createUpload({ call })))
    const page = await list()
    expect([page.items.length, typeof page.nextCursor]).toEqual([50, 'string'])
  })
})

describe('a filter', () => {
  let project: Awaited<ReturnType<typeof emptyProject>>
  let between: string
  beforeAll(async () => {
    project = await emptyProject('filters')
    await createUpload(project, { filename: 'Beach 100%.jpg', tags: ['sea', 'sun'], externalId: 'x-1' })
    await new Promise(resolve => setTimeout(resolve, 5))
    between = new Date().toISOString()
    await new Promise(resolve => setTimeout(resolve, 5))
    await createUpload(project, { filename: 'forest_1000.jpg', tags: ['sun'], folder: '/Trips//2026/' })
    await readyAsset({ ...api, call: project.call }, { filename: 'ready.jpg' })
  })

  it.each([
    ['status=awaiting_upload', ['forest_1000.jpg', 'Beach 100%.jpg']],
    ['status=ready', ['ready.jpg']],
    ['status=failed', []],
    ['kind=image', ['ready.jpg']],
    ['kind=video', []],
    ['tag=sun', ['forest_1000.jpg', 'Beach 100%.jpg']],
    ['tag=sea', ['Beach 100%.jpg']],
    ['tag=su', []],
    ['externalId=x-1', ['Beach 100%.jpg']],
    ['q=BEACH', ['Beach 100%.jpg']],
    ['q=100%25', ['Beach 100%.jpg']],
    ['q=t_1', ['forest_1000.jpg']],
    ['q=_eady', []],
    ['q=%5C', []],
    ['q=EST_100', ['forest_1000.jpg']],
    ['q=estt100', []],
    ['folder=Trips/2026', ['forest_1000.jpg']],
    ['folder=/Trips/2026/', ['forest_1000.jpg']],
    ['folder=Trips', []],
    ['folder=', ['ready.jpg', 'Beach 100%.jpg']],
    [`sha256=${'a'.repeat(64)}`, ['ready.jpg']],
    [`sha256=${'b'.repeat(64)}`, []],
    ['tag=sun&q=forest', ['forest_1000.jpg']],
  ])('%s finds what fits', async (query, expected) => {
    expect(await project.names(`?${query}`)).toEqual(expected)
  })

  it('createdBefore takes the others', async () => {
    expect(await project.names(`?createdBefore=${encodeURIComponent(between)}`)).toEqual(['Beach 100%.jpg'])
  })

  it.each(['folder=a/../b', 'sha256=x', 'createdBefore=yesterday', 'sort=size'])('%s is refused', async query => {
    expect(problemOf(await project.call('GET', `/v1/assets?${query}`))).toBe('400 INVALID_REQUEST')
  })

  it('createdAfter takes a time with an offset', async () => {
    const withOffset = new Date(Date.parse(between) + 2 * 3_600_000).toISOString().replace('Z', '+02:00')
    for (const time of [between, withOffset]) {
      expect(await project.names(`?createdAfter=${encodeURIComponent(time)}`)).toEqual(['ready.jpg', 'forest_1000.jpg'])
    }
  })
})

it('a list leaves out what is gone and shows what is going', async () => {
  const { call, names } = await emptyProject('deleted')
  const going = await createUpload({ call }, { filename: 'going' })
  const gone = await createUpload({ call }, { filename: 'gone' })
  for (const { asset } of [going, gone]) await call('DELETE', `/v1/assets/${asset.id}`)
  await markAssetPurged(api.deps.database.db, gone.asset.id)
  expect(await names()).toEqual(['going'])
  expect(await names('?status=deleting')).toEqual(['going'])
})

it('an external id finds the one that has it now', async () => {
  const { call, names } = await emptyProject('successors')
  const { asset } = await createUpload({ call }, { filename: 'old', externalId: 'x' })
  await call('DELETE', `/v1/assets/${asset.id}`)
  expect(await names('?externalId=x')).toEqual([])
  await createUpload({ call }, { filename: 'new', externalId: 'x' })
  expect(await names('?externalId=x')).toEqual(['new'])
})

describe('one or two characters', () => {
  let project: Awaited<ReturnType<typeof emptyProject>>
  beforeAll(async () => {
    project = await emptyProject('short')
    for (const filename of ['IMG_4021 beach.jpg', 'timber.png', '北京大学.jpg', 'a+b.txt'])
      await createUpload(project, { filename })
  })

  it.each([
    ['b', ['a+b.txt', 'IMG_4021 beach.jpg']],
    ['BE', ['IMG_4021 beach.jpg']],
    ['im', ['IMG_4021 beach.jpg']],
    ['4', ['IMG_4021 beach.jpg']],
    ['.j', ['北京大学.jpg', 'IMG_4021 beach.jpg']],
    ['+', ['a+b.txt']],
    ['京大', ['北京大学.jpg']],
    ['学', ['北京大学.jpg']],
    ['er', []],
    ['%', []],
  ])('%s finds where a word begins, and anywhere in other scripts', async (q, expected) => {
    expect(await project.names(`?q=${encodeURIComponent(q)}`)).toEqual(expected)
  })
})

it('names that begin with the same 120 characters are sorted by their creation, and pages go through them', async () => {
  const { call, list } = await emptyProject('long')
  const filenames = ['z', 'a', 'm'].map(end => `${'n'.repeat(120)}${end}`)
  for (const filename of filenames) await createUpload({ call }, { filename })
  const pages = await everyPage(list, 'limit=1&sort=filename')
  expect(pages.flat().map(asset => asset.filename)).toEqual(filenames)
})

describe('what lies far away', () => {
  let project: Awaited<ReturnType<typeof emptyProject>>
  beforeAll(async () => {
    project = await emptyProject('far')
    const { asset } = await createUpload(project, { filename: 'IMG_ first', tags: ['kept'] })
    // More than are looked at for a page, and more than are sorted: the first half of them fits.
    await api.deps.database.db.execute(sql`
      INSERT INTO assets (id, project_id, preset_id, filename, content_type, byte_size, tags)
      SELECT (lpad(to_hex(n), 12, '0') || '70008000000000000000')::uuid, project_id, preset_id,
        CASE WHEN n <= 4500 THEN 'IMG_' ELSE 'PXL_' END || n, content_type, 12000 - n, ARRAY['kept']
      FROM assets, generate_series(1, 12000) AS n WHERE id = ${asset.id}`)
  })

  it.each(['q=IMG_&tag=kept&limit=200', 'q=IMG_&limit=200', 'q=IMG_&limit=200&sort=byteSize'])(
    '%s is found, though pages before it are empty',
    async query => {
      const pages = await everyPage(project.list, query)
      const found = pages.flat().map(asset => asset.filename)
      expect([found.length, new Set(found).size]).toEqual([4501, 4501])
      expect(found.filter(name => !name.startsWith('IMG_'))).toEqual([])
    },
  )

  it('a bulk change finds it, and says when it has not seen all', async () => {
    const change = async (body: object) =>
      (await project.call('POST', '/v1/assets/bulk', { body: { action: 'untag', tags: ['kept'], ...body } })).json()
    expect(await change({ filter: { tag: 'kept' }, dryRun: true })).toEqual({
      matched: 3000,
      exact: false,
      changed: 0,
      remaining: 3000,
      items: null,
      nextCursor: expect.any(String),
    })
    const changeAll = async (body: object) => {
      const answers = [await change(body)]
      for (let cursor = answers[0]?.nextCursor; cursor; cursor = answers.at(-1)?.nextCursor)
        answers.push(await change({ ...body, cursor }))
      return answers.map(({ changed }) => changed)
    }
    const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0)
    expect(sum(await changeAll({ filter: { q: 'IMG_' } }))).toBe(4501)
    expect(sum(await changeAll({ filter: { status: 'awaiting_upload' } }))).toBe(7500)
    // Nothing is left to do, and no request looks at all of them to find that out.
    const none = await changeAll({ filter: { status: 'awaiting_upload' } })
    expect(none.length).toBeGreaterThan(1)
    expect(sum(none)).toBe(0)
  })
})

describe('an item', () => {
  it('is an asset without what takes long to read, unless all of it is asked for', async () => {
    const project = await emptyProject('views')
    const { asset } = await readyAsset(
      { ...api, call: project.call },
      { filename: 'a.jpg', metadata: { shop: 'north' } },
    )
    const whole = (await project.call('GET', `/v1/assets/${asset.id}`)).json<Asset>()
    const {
      metadata: _,
      facts,
      preset,
      original,
      job,
      estimatedReadyAt,
      firstPreviewAt,
      sourceExpiresAt,
      title,
      altText,
      description,
      focalPoint,
      ...rest
    } = whole
    const { variants, ...fields } = rest
    const { name, url, contentType, width, height } = variants[0] ?? {}
    const [item] = (await project.list()).items
    expect(item).toEqual({ ...fields, preview: { name, url, contentType, width, height } })
    expect([facts, preset, original, job, estimatedReadyAt, firstPreviewAt, sourceExpiresAt]).not.toContain(undefined)
    expect((await project.list('?view=full')).items).toEqual([whole])
  })

  it('has no preview while there is none', async () => {
    const { call, list } = await emptyProject('no preview')
    await createUpload({ call })
    expect((await list()).items).toMatchObject([{ preview: null, progress: 0, status: 'awaiting_upload' }])
  })
})
