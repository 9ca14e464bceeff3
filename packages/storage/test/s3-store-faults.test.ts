import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appError } from '@darkroom/contracts'
import type { LocalB2 } from '@darkroom/local-b2'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createS3Store, type ObjectStore } from '../src/index.ts'
import { bucket, startTestB2, storeConfig } from './local-store.ts'

let server: LocalB2
let store: ObjectStore
let folder: string
let file: string
const content = randomBytes(3_000_000)
const large = randomBytes(11_000_000)

beforeAll(async () => {
  server = await startTestB2()
  store = createS3Store(storeConfig(server.url))
  folder = await mkdtemp(join(tmpdir(), 'darkroom-faults-'))
  file = join(folder, 'content')
  await writeFile(file, content)
})
afterAll(async () => {
  store.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})
afterEach(() => {
  server.faults.clear()
  server.requests.clear()
})

async function versionsOf(key: string) {
  const versions = []
  for await (const version of store.listVersions({ bucket, prefix: key })) versions.push(version)
  return versions
}

async function openUploads() {
  const uploads = []
  for await (const upload of store.listMultipartUploads({ bucket, prefix: '' })) uploads.push(upload)
  return uploads
}

async function readAll(key: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of (await store.get({ bucket, key })).body) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const putFile = (key: string) =>
  store.put({ bucket, key, body: { file }, byteSize: content.byteLength, contentType: 'video/mp4' })
const putLarge = (key: string, signal?: AbortSignal) =>
  store.put({ bucket, key, body: large, byteSize: large.byteLength, contentType: 'video/mp4' }, { signal })

describe('a busy store', () => {
  it('gets the same file again, on another connection', async () => {
    server.faults.set({ kind: 'slow-down', match: { operation: 'PutObject' }, times: 1, perConnection: true })
    await putFile('busy/again')
    expect((await readAll('busy/again')).equals(content)).toBe(true)
    const [refused, taken] = server.requests.list({ operation: 'PutObject' })
    expect(refused).toMatchObject({ status: 503 })
    expect(taken).toMatchObject({ status: 200 })
    expect(taken?.connection).not.toBe(refused?.connection)
  })

  it('keeps its connection otherwise', async () => {
    for (const key of ['keep/1', 'keep/2', 'keep/3'])
      await store.put({ bucket, key, body: content, byteSize: content.byteLength, contentType: 'a/b' })
    expect(new Set(server.requests.list().map(record => record.connection)).size).toBe(1)
  })

  it('is given the time it asks for', async () => {
    server.faults.set({ kind: 'slow-down', match: { operation: 'HeadObject' }, times: 1, retryAfterSec: 1 })
    const startedAt = Date.now()
    expect(await store.head({ bucket, key: 'nothing' })).toBeNull()
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1_000)
  })

  it('that asks for a long time is left to the caller, who learns how long', async () => {
    server.faults.set({ kind: 'slow-down', retryAfterSec: 60 })
    await expect(store.head({ bucket, key: 'x' })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryAfterSec: 60,
    })
    expect(server.requests.count()).toBe(1)
  })

  it('that stays busy is STORE_UNAVAILABLE after four attempts', async () => {
    server.faults.set({ kind: 'slow-down' })
    await expect(store.head({ bucket, key: 'x' })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(server.requests.count()).toBe(4)
  })

  it('is not waited for once the caller gives up', async () => {
    server.faults.set({ kind: 'slow-down', retryAfterSec: 9 })
    const reason = appError('LEASE_LOST')
    const stop = new AbortController()
    setTimeout(() => stop.abort(reason), 100)
    const startedAt = Date.now()
    await expect(store.head({ bucket, key: 'x' }, { signal: stop.signal })).rejects.toBe(reason)
    // The store asked for nine seconds.
    expect(Date.now() - startedAt).toBeLessThan(8_000)
  })
})

