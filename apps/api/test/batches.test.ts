import { randomUUID } from 'node:crypto'
import { type CreateUpload, NO_SETTINGS, type Problem, type UploadConfirmed } from '@darkroom/contracts'
import { authCachesExpired, changeProject, type ProjectChange } from '@darkroom/db/projects'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import {
  createKey,
  newUpload,
  problemOf,
  putBytes,
  readyAsset,
  type SingleUploadCreated,
  unknownId,
} from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

type Created = SingleUploadCreated & { error?: Problem }
type Confirmed = UploadConfirmed & { uploadId: string; error?: Problem }
type Asked = Partial<CreateUpload> & { idempotencyKey?: string }

const post = (url: string, body: unknown, { key = api.key, headers = {} } = {}) =>
  api.call('POST', url, { key, body, headers })
const create = (uploads: Asked[], options = {}) =>
  post('/v1/uploads/batch', { uploads: uploads.map(asked => newUpload(asked)) }, options)
const confirm = (ids: string[], options = {}) => post('/v1/uploads/confirm', { ids }, options)
const itemsOf = <T>(answer: { json(): { items: T[] } }): T[] => answer.json().items
const codes = (items: { error?: Problem }[]) => items.map(({ error }) => error?.code ?? null)
const idsOf = (items: Created[]) => items.map(({ upload }) => upload.id)

const countOf = async (table: 'assets' | 'jobs') =>
  (await api.deps.database.db.execute<{ count: number }>(sql`SELECT count(*)::int FROM ${sql.identifier(table)}`))[0]
    ?.count

async function limit(change: ProjectChange, projectId = api.projectId): Promise<void> {
  await changeProject(api.deps.database.db, projectId, change)
  await authCachesExpired()
}

async function delivered(count: number): Promise<string[]> {
  const items = itemsOf<Created>(await create(Array.from({ length: count }, () => ({}))))
  await Promise.all(items.map(item => putBytes(item)))
  return idsOf(items)
}

describe('POST /v1/uploads/batch', () => {
  it('creates 100 uploads in order, to be sent and confirmed each, and refuses 101 and none', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `photo-${index}.jpg`)
    const answer = await create(names.map(filename => ({ filename, tags: ['a'], metadata: { filename } })))
    expect(answer.statusCode).toBe(201)
    const items = itemsOf<Created>(answer)
    expect(items.map(({ asset }) => asset.filename)).toEqual(names)
    expect(items.map(({ asset }) => [asset.tags, asset.metadata])).toEqual(names.map(filename => [['a'], { filename }]))
    const [first] = items
    if (!first) throw new Error('no item')
    const read = await api.call('GET', `/v1/assets/${first.asset.id}`)
    expect(read.json()).toEqual(first.asset)
    expect((await putBytes(first)).status).toBe(200)
    const { clientToken: key } = first
    expect((await api.call('POST', `/v1/uploads/${first.upload.id}/confirm`, { key })).statusCode).toBe(202)
    expect(problemOf(await create(Array.from({ length: 101 }, () => ({}))))).toBe('400 INVALID_REQUEST')
    expect(problemOf(await create([]))).toBe('400 INVALID_REQUEST')
  })

  it('accepts or refuses each by itself, and leaves nothing of what it refuses', async () => {
    const { asset } = await readyAsset(api)
    await api.deps.database.db.execute(sql`UPDATE assets SET external_id = 'taken' WHERE id = ${asset.id}`)
    const before = (await countOf('assets')) ?? 0
    const items = itemsOf<Created>(
      await create([
        { externalId: 'mine' },
        { externalId: 'taken' },
        { externalId: 'mine' },
        { byteSize: 0 },
        { contentType: 'application/x-msdownload' },
        { preset: 'none-such' },
        { preset: 'gallery' },
        { multipart: true },
      ]),
    )
    expect(codes(items)).toEqual([
      null,
      'EXTERNAL_ID_TAKEN',
      'EXTERNAL_ID_TAKEN',
      'EMPTY_FILE',
      'UNSUPPORTED_TYPE',
      'INVALID_REQUEST',
      null,
      null,
    ])
    expect(await countOf('assets')).toBe(before + 3)
    expect(items[1]?.error).toMatchObject({ status: 409, requestId: expect.any(String) })
    expect(items[6]?.asset.preset.name).toBe('gallery')
    expect(items[7]?.upload).toMatchObject({ type: 'multipart', partCount: 1 })
  })

  it('gives room in a quota in turn, to some of them', async () => {
    await limit({ maxOpenUploads: 2 })
    const mine = await createKey(api.deps, { project: 'quota' })
    await limit({ quotaBytes: 100 }, mine.projectId)
    const sizes = [60, 60, 40, 1].map(byteSize => ({ byteSize }))
    expect(codes(itemsOf(await create(sizes, mine)))).toEqual([null, 'QUOTA_EXCEEDED', null, 'QUOTA_EXCEEDED'])
    await limit({ ...NO_SETTINGS, maxOpenUploads: 1 }, mine.projectId)
    expect(codes(itemsOf(await create([{}], mine)))).toEqual(['RATE_LIMITED'])
    await limit(NO_SETTINGS)
  })

  it('counts each for the rate limit', async () => {
    const mine = await createKey(api.deps, { project: 'rate' })
    await limit({ requestsPerMinute: 3 }, mine.projectId)
    const answer = await create([{}, {}, {}, {}], mine)
    expect(codes(itemsOf(answer))).toEqual([null, null, null, 'RATE_LIMITED'])
    expect(answer.headers['retry-after']).toMatch(/^\d+$/)
    expect(problemOf(await create([{}], mine))).toBe('429 RATE_LIMITED')
  })

  it('creates each key once, also with the operation for one upload', async () => {
    const [one, two] = [randomUUID(), randomUUID()]
    const alone = await post('/v1/uploads', newUpload({ filename: 'one.jpg' }), { headers: { 'idempotency-key': one } })
    const asked: Asked[] = [
      { filename: 'one.jpg', idempotencyKey: one },
      { filename: 'two.jpg', idempotencyKey: two },
    ]
    const all = await Promise.all([create(asked), create(asked.toReversed())])
    const ids = all.map(answer => new Set(idsOf(itemsOf<Created>(answer))))
    expect(ids[0]).toEqual(ids[1])
    expect(ids[0]).toContain(alone.json().upload.id)
    const body = newUpload({ filename: 'two.jpg' })
    const again = await post('/v1/uploads', body, { headers: { 'idempotency-key': two } })
    expect(ids[0]).toContain(again.json().upload.id)
    const other: Asked[] = [
      { filename: 'other.jpg', idempotencyKey: two },
      { filename: 'a.jpg', idempotencyKey: 'twice' },
      { filename: 'b.jpg', idempotencyKey: 'twice' },
    ]
    expect(codes(itemsOf(await create(other)))).toEqual(['IDEMPOTENCY_MISMATCH', null, 'INVALID_REQUEST'])
  })

  it('keeps no key of what it refuses', async () => {
    const idempotencyKey = randomUUID()
    const refused = await create([{ preset: 'none-such', idempotencyKey }])
    expect(codes(itemsOf(refused))).toEqual(['INVALID_REQUEST'])
    expect(codes(itemsOf(await create([{ filename: 'other.jpg', idempotencyKey }])))).toEqual([null])
  })

  it('is repeated as a whole with its own key, refusals included', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const ask = () => create([{ filename: 'a.jpg' }, { byteSize: 0 }], { headers })
    const [first, second] = [await ask(), await ask()]
    expect(second.headers['idempotency-replayed']).toBe('true')
    const [a, b] = [itemsOf<Created>(first), itemsOf<Created>(second)]
    expect([b[0]?.upload.id, b[1]?.error?.code]).toEqual([a[0]?.upload.id, 'EMPTY_FILE'])
  })
})

