import { randomBytes } from 'node:crypto'
import type { CreateUpload, MultipartUpload, PartsSigned, UploadConfirmed, UploadCreated } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { call, countVersions, createKey, newUpload, problemOf } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const THRESHOLD = 6_000_000
/** Two parts: the least that a part may have, and a few bytes. */
const FILE = randomBytes(5_000_003)

const api = useTestApi()
let app: FastifyInstance
beforeAll(async () => {
  app = await api.variant({ settings: { maxUploadBytes: 10e12, multipartThresholdBytes: THRESHOLD } })
})
afterEach(() => api.b2.faults.clear())

type Created = UploadCreated & { upload: MultipartUpload }
const post = (path: string, body?: unknown) => call(app, 'POST', path, { key: api.key, body })
const stateOf = async (id: string) => (await api.call('GET', `/v1/uploads/${id}`)).json()
const confirm = (id: string, body?: unknown) => post(`/v1/uploads/${id}/confirm`, body)

async function create(overrides: Partial<CreateUpload> = {}): Promise<Created> {
  const answer = await post('/v1/uploads', newUpload({ byteSize: FILE.length, multipart: true, ...overrides }))
  if (answer.statusCode !== 201) throw new Error(`no upload: ${answer.body}`)
  return answer.json<Created>()
}

/** Sends some parts of the file, and answers their ETags. */
async function send({ upload }: Pick<Created, 'upload'>, partNumbers = [1, 2], file = FILE) {
  const sent = []
  for (const { partNumber, url } of upload.parts.filter(part => partNumbers.includes(part.partNumber))) {
    const start = (partNumber - 1) * upload.partSize
    const body = new Uint8Array(file.subarray(start, start + upload.partSize))
    const answer = await fetch(url, { method: 'PUT', body })
    if (answer.status !== 200) throw new Error(`the store answered ${answer.status}`)
    sent.push({ partNumber, etag: answer.headers.get('etag') ?? '' })
  }
  return sent
}

function placeOf({ upload }: Pick<Created, 'upload'>) {
  const [, bucket = '', ...key] = new URL(upload.parts[0]?.url ?? '').pathname.split('/')
  return { bucket, key: key.join('/') }
}

async function openInStore(key: string): Promise<number> {
  let count = 0
  for await (const upload of api.deps.store.listMultipartUploads({ bucket: 'darkroom', prefix: key }))
    if (upload.key === key) count++
  return count
}

async function jobsOf({ asset }: Pick<UploadCreated, 'asset'>) {
  const [row] = await api.deps.database.db.execute(
    sql`SELECT count(*)::int AS jobs FROM jobs WHERE asset_id = ${asset.id}`,
  )
  return row?.jobs
}

describe('POST /v1/uploads for a file in parts', () => {
  it('says how to cut the file and signs each part with its length', async () => {
    const { upload } = await create()
    expect(upload).toMatchObject({ type: 'multipart', partSize: 5_000_000, partCount: 2 })
    expect(upload.parts.map(part => [part.partNumber, part.byteSize])).toEqual([
      [1, 5_000_000],
      [2, 3],
    ])
    const signed = upload.parts.map(({ url }) => new URL(url).searchParams.get('X-Amz-SignedHeaders'))
    expect(signed).toEqual(['content-length;host', 'content-length;host'])
    const [first, second] = upload.parts
    const put = (url = '', bytes = 0) => fetch(url, { method: 'PUT', body: new Uint8Array(bytes) })
    expect((await put(second?.url, 4)).status).toBe(403)
    expect((await put(first?.url.replace('partNumber=1', 'partNumber=3'), 5_000_000)).status).toBe(403)
  })

  it.each([
    ['a file above the threshold', THRESHOLD + 1, undefined, 'multipart'],
    ['a file at the threshold', THRESHOLD, undefined, 'single'],
    ['a large file whose client wants one PUT', THRESHOLD + 1, false, 'single'],
    ['a small file whose client wants parts', 10, true, 'multipart'],
  ])('decides for %s', async (_name, byteSize, multipart, type) => {
    const answer = await post('/v1/uploads', newUpload({ byteSize, ...(multipart !== undefined && { multipart }) }))
    expect(answer.json<UploadCreated>().upload.type).toBe(type)
  })

  it('takes 10 TB in 10,000 parts and signs the first of them', async () => {
    const { upload } = await create({ byteSize: 10e12 })
    expect([upload.partSize, upload.partCount, upload.parts.length]).toEqual([1e9, 10_000, 16])
  })

  it('cuts the file as its client does', async () => {
    const { upload } = await create({ byteSize: 12_000_000, partSize: 5 * 1024 * 1024 })
    expect([upload.partSize, upload.partCount]).toEqual([5_242_880, 3])
    expect(upload.parts.map(part => part.byteSize)).toEqual([5_242_880, 5_242_880, 1_514_240])
  })

  it.each([
    ['smaller than the store takes', 10_000_000, 4_999_999],
    ['larger than the store takes', 10_000_000, 5_000_000_001],
    ['of which the file would have more than 10,000', 60e9, 5_000_000],
  ])('refuses parts %s', async (_name, byteSize, partSize) => {
    const answer = await post('/v1/uploads', newUpload({ byteSize, multipart: true, partSize }))
    expect(problemOf(answer)).toBe('400 INVALID_REQUEST')
  })

  it('refuses one PUT of more than the store takes in one', async () => {
    const answer = await post('/v1/uploads', newUpload({ byteSize: 5_000_000_001, multipart: false }))
    expect(problemOf(answer)).toBe('413 TOO_LARGE')
  })

  it('has the row before the store is asked, and frees the external id when the store does not answer', async () => {
    api.b2.faults.set({ kind: 'slow-down', match: { operation: 'CreateMultipartUpload' }, retryAfterSec: 60 })
    const body = newUpload({ byteSize: FILE.length, multipart: true, externalId: 'busy' })
    expect(problemOf(await post('/v1/uploads', body))).toBe('503 STORE_UNAVAILABLE')
    const [row] = await api.deps.database.db.execute(sql`SELECT status FROM assets WHERE external_id = 'busy'`)
    expect(row?.status).toBe('deleting')
    api.b2.faults.clear()
    expect((await post('/v1/uploads', body)).statusCode).toBe(201)
  })
})