describe('a broken connection', () => {
  describe('which only time tells', () => {
    let impatient: ObjectStore
    beforeAll(() => {
      // No call may take this long by itself, also on a busy machine.
      impatient = createS3Store({ ...storeConfig(server.url), idleTimeoutMs: 1500 })
    })
    afterAll(() => impatient.close())

    it.each(['reset', 'hang'] as const)('(%s) is replaced, for a PUT of a file', async kind => {
      server.faults.set({ kind, match: { operation: 'PutObject' }, times: 1 })
      const key = `broken/${kind}`
      await impatient.put({ bucket, key, body: { file }, byteSize: content.byteLength, contentType: 'video/mp4' })
      expect((await readAll(key)).equals(content)).toBe(true)
    })

    it.each(['reset', 'hang'] as const)('(%s) for good is STORE_UNAVAILABLE', async kind => {
      server.faults.set({ kind })
      await expect(impatient.get({ bucket, key: 'x' })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    })
  })

  it('that loses the answer to a PUT keeps one version, the one that is answered', async () => {
    server.faults.set({ kind: 'lost-response', match: { operation: 'PutObject' }, times: 1 })
    const pin = await putFile('broken/lost')
    expect(server.requests.count({ operation: 'PutObject', key: 'broken/lost' })).toBe(2)
    const versions = await versionsOf('broken/lost')
    expect(versions.map(version => version.versionId)).toEqual([pin.versionId])
  })

  it('that loses the answer to a copy keeps one version, the one that is answered', async () => {
    const source = await putFile('broken/source')
    const from = { bucket, key: 'broken/source', ...source, byteSize: content.length }
    server.faults.set({ kind: 'lost-response', match: { operation: 'CopyObject' }, times: 1 })
    const pin = await store.copy({ from, to: { bucket, key: 'broken/copy' }, contentType: 'image/png' })
    expect(server.requests.count({ operation: 'CopyObject' })).toBe(2)
    expect((await versionsOf('broken/copy')).map(version => version.versionId)).toEqual([pin.versionId])
  })

  it('that nobody listens on is STORE_UNAVAILABLE', async () => {
    const nowhere = createS3Store({ ...storeConfig('http://127.0.0.1:1'), maxAttempts: 2 })
    await expect(nowhere.check(bucket)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    nowhere.close()
  })
})

describe('a body that is cut off', () => {
  it.each([1_000_000, 2_999_999])('after %s bytes fails as STORE_UNAVAILABLE', async bytes => {
    await putFile('cut')
    server.faults.set({ kind: 'truncate', match: { operation: 'GetObject' }, bytes, times: 1 })
    await expect(readAll('cut').then(bytes => bytes.byteLength)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect((await readAll('cut')).equals(content)).toBe(true)
  })
})

describe('a multipart upload', () => {
  it.each([
    ['a busy store', { kind: 'slow-down', match: { operation: 'UploadPart' }, times: 2 }],
    ['a reset', { kind: 'reset', match: { operation: 'UploadPart' }, times: 1 }],
    ['a part whose answer is lost', { kind: 'lost-response', match: { operation: 'UploadPart' }, times: 1 }],
    [
      'a Complete that is refused once',
      { kind: 'slow-down', match: { operation: 'CompleteMultipartUpload' }, times: 1 },
    ],
  ] as const)('survives %s without starting over', async (name, fault) => {
    const key = `parts/${name}`
    server.faults.set(fault)
    await putLarge(key)
    expect(server.requests.count({ operation: 'CreateMultipartUpload' })).toBe(1)
    expect((await readAll(key)).equals(large)).toBe(true)
  })

  it('whose Complete went through and whose answer was lost is found in the store', async () => {
    server.faults.set({ kind: 'lost-response', match: { operation: 'CompleteMultipartUpload' }, times: 1 })
    const pin = await putLarge('parts/lost')
    const versions = await versionsOf('parts/lost')
    expect(versions).toHaveLength(1)
    expect(versions[0]?.versionId).toBe(pin.versionId)
    expect(server.requests.count({ operation: 'CreateMultipartUpload' })).toBe(1)
  })

  it('whose opening was answered and whose answer was lost leaves no other one open', async () => {
    server.faults.set({ kind: 'lost-response', match: { operation: 'CreateMultipartUpload' }, times: 1 })
    await putLarge('parts/opened-twice')
    expect(server.requests.count({ operation: 'CreateMultipartUpload' })).toBe(2)
    expect((await readAll('parts/opened-twice')).equals(large)).toBe(true)
    expect(await openUploads()).toEqual([])
  })

  it('that is refused for good starts over once, then fails and leaves no parts', async () => {
    server.faults.set({ kind: 'slow-down', match: { operation: 'UploadPart' } })
    await expect(putLarge('parts/refused')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(server.requests.count({ operation: 'CreateMultipartUpload' })).toBe(2)
    expect(await openUploads()).toEqual([])
  })

  it('whose vault refuses it succeeds with a new upload', async () => {
    const single = createS3Store({ ...storeConfig(server.url), maxAttempts: 4, partBytes: 11_000_000 })
    server.faults.set({ kind: 'slow-down', match: { operation: 'UploadPart' }, times: 4 })
    await single.put({ bucket, key: 'parts/vault', body: large, byteSize: large.byteLength, contentType: 'video/mp4' })
    expect(server.requests.count({ operation: 'CreateMultipartUpload' })).toBe(2)
    expect(await openUploads()).toEqual([])
    single.close()
  })

  it('that is aborted leaves no parts', async () => {
    server.faults.set({ kind: 'delay', ms: 2_000, match: { operation: 'UploadPart' } })
    const reason = appError('LEASE_LOST')
    const stop = new AbortController()
    const put = expect(putLarge('parts/aborted', stop.signal)).rejects.toBe(reason)
    await expect.poll(() => server.requests.count({ operation: 'UploadPart' }), { timeout: 30_000 }).toBeGreaterThan(0)
    stop.abort(reason)
    await put
    server.faults.clear()
    await expect.poll(openUploads).toEqual([])
    expect(await versionsOf('parts/aborted')).toEqual([])
  })
})

describe('a copy larger than one CopyObject may be', () => {
  it('goes in parts of the pinned version', async () => {
    const parts = createS3Store({ ...storeConfig(server.url), maxSingleCopyBytes: 6_000_000 })
    const from = { bucket, key: 'uploads/large' }
    const to = { bucket, key: 'originals/large' }
    const pin = await putLarge(from.key)
    await store.put({ ...from, body: content, byteSize: content.byteLength, contentType: 'video/mp4' })
    await parts.copy({ from: { ...from, ...pin, byteSize: large.byteLength }, to, contentType: 'video/webm' })
    expect((await readAll(to.key)).equals(large)).toBe(true)
    expect(await store.head(to)).toMatchObject({ contentType: 'video/webm' })
    expect(server.requests.count({ operation: 'UploadPartCopy' })).toBe(3)
    parts.close()
  })

  it('goes in parts also where the store copies less at once than B2 does', async () => {
    await using smaller = await startTestB2({ maxCopyBytes: 6_000_000 })
    const there = createS3Store(storeConfig(smaller.url))
    const put = { body: large, byteSize: large.byteLength, contentType: 'video/mp4' }
    const pin = await there.put({ bucket, key: 'uploads/large', ...put })
    const from = { bucket, key: 'uploads/large', ...pin, byteSize: large.byteLength }
    const to = { bucket, key: 'originals/large' }
    await there.copy({ from, to, contentType: 'video/mp4' })
    const { body } = await there.get(to)
    expect(Buffer.concat(await body.toArray()).equals(large)).toBe(true)
    expect(smaller.requests.count({ operation: 'UploadPartCopy' })).toBe(3)
    there.close()
  })

  it('that fails leaves no parts', async () => {
    const parts = createS3Store({ ...storeConfig(server.url), maxSingleCopyBytes: 6_000_000 })
    const from = { bucket, key: 'uploads/fails', ...(await putLarge('uploads/fails')), byteSize: large.byteLength }
    const to = { bucket, key: 'originals/fails' }
    server.faults.set({ kind: 'wrong-key', times: 1, match: { operation: 'UploadPartCopy' } })
    const copy = parts.copy({ from, to, contentType: 'video/mp4' })
    await expect(copy).rejects.toMatchObject({ code: 'STORE_CREDENTIALS' })
    expect(await openUploads()).toEqual([])
    expect(await versionsOf(to.key)).toEqual([])
    parts.close()
  })
})

describe('a local file that cannot be read', () => {
  it('is no fault of the store', async () => {
    const missing = { bucket, key: 'x', body: { file: join(folder, 'missing') }, byteSize: 1, contentType: 'a/b' }
    await expect(store.put(missing)).rejects.toThrow(/ENOENT|could not be read/)
  })
})