describe('POST /v1/uploads/confirm', () => {
  it('confirms each by itself, and says why one is not', async () => {
    const [here = '', missing = ''] = [...(await delivered(1)), ...idsOf(itemsOf<Created>(await create([{}])))]
    const unknown = unknownId()
    const ids = [here, missing, unknown, here.toUpperCase()]
    const answer = await confirm(ids)
    expect(answer.statusCode).toBe(202)
    const items = itemsOf<Confirmed>(answer)
    expect(items.map(({ uploadId }) => uploadId)).toEqual([here, missing, unknown, here])
    expect(codes(items)).toEqual([null, 'UPLOAD_INCOMPLETE', 'NOT_FOUND', null])
    expect(items[0]?.asset).toMatchObject({ status: 'processing', revision: 2, job: { status: 'queued' } })
    expect(items[3]?.job.id).toBe(items[0]?.job.id)
    expect(problemOf(await confirm([]))).toBe('400 INVALID_REQUEST')
    expect(problemOf(await confirm(Array.from({ length: 101 }, unknownId)))).toBe('400 INVALID_REQUEST')
  })

  it('asks the store once for many, and by itself for what is not there', async () => {
    const ids = await delivered(20)
    const missing = idsOf(itemsOf<Created>(await create([{}, {}])))
    api.b2.requests.clear()
    const items = itemsOf<Confirmed>(await confirm([...ids, ...missing]))
    expect(codes(items)).toEqual([...ids.map(() => null), 'UPLOAD_INCOMPLETE', 'UPLOAD_INCOMPLETE'])
    const asked = api.b2.requests.list().map(({ operation }) => operation)
    expect(asked.filter(operation => operation === 'ListObjectVersions')).toHaveLength(1)
    expect(asked.filter(operation => operation === 'HeadObject')).toHaveLength(2)
  })

  it('knows nothing of the uploads of another project', async () => {
    const [id = ''] = await delivered(1)
    const other = await createKey(api.deps, { project: 'confirmer' })
    expect(codes(itemsOf(await confirm([id], other)))).toEqual(['NOT_FOUND'])
    expect((await api.call('GET', `/v1/uploads/${id}`)).json().state).toBe('awaiting_upload')
  })

  it('has one winner for each upload among 50 at once in any order, beside single confirms', async () => {
    const ids = await delivered(10)
    const jobs = (await countOf('jobs')) ?? 0
    const orders = Array.from({ length: 50 }, (_, turn) => [...ids.slice(turn % 10), ...ids.slice(0, turn % 10)])
    const [all, singles] = await Promise.all([
      Promise.all(orders.map((order, turn) => confirm(turn % 2 ? order : order.toReversed()))),
      Promise.all(ids.map(id => api.call('POST', `/v1/uploads/${id}/confirm`))),
    ])
    expect(new Set([...all, ...singles].map(({ statusCode }) => statusCode))).toEqual(new Set([202]))
    expect(await countOf('jobs')).toBe(jobs + 10)
    const jobOf = new Map(singles.map((answer, at) => [ids[at], answer.json<UploadConfirmed>().job.id]))
    const events = await api.deps.database.db.execute<{ count: number }>(sql`
      SELECT count(*)::int FROM events JOIN uploads USING (asset_id)
      WHERE events.type = 'asset.processing' AND uploads.id = ANY(${`{${ids.join(',')}}`}::uuid[])`)
    expect(events[0]?.count).toBe(10)
    for (const { uploadId, job } of all.flatMap(answer => itemsOf<Confirmed>(answer)))
      expect(job.id).toBe(jobOf.get(uploadId))
  })
})