describe('POST /v1/uploads/:id/parts', () => {
  const parts = (id: string, partNumbers: unknown) => post(`/v1/uploads/${id}/parts`, { partNumbers })

  it('signs the parts that are asked for and records how long the URLs work', async () => {
    const { upload } = await create({ byteSize: 10e9 })
    const answer = await parts(upload.id, [500, 17, 500])
    const signed = answer.json<PartsSigned>()
    expect(signed.parts.map(part => part.partNumber)).toEqual([500, 17])
    const [row] = await api.deps.database.db.execute(
      sql`SELECT presign_expires_at AS at FROM uploads WHERE id = ${upload.id}`,
    )
    expect(new Date(String(row?.at)).toISOString()).toBe(signed.expiresAt)
  })

  it('lets in the browser that has the client token of the upload, and no other', async () => {
    const [mine, other] = [await create(), await create()]
    const ask = (key: string) =>
      call(app, 'POST', `/v1/uploads/${mine.upload.id}/parts`, { key, body: { partNumbers: [1] } })
    expect((await ask(mine.clientToken)).statusCode).toBe(200)
    expect(problemOf(await ask(other.clientToken))).toBe('404 NOT_FOUND')
    const { key } = await createKey(api.deps, { project: 'elsewhere' })
    expect(problemOf(await ask(key))).toBe('404 NOT_FOUND')
  })

  it.each([
    ['a part that the upload does not have', [3]],
    ['part 0', [0]],
    ['no part', []],
    ['101 parts', Array.from({ length: 101 }, (_, index) => index + 1)],
    ['what is no number', ['1']],
  ])('refuses %s', async (_name, partNumbers) => {
    const { upload } = await create()
    expect(problemOf(await parts(upload.id, partNumbers))).toBe('400 INVALID_REQUEST')
  })

  it('refuses an upload that is one PUT', async () => {
    const answer = await post('/v1/uploads', newUpload())
    expect(problemOf(await parts(answer.json<UploadCreated>().upload.id, [1]))).toBe('400 INVALID_REQUEST')
  })

  it('opens the upload in the store when a crash came between the row and that', async () => {
    const created = await create()
    await api.deps.database.db.execute(sql`UPDATE uploads SET store_upload_id = NULL WHERE id = ${created.upload.id}`)
    const signed = await Promise.all([1, 1, 2, 2].map(partNumber => parts(created.upload.id, [partNumber])))
    const ids = signed.map(answer =>
      new URL(answer.json<PartsSigned>().parts[0]?.url ?? '').searchParams.get('uploadId'),
    )
    expect(new Set(ids).size).toBe(1)
    // The one that the crash left, and ours; those of the requests that lost are gone.
    expect(await openInStore(placeOf(created).key)).toBe(2)
    expect((await call(app, 'DELETE', `/v1/uploads/${created.upload.id}`, { key: api.key })).statusCode).toBe(204)
    expect(await openInStore(placeOf(created).key)).toBe(0)
  })
})

