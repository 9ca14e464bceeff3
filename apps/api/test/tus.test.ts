import { randomBytes } from 'node:crypto'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Asset } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { Upload, type UploadOptions } from 'tus-js-client'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { call, createKey, createUpload, PRIVATE_BUCKET, problemOf } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

/** Two whole parts and a rest. */
const FILE = randomBytes(11_000_000)
const MB = 1_000_000

const api = useTestApi()
let app: FastifyInstance
/** Another process of the same installation. */
let other: FastifyInstance
let url: string
let stranger: { key: string }

beforeAll(async () => {
  const settings = { maxUploadBytes: 20 * MB, multipartThresholdBytes: MB }
  app = await api.variant({ settings })
  other = await api.variant({ settings })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
  stranger = await createKey(api.deps, { project: 'stranger' })
})
afterEach(() => api.b2.faults.clear())

const base64 = (text: string) => Buffer.from(text).toString('base64')
const metadataOf = (values: Record<string, string>) =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${base64(value)}`)
    .join(',')

const TUS = { 'tus-resumable': '1.0.0' }
const PHOTO = { filename: 'photo.jpg', filetype: 'image/jpeg' }

interface Asked {
  key?: string | null
  headers?: Record<string, string>
  payload?: Buffer
  on?: FastifyInstance
}

/** Sends one request of the protocol. */
const tus = (method: 'POST' | 'HEAD' | 'PATCH' | 'DELETE' | 'OPTIONS', path: string, asked: Asked = {}) => {
  const { key = api.key, headers = {}, payload, on = app } = asked
  return on.inject({
    method,
    url: path,
    headers: {
      ...TUS,
      ...(key && { authorization: `Bearer ${key}` }),
      ...(payload && { 'content-type': 'application/offset+octet-stream' }),
      ...headers,
    },
    ...(payload && { payload }),
  })
}

const create = (length: number, values: Record<string, string> = PHOTO, asked: Asked = {}) =>
  tus('POST', '/v1/tus', {
    ...asked,
    headers: { 'upload-length': String(length), 'upload-metadata': metadataOf(values), ...asked.headers },
  })

async function created(length = FILE.length, values: Record<string, string> = PHOTO): Promise<string> {
  const answer = await create(length, values)
  if (answer.statusCode !== 201) throw new Error(`no upload: ${answer.body}`)
  return String(answer.headers.location)
}

const append = (path: string, from: number, to: number, asked: Asked = {}) =>
  tus('PATCH', path, {
    payload: FILE.subarray(from, to),
    ...asked,
    headers: { 'upload-offset': String(from), ...asked.headers },
  })

const offsetOf = async (path: string, on = app) => Number((await tus('HEAD', path, { on })).headers['upload-offset'])

/** Reads the bytes of an upload that was confirmed. */
async function storedBytes(path: string): Promise<Buffer> {
  const [row] = await api.deps.database.db.execute<{ key: string }>(
    sql`SELECT key FROM uploads JOIN objects ON objects.id = object_id WHERE uploads.id = ${idOf(path)}`,
  )
  const { body } = await api.deps.store.get({ bucket: PRIVATE_BUCKET, key: row?.key ?? '' })
  return Buffer.concat((await body.toArray()) as Buffer[])
}

const idOf = (path: string) => path.split('/').at(-1) ?? ''
const assetOf = async (id: unknown) => (await api.call('GET', `/v1/assets/${id}`)).json<Asset>()

/** Counts the objects of an upload that nobody has given up, by what they are. */
async function objectsOf(path: string): Promise<{ own: number; rests: number }> {
  const [row] = await api.deps.database.db.execute<{ own: number; rests: number }>(sql`
    SELECT count(*) FILTER (WHERE objects.id = object_id)::int AS own,
      count(*) FILTER (WHERE objects.id <> object_id)::int AS rests
    FROM uploads JOIN objects ON objects.asset_id = uploads.asset_id AND objects.state <> 'doomed'
    WHERE uploads.id = ${idOf(path)}`)
  return row ?? { own: 0, rests: 0 }
}

describe('the tus protocol', () => {
  it('says what of it is supported', async () => {
    const { statusCode, headers } = await tus('OPTIONS', '/v1/tus', { key: null })
    expect(statusCode).toBe(204)
    expect(headers).toMatchObject({
      'tus-resumable': '1.0.0',
      'tus-version': '1.0.0',
      'tus-extension': 'creation,creation-with-upload,termination,expiration',
      'tus-max-size': '20000000',
    })
  })

  it('takes a file in pieces of any size, by any process, and makes the asset of it', async () => {
    const answer = await create(FILE.length)
    const path = String(answer.headers.location)
    expect([answer.statusCode, answer.headers['upload-offset']]).toEqual([201, '0'])
    const cuts = [0, 1, 700_000, 4_999_999, 5_000_000, 9_000_000, FILE.length]
    for (const [index, from] of cuts.slice(0, -1).entries()) {
      const to = cuts[index + 1] ?? 0
      const { statusCode, headers } = await append(path, from, to, { on: index % 2 === 0 ? app : other })
      expect([statusCode, headers['upload-offset']]).toEqual([204, String(to)])
      expect(await offsetOf(path, index % 2 === 0 ? other : app)).toBe(to)
    }
    expect((await storedBytes(path)).equals(FILE)).toBe(true)
    const asset = await assetOf(answer.headers['darkroom-asset-id'])
    expect(asset).toMatchObject({ status: 'processing', filename: 'photo.jpg', contentType: 'image/jpeg' })
    expect(await objectsOf(path)).toEqual({ own: 1, rests: 0 })
    const head = await tus('HEAD', path)
    expect(head.headers).toMatchObject({
      'upload-offset': String(FILE.length),
      'upload-length': String(FILE.length),
      'upload-metadata': metadataOf(PHOTO),
      'cache-control': 'no-store',
    })
  })

  it('takes a small file in the request that creates it', async () => {
    const answer = await create(1000, PHOTO, { payload: FILE.subarray(0, 1000) })
    expect([answer.statusCode, answer.headers['upload-offset']]).toEqual([201, '1000'])
    expect((await storedBytes(String(answer.headers.location))).equals(FILE.subarray(0, 1000))).toBe(true)
    expect((await assetOf(answer.headers['darkroom-asset-id'])).status).toBe('processing')
  })

  it('gives the asset what its metadata says', async () => {
    const values = {
      ...PHOTO,
      folder: '2026/summer',
      tags: 'sea, sun',
      externalId: 'product-7',
      metadata: '{"product":7}',
      relativePath: 'null',
    }
    const { headers } = await create(10, values)
    expect(await assetOf(headers['darkroom-asset-id'])).toMatchObject({
      folder: '2026/summer',
      tags: ['sea', 'sun'],
      externalId: 'product-7',
      metadata: { product: 7 },
    })
    expect(problemOf(await create(10, values))).toBe('409 EXTERNAL_ID_TAKEN')
  })

  it.each([
    ['of no known type', 10, { filename: 'evil.html', filetype: 'text/html' }, '415 UNSUPPORTED_TYPE'],
    ['that is too large', 20 * MB + 1, PHOTO, '413 TOO_LARGE'],
    ['that is empty', 0, PHOTO, '422 EMPTY_FILE'],
    ['of an unknown preset', 10, { ...PHOTO, preset: 'nothing' }, '400 INVALID_REQUEST'],
    ['in a folder that cannot be', 10, { ...PHOTO, folder: '../up' }, '400 INVALID_REQUEST'],
    ['with metadata that is no JSON object', 10, { ...PHOTO, metadata: '[1' }, '400 INVALID_REQUEST'],
    [
      'with metadata that is nested too deep',
      10,
      { ...PHOTO, metadata: '['.repeat(2000) + ']'.repeat(2000) },
      '400 INVALID_REQUEST',
    ],
    [
      'with a number that JSON cannot hold',
      10,
      { ...PHOTO, metadata: '{"id":9007199254740993}' },
      '400 INVALID_REQUEST',
    ],
    ['with a NUL', 10, { ...PHOTO, folder: 'a\0b' }, '400 INVALID_REQUEST'],
  ])('refuses a file %s', async (_what, length, values, problem) => {
    expect(problemOf(await create(length, values))).toBe(problem)
  })

  it.each([
    ['a value that is no base64', { 'upload-metadata': 'filename ***' }],
    ['a value that is no UTF-8', { 'upload-metadata': `filename ${Buffer.from([0xff, 0xfe]).toString('base64')}` }],
    ['a name that is there twice', { 'upload-metadata': 'filename YQ==,filename Yg==' }],
    ['a length that is no number', { 'upload-length': '0x10' }],
    ['a negative length', { 'upload-length': '-1' }],
    ['a length beyond every number', { 'upload-length': '9'.repeat(16) }],
    ['a length that comes later', { 'upload-length': '10', 'upload-defer-length': '1' }],
  ])('refuses %s', async (_what, headers) => {
    expect(problemOf(await create(10, PHOTO, { headers }))).toBe('400 INVALID_REQUEST')
  })

  it('cleans the name of a file', async () => {
    const { headers } = await create(10, { filename: '../../etc/pass\u202Ewd\u0007.jpg', filetype: 'image/jpeg' })
    expect((await assetOf(headers['darkroom-asset-id'])).filename).toBe('passwd.jpg')
  })

  it('creates an upload once for an Idempotency-Key, also as metadata', async () => {
    const values = { ...PHOTO, idempotencyKey: 'once' }
    const first = await create(10, values)
    const again = await create(10, values)
    expect(again.headers.location).toBe(first.headers.location)
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(problemOf(await create(11, values))).toBe('422 IDEMPOTENCY_MISMATCH')
  })

  it('refuses another version, offset, media type, and more bytes than were declared', async () => {
    const path = await created(10)
    const headers = { 'tus-resumable': '0.2.2' }
    const wrongVersion = await append(path, 0, 10, { headers })
    expect([problemOf(wrongVersion), wrongVersion.headers['tus-version']]).toEqual([
      '412 TUS_VERSION_UNSUPPORTED',
      '1.0.0',
    ])
    expect(problemOf(await append(path, 5, 10))).toBe('409 UPLOAD_OFFSET_MISMATCH')
    expect(problemOf(await append(path, 0, 11))).toBe('413 TOO_LARGE')
    const json = await append(path, 0, 10, { headers: { 'content-type': 'application/json' } })
    expect(problemOf(json)).toBe('415 UNSUPPORTED_MEDIA_TYPE')
    expect(problemOf(await append(path, 0, 10, { headers: { 'upload-offset': 'x' } }))).toBe('400 INVALID_REQUEST')
    expect(await offsetOf(path)).toBe(0)
    await append(path, 0, 10)
    expect(problemOf(await append(path, 10, 11))).toBe('409 UPLOAD_CONFIRMED')
  })

  it('stops a body without a length at the end of the upload, and keeps what came before', async () => {
    const path = await created(1000)
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(new Uint8Array(FILE.subarray(0, 600)))
        await sleep(50)
        controller.enqueue(new Uint8Array(401))
        controller.close()
      },
    })
    const headers = {
      ...TUS,
      authorization: `Bearer ${api.key}`,
      'content-type': 'application/offset+octet-stream',
      'upload-offset': '0',
    }
    const { status } = await fetch(url + path, { method: 'PATCH', headers, body, duplex: 'half' } as RequestInit)
    expect(status).toBe(413)
    expect(await offsetOf(path)).toBe(600)
  })

  it('belongs to its project: another key gets 404, a client token reaches its own upload', async () => {
    const answer = await create(10)
    const path = String(answer.headers.location)
    const token = String(answer.headers['darkroom-client-token'])
    for (const key of [stranger.key, String((await create(10)).headers['darkroom-client-token'])]) {
      expect((await tus('HEAD', path, { key })).statusCode).toBe(404)
      expect(problemOf(await append(path, 0, 10, { key }))).toBe('404 NOT_FOUND')
      expect(problemOf(await tus('DELETE', path, { key }))).toBe('404 NOT_FOUND')
    }
    expect(problemOf(await create(10, PHOTO, { key: token }))).toBe('401 UNAUTHORIZED')
    expect((await append(path, 0, 10, { key: token })).statusCode).toBe(204)
    expect(problemOf(await append(path, 0, 10, { key: null }))).toBe('401 UNAUTHORIZED')
  })

  it('does not take an upload that was created otherwise', async () => {
    const { upload } = await createUpload(api)
    expect((await tus('HEAD', `/v1/tus/${upload.id}`)).statusCode).toBe(404)
  })

  it('gives an upload up, with what the store has of it', async () => {
    const path = await created()
    await append(path, 0, 6 * MB)
    expect(await objectsOf(path)).toEqual({ own: 1, rests: 1 })
    expect((await tus('DELETE', path)).statusCode).toBe(204)
    expect(await objectsOf(path)).toEqual({ own: 0, rests: 0 })
    expect((await tus('HEAD', path)).statusCode).toBe(410)
    expect(problemOf(await append(path, 6 * MB, FILE.length))).toBe('410 ASSET_DELETED')
    const open = []
    for await (const one of api.deps.store.listMultipartUploads({ bucket: PRIVATE_BUCKET, prefix: 'uploads/' }))
      open.push(one.key)
    const [row] = await api.deps.database.db.execute(
      sql`SELECT asset_id::text AS id FROM uploads WHERE id = ${idOf(path)}`,
    )
    expect(open.filter(key => key.includes(String(row?.id)))).toEqual([])
  })

  it('takes PATCH and DELETE as POST', async () => {
    const path = await created(10)
    const headers = { 'upload-offset': '0', 'x-http-method-override': 'PATCH' }
    expect((await tus('POST', path, { payload: FILE.subarray(0, 10), headers })).statusCode).toBe(204)
    const second = await created(10)
    expect((await tus('POST', second, { headers: { 'x-http-method-override': 'DELETE' } })).statusCode).toBe(204)
    expect(problemOf(await tus('POST', second))).toBe('405 METHOD_NOT_ALLOWED')
  })

  it('answers 410 once the upload has expired', async () => {
    const path = await created(10)
    await api.deps.database.db.execute(sql`UPDATE uploads SET expires_at = now() WHERE id = ${idOf(path)}`)
    expect((await tus('HEAD', path)).statusCode).toBe(410)
    expect(problemOf(await append(path, 0, 10))).toBe('410 UPLOAD_EXPIRED')
  })

  it('lets pages read its headers', async () => {
    const { headers } = await create(10, PHOTO, { headers: { origin: 'https://page.example.com' } })
    const exposed = String(headers['access-control-expose-headers']).split(', ')
    expect(exposed).toEqual(
      expect.arrayContaining(['Location', 'Upload-Offset', 'Upload-Length', 'Tus-Resumable', 'Darkroom-Asset-Id']),
    )
    const preflight = await call(app, 'OPTIONS', '/v1/tus', {
      headers: {
        origin: 'https://page.example.com',
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'tus-resumable,upload-offset',
      },
    })
    expect(preflight.headers).toMatchObject({
      'access-control-allow-methods': expect.stringContaining('PATCH'),
      'access-control-allow-headers': 'tus-resumable,upload-offset',
    })
  })
})

describe('a store and connections that fail', () => {
  it('confirms at the next HEAD when the store did not answer the confirm', async () => {
    const path = await created()
    await append(path, 0, 10 * MB)
    api.b2.faults.set({ kind: 'slow-down', match: { operation: 'CompleteMultipartUpload' }, retryAfterSec: 60 })
    expect(problemOf(await append(path, 10 * MB, FILE.length))).toBe('503 STORE_UNAVAILABLE')
    api.b2.faults.clear()
    expect(await offsetOf(path)).toBe(FILE.length)
    expect((await storedBytes(path)).equals(FILE)).toBe(true)
  })

  it('starts over when the store has given up the parts', async () => {
    const path = await created()
    await append(path, 0, 5 * MB)
    const [row] = await api.deps.database.db.execute<{ key: string; uploadId: string }>(
      sql`SELECT key, store_upload_id AS "uploadId" FROM uploads JOIN objects ON objects.id = object_id WHERE uploads.id = ${idOf(path)}`,
    )
    await api.deps.store.abortMultipartUpload({ bucket: PRIVATE_BUCKET, key: '', uploadId: '', ...row })
    expect(problemOf(await append(path, 5 * MB, FILE.length))).toBe('409 UPLOAD_OFFSET_MISMATCH')
    expect(await offsetOf(path)).toBe(0)
    await append(path, 0, FILE.length)
    expect((await storedBytes(path)).equals(FILE)).toBe(true)
  })

  it('keeps what came on a connection that is cut, and what one still holds when the client comes back', async () => {
    const path = await created()
    const cut = await sendSome(path, 0, 7 * MB)
    cut.destroy()
    await expect.poll(() => offsetOf(path), { timeout: 20_000 }).toBe(7 * MB)
    // Half open: nobody tells the server that this one is lost.
    const lost = await sendSome(path, 7 * MB, 8 * MB)
    expect(await offsetOf(path, other)).toBe(8 * MB)
    expect((await append(path, 8 * MB, FILE.length, { on: other })).statusCode).toBe(204)
    lost.destroy()
    expect((await storedBytes(path)).equals(FILE)).toBe(true)
    expect(await objectsOf(path)).toEqual({ own: 1, rests: 0 })
  })

  it('writes with one request at a time, and each byte once', async () => {
    const path = await created()
    const answers = await Promise.all([app, other, app].map(on => append(path, 0, 6 * MB, { on })))
    const statuses = answers.map(({ statusCode }) => statusCode).toSorted()
    expect(statuses.at(0)).toBe(204)
    expect(statuses.slice(1)).toEqual([409, 409])
    await append(path, await offsetOf(path), FILE.length)
    expect((await storedBytes(path)).equals(FILE)).toBe(true)
  })

  /** Begins a PATCH of the rest of the file, sends a piece of it, and waits until the server has read that. */
  async function sendSome(path: string, from: number, to: number) {
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
    const before = app.server.listeners('connection').length
    const served = new Promise<import('node:net').Socket>(done => app.server.once('connection', done))
    const head = [
      `PATCH ${path} HTTP/1.1`,
      'host: 127.0.0.1',
      `authorization: Bearer ${api.key}`,
      'tus-resumable: 1.0.0',
      'content-type: application/offset+octet-stream',
      `upload-offset: ${from}`,
      `content-length: ${FILE.length - from}`,
    ].join('\r\n')
    const accepted = await served
    expect(before).toBeGreaterThan(0)
    socket.write(`${head}\r\n\r\n`)
    socket.write(FILE.subarray(from, to))
    const headBytes = head.length + 4
    await expect.poll(() => accepted.bytesRead, { timeout: 20_000 }).toBe(headBytes + to - from)
    return socket
  }
})

describe('tus-js-client', () => {
  const upload = (bytes: Buffer, options: Partial<UploadOptions> = {}) =>
    new Promise<{ assetId: string; path: string }>((resolve, reject) => {
      let assetId = ''
      const one = new Upload(bytes, {
        endpoint: `${url}/v1/tus`,
        headers: { authorization: `Bearer ${api.key}` },
        metadata: PHOTO,
        retryDelays: [0, 100, 500, 2000],
        onAfterResponse: (_request, response) => {
          assetId = response.getHeader('Darkroom-Asset-Id') ?? assetId
        },
        onSuccess: () => resolve({ assetId, path: new URL(one.url ?? '').pathname }),
        onError: reject,
        ...options,
      })
      one.start()
    })

  it.each([
    ['as one stream', {}],
    ['in chunks that are smaller than a part', { chunkSize: 700_000 }],
    ['with its first bytes in the creation', { uploadDataDuringCreation: true, chunkSize: 6 * MB }],
    ['by POST alone', { overridePatchMethod: true }],
  ])('sends a file %s', async (_how, options) => {
    const { assetId, path } = await upload(FILE, options)
    expect((await storedBytes(path)).equals(FILE)).toBe(true)
    expect((await assetOf(assetId)).status).toBe('processing')
  })

  it('goes on by itself when the store fails for a while', async () => {
    api.b2.faults.set({ kind: 'slow-down', match: { operation: 'UploadPart' }, retryAfterSec: 60, times: 1 })
    const { path } = await upload(FILE)
    expect((await storedBytes(path)).equals(FILE)).toBe(true)
  })
})
