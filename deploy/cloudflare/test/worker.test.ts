import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalB2, startLocalB2 } from '@darkroom/local-b2'
import { createS3Store, type ObjectStore } from '@darkroom/storage'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

// The Worker in workerd, before a local-b2: with the URLs that the API signs.

const BUCKET = 'darkroom-private'
const BYTES = Buffer.from('0123456789'.repeat(1000))
const KEY = { B2_KEY_ID: 'localkey', B2_APPLICATION_KEY: 'localsecret', B2_REGION: 'local-000' }

let folder: string
let b2: LocalB2
let worker: Miniflare
let address: string
let store: ObjectStore
let keys = 0

/** What the store was asked since the newest file was stored. */
const asked = (): string[] => b2.requests.list().map(({ method }) => method)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-worker-'))
  b2 = await startLocalB2({ dataDir: folder, buckets: [{ name: BUCKET, access: 'private' }] })
  worker = await startWorker({ ...KEY, B2_ENDPOINT: b2.url })
  address = (await worker.ready).origin
  store = createS3Store({
    endpoint: b2.url,
    downloadEndpoint: address,
    region: KEY.B2_REGION,
    keyId: KEY.B2_KEY_ID,
    applicationKey: KEY.B2_APPLICATION_KEY,
  })
})
afterAll(async () => {
  store?.close()
  await worker?.dispose()
  await b2?.close()
  await rm(folder, { recursive: true, force: true })
})

async function startWorker(bindings: Record<string, string>): Promise<Miniflare> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '../src/worker.ts')],
    bundle: true,
    format: 'esm',
    write: false,
  })
  const script = outputFiles[0]?.text ?? ''
  return new Miniflare({ modules: true, script, bindings, compatibilityDate: '2026-07-01' })
}

/** Stores a file, and signs a URL of it as a view does. */
async function signedUrl({ expiresInSec = 600, key = `variants/${++keys}/größe 1.webp` } = {}): Promise<string> {
  const put = await store.put({ bucket: BUCKET, key, body: BYTES, byteSize: BYTES.length, contentType: 'image/webp' })
  b2.requests.clear()
  return store.presignGet({
    bucket: BUCKET,
    key,
    versionId: put.versionId,
    expiresInSec,
    responseContentType: 'image/webp',
    responseContentDisposition: `inline; filename="a.webp"; filename*=UTF-8''gr%C3%B6%C3%9Fe.webp`,
  })
}

const readAll = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init)
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) }
}

it('serves a signed URL as it says, and lets nobody but this browser keep it', async () => {
  const url = await signedUrl()
  expect(url).toContain(address)
  const { status, headers, body } = await readAll(url, { headers: { origin: 'https://app.example' } })
  expect({ status, bytes: body.equals(BYTES) }).toEqual({ status: 200, bytes: true })
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'image/webp',
    'content-disposition': expect.stringContaining('gr%C3%B6%C3%9Fe.webp'),
    'cache-control': expect.stringMatching(/^private, max-age=(600|59\d|58\d)$/),
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff',
    etag: expect.stringMatching(/^"\w+"$/),
  })
  expect([...headers.keys()].filter(name => name.startsWith('x-amz'))).toEqual([])
})

it('asks the store once for a file, whoever asks, with whichever signature', async () => {
  const key = 'variants/often/large.webp'
  const url = await signedUrl({ key })
  await readAll(url)
  expect(asked()).toEqual(['GET'])
  // It is kept a moment after the answer.
  const askedAgain = async () => {
    b2.requests.clear()
    await readAll(url)
    return asked()
  }
  await expect.poll(askedAgain).toEqual([])
  const version = new URL(url).searchParams.get('versionId') ?? ''
  const other = await store.presignGet({ bucket: BUCKET, key, versionId: version, expiresInSec: 60 })
  expect((await readAll(other)).body.equals(BYTES)).toBe(true)
  const part = await readAll(url, { headers: { range: 'bytes=5-14' } })
  expect([part.status, part.body.toString(), part.headers.get('content-range')]).toEqual([
    206,
    '5678901234',
    'bytes 5-14/10000',
  ])
  expect(asked()).toEqual([])
})