describe('the signed URL of a part', () => {
  /** The URL as the client of an upload gets it, changed by somebody who wants more. */
  const changed = (url: string, change: (url: URL) => unknown) => {
    const other = new URL(url)
    change(other)
    return other.href
  }
  const body = new Uint8Array(FILE.subarray(0, 5_000_000))

  it.each<[string, string, (url: URL) => unknown]>([
    ['reads the object', 'GET', () => undefined],
    ['deletes the object', 'DELETE', () => undefined],
    ['completes the upload', 'POST', () => undefined],
    ['writes another object', 'PUT', url => Object.assign(url, { pathname: `${url.pathname}-other` })],
    ['writes to another project', 'PUT', url => Object.assign(url, { pathname: '/darkroom/uploads/other/other' })],
    ['writes another part', 'PUT', url => url.searchParams.set('partNumber', '2')],
    ['writes two parts', 'PUT', url => url.searchParams.append('partNumber', '2')],
    ['writes to another upload', 'PUT', url => url.searchParams.set('uploadId', 'other')],
    ['names a version', 'PUT', url => url.searchParams.set('versionId', 'other')],
    ['writes the whole object', 'PUT', url => url.searchParams.delete('partNumber')],
    ['works for longer', 'PUT', url => url.searchParams.set('X-Amz-Expires', '604800')],
  ])('is refused by the store when it %s', async (_name, method, change) => {
    const { upload } = await create()
    const url = changed(upload.parts[0]?.url ?? '', change)
    const answer = await fetch(url, { method, ...(method !== 'GET' && { body }) })
    expect(answer.status).toBe(403)
    expect(await stateOf(upload.id)).toMatchObject({ state: 'awaiting_upload', receivedBytes: null })
  })

  it('writes nothing any more when the upload is confirmed, and no other is signed', async () => {
    const created = await create()
    await send(created)
    expect((await confirm(created.upload.id)).statusCode).toBe(202)
    expect((await fetch(created.upload.parts[0]?.url ?? '', { method: 'PUT', body })).status).toBe(404)
    const answer = await post(`/v1/uploads/${created.upload.id}/parts`, { partNumbers: [1] })
    expect(problemOf(answer)).toBe('409 UPLOAD_CONFIRMED')
    expect(await countVersions(api, placeOf(created))).toBe(1)
  })
})

describe('an upload that was interrupted', () => {
  it('tells the parts that the store has, signs those that are missing, and is confirmed with them', async () => {
    const created = await create()
    const { id } = created.upload
    const [sent] = await send(created, [2])
    expect(await stateOf(id)).toMatchObject({
      type: 'multipart',
      state: 'awaiting_upload',
      receivedBytes: 3,
      partSize: 5_000_000,
      partCount: 2,
      parts: [{ partNumber: 2, byteSize: 3, etag: sent?.etag.replaceAll('"', '') }],
    })
    const incomplete = await confirm(id)
    expect(problemOf(incomplete)).toBe('409 UPLOAD_INCOMPLETE')
    expect(incomplete.json().detail).toContain('1 of 2 parts')
    const renewed = (await post(`/v1/uploads/${id}/renew`)).json<Created>()
    expect(renewed.upload.parts.map(part => part.partNumber)).toEqual([1])
    await send(renewed, [1])
    expect((await confirm(id)).statusCode).toBe(202)
  })

  it('begins anew when the store gave it up', async () => {
    const created = await create()
    await send(created, [2])
    const [row] = await api.deps.database.db.execute(
      sql`SELECT store_upload_id AS id FROM uploads WHERE id = ${created.upload.id}`,
    )
    await api.deps.store.abortMultipartUpload({ ...placeOf(created), uploadId: String(row?.id) })
    expect(problemOf(await confirm(created.upload.id))).toBe('409 UPLOAD_INCOMPLETE')
    const renewed = (await post(`/v1/uploads/${created.upload.id}/renew`)).json<Created>()
    expect(renewed.upload.parts.map(part => part.partNumber)).toEqual([1, 2])
    await send(renewed)
    expect((await confirm(created.upload.id)).statusCode).toBe(202)
  })
})

describe('POST /v1/uploads/:id/confirm of parts', () => {
  it('puts the parts together and pins the version that came of it', async () => {
    const created = await create()
    await send(created)
    const answer = await confirm(created.upload.id)
    expect(answer.statusCode).toBe(202)
    expect(answer.json<UploadConfirmed>().asset).toMatchObject({ status: 'processing', byteSize: FILE.length })
    const place = placeOf(created)
    const head = await api.deps.store.head(place)
    const [row] = await api.deps.database.db.execute(
      sql`SELECT version_id, bytes::int, state FROM objects WHERE key = ${place.key}`,
    )
    expect(row).toEqual({ version_id: head?.versionId, bytes: FILE.length, state: 'live' })
    expect(head).toMatchObject({ byteSize: FILE.length, contentType: 'image/jpeg' })
    const { body } = await api.deps.store.get(place)
    expect(Buffer.concat(await body.toArray()).equals(FILE)).toBe(true)
    expect(await stateOf(created.upload.id)).toMatchObject({
      state: 'confirmed',
      receivedBytes: FILE.length,
      parts: null,
    })
  })

  it('gives one job, one answer and one version to twenty at once', async () => {
    const created = await create()
    await send(created)
    const answers = await Promise.all(Array.from({ length: 20 }, () => confirm(created.upload.id)))
    expect(new Set(answers.map(answer => answer.statusCode))).toEqual(new Set([202]))
    expect(new Set(answers.map(answer => answer.body)).size).toBe(1)
    expect([await jobsOf(created), await countVersions(api, placeOf(created))]).toEqual([1, 1])
  })

  it.each([
    ['is lost', { kind: 'lost-response', times: 1 }],
    ['is lost at every try', { kind: 'lost-response' }],
  ] as const)('finds that it went through when the answer of the store %s', async (_name, fault) => {
    const created = await create()
    await send(created)
    api.b2.faults.set({ ...fault, match: { operation: 'CompleteMultipartUpload' } })
    expect((await confirm(created.upload.id)).statusCode).toBe(202)
    expect([await jobsOf(created), await countVersions(api, placeOf(created))]).toEqual([1, 1])
  })

  it('goes on where a crash between the store and the row left it', async () => {
    const created = await create()
    await send(created)
    const place = placeOf(created)
    const [row] = await api.deps.database.db.execute(
      sql`SELECT store_upload_id AS id FROM uploads WHERE id = ${created.upload.id}`,
    )
    const ref = { ...place, uploadId: String(row?.id) }
    const parts = (await api.deps.store.listParts(ref)) ?? []
    await api.deps.store.completeMultipartUpload({ ...ref, parts, byteSize: FILE.length })
    expect(await stateOf(created.upload.id)).toMatchObject({ state: 'awaiting_upload', receivedBytes: FILE.length })
    expect((await post(`/v1/uploads/${created.upload.id}/renew`)).json<Created>().upload.parts).toEqual([])
    expect((await confirm(created.upload.id)).statusCode).toBe(202)
    expect(await countVersions(api, place)).toBe(1)
  })

  it('compares the parts that the client names with those of the store', async () => {
    const created = await create()
    const sent = await send(created)
    const wrong = { parts: sent.map(part => ({ ...part, etag: '9e107d9d372bb6826bd81d3542a419d6' })) }
    expect(problemOf(await confirm(created.upload.id, wrong))).toBe('422 INVALID_PARTS')
    const unknown = { parts: [...sent, { partNumber: 3, etag: sent[0]?.etag ?? '' }] }
    expect(problemOf(await confirm(created.upload.id, unknown))).toBe('422 INVALID_PARTS')
    expect((await confirm(created.upload.id, { parts: sent })).statusCode).toBe(202)
  })

  it.each([
    ['a part of another size than planned', 1, 5_000_001],
    ['a part beyond the last', 3, 3],
  ])('refuses %s, which only a store that does not check can have', async (_name, partNumber, byteSize) => {
    const created = await create()
    await send(created)
    const [row] = await api.deps.database.db.execute(
      sql`SELECT store_upload_id AS id FROM uploads WHERE id = ${created.upload.id}`,
    )
    const ref = { ...placeOf(created), uploadId: String(row?.id) }
    const url = await api.deps.store.presignPart({ ...ref, partNumber, byteSize, expiresInSec: 60 })
    expect((await fetch(url, { method: 'PUT', body: new Uint8Array(byteSize) })).status).toBe(200)
    expect(problemOf(await confirm(created.upload.id))).toBe('422 INVALID_PARTS')
    expect(await jobsOf(created)).toBe(0)
  })

  it('takes the names of 10,000 parts', async () => {
    const created = await create()
    const parts = Array.from({ length: 10_000 }, (_, index) => ({ partNumber: index + 1, etag: `"${'a'.repeat(32)}"` }))
    expect(problemOf(await confirm(created.upload.id, { parts }))).toBe('409 UPLOAD_INCOMPLETE')
  })
})

describe('DELETE /v1/uploads/:id of parts', () => {
  it('leaves neither parts nor an open upload, and no URL works any more', async () => {
    const created = await create()
    await send(created, [2])
    const answer = await call(app, 'DELETE', `/v1/uploads/${created.upload.id}`, { key: api.key })
    expect(answer.statusCode).toBe(204)
    expect(await openInStore(placeOf(created).key)).toBe(0)
    await expect(send(created, [2])).rejects.toThrow('404')
    expect(problemOf(await post(`/v1/uploads/${created.upload.id}/parts`, { partNumbers: [1] }))).toBe(
      '410 ASSET_DELETED',
    )
  })
})