it('answers parts of a file that is not kept, and who has it already', async () => {
  const url = await signedUrl()
  const part = await readAll(url, { headers: { range: 'bytes=9990-' } })
  expect([part.status, part.body.toString(), part.headers.get('content-range')]).toEqual([
    206,
    '0123456789',
    'bytes 9990-9999/10000',
  ])
  expect((await readAll(url, { headers: { range: 'bytes=20000-' } })).status).toBe(416)
  const head = await readAll(url, { method: 'HEAD' })
  expect([head.status, head.body.length, head.headers.get('content-type')]).toEqual([200, 0, 'image/webp'])
  const etag = head.headers.get('etag') ?? ''
  expect((await readAll(url, { headers: { 'if-none-match': etag } })).status).toBe(304)
})

describe('refuses', () => {
  it.each<[string, (url: URL) => void]>([
    ['a URL without a signature', url => url.searchParams.delete('X-Amz-Signature')],
    [
      'no query at all',
      url => {
        url.search = ''
      },
    ],
    [
      'another file',
      url => {
        url.pathname = `/${BUCKET}/originals/1/photo.jpg`
      },
    ],
    [
      'another bucket',
      url => {
        url.pathname = url.pathname.replace(BUCKET, 'backups')
      },
    ],
    ['another version', url => url.searchParams.set('versionId', 'other')],
    ['another type', url => url.searchParams.set('response-content-type', 'text/html')],
    ['a longer life', url => url.searchParams.set('X-Amz-Expires', '601')],
    ['a life without end', url => url.searchParams.set('X-Amz-Expires', '604801')],
    ['another date', url => url.searchParams.set('X-Amz-Date', '20990101T000000Z')],
    ['a second value of a parameter', url => url.searchParams.append('versionId', 'other')],
    ['another signature', url => url.searchParams.set('X-Amz-Signature', '0'.repeat(64))],
    ['more headers than the host', url => url.searchParams.set('X-Amz-SignedHeaders', 'host;range')],
  ])('%s, and asks the store nothing', async (_title, change) => {
    const url = new URL(await signedUrl())
    change(url)
    const { status, headers, body } = await readAll(url.href)
    expect([status, headers.get('cache-control')]).toEqual([403, 'no-store'])
    expect(body.toString()).toContain('not signed')
    expect(asked()).toEqual([])
  })

  it('a URL that has expired, also while the file is kept', async () => {
    const url = await signedUrl({ expiresInSec: 2 })
    await expect.poll(async () => (await readAll(url)).body.toString()).toContain('has expired')
    expect((await readAll(url)).status).toBe(403)
  })

  it.each(['PUT', 'POST', 'DELETE', 'PATCH'])('%s', async method => {
    const { status, headers } = await readAll(await signedUrl(), { method })
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
    expect(asked()).toEqual([])
  })
})

it('says that a file is not there', async () => {
  const url = await store.presignGet({ bucket: BUCKET, key: 'variants/none', expiresInSec: 60 })
  const { status, headers } = await readAll(url)
  expect([status, headers.get('cache-control')]).toEqual([404, 'no-store'])
})

it('lets a player of another origin ask for parts', async () => {
  const headers = {
    origin: 'https://app.example',
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'range',
  }
  const preflight = await readAll(await signedUrl(), { method: 'OPTIONS', headers })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-headers')).toContain('range')
})

it('says that the store cannot be reached, and nothing of the store', async () => {
  const lonely = await startWorker({ ...KEY, B2_ENDPOINT: 'http://127.0.0.1:1' })
  try {
    const url = new URL(await signedUrl())
    // Through the object of the process, so that the host is the one that was signed.
    const response = await lonely.dispatchFetch(url.href)
    expect([response.status, await response.text()]).toEqual([502, 'The store cannot be reached. Try again later.\n'])
  } finally {
    await lonely.dispose()
  }
})
