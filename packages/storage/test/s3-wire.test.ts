import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createS3Store, isCopyUnsupported, type ObjectStore } from '../src/index.ts'
import { storeConfig } from './local-store.ts'
import { type ScriptedAnswer, type ScriptedServer, startScriptedServer } from './scripted-server.ts'

let server: ScriptedServer
let store: ObjectStore

async function start(...answers: ScriptedAnswer[]) {
  server = await startScriptedServer(answers)
  store = createS3Store({ ...storeConfig(server.url), publicEndpoint: 'https://files.example.com' })
}

afterEach(async () => {
  store.close()
  await server.close()
})

const bucket = 'photos'
const put = (sha256?: string) =>
  store.put({ bucket, key: 'a', body: Buffer.from('abc'), byteSize: 3, contentType: 'image/png', sha256 })

describe('answers of the store', () => {
  it.each([
    ['a storage cap', { status: 403, code: 'storage_cap_exceeded' }, 'STORE_CAP_EXCEEDED', 1],
    [
      'a cap behind AccessDenied',
      { status: 403, code: 'AccessDenied', message: 'Transaction cap exceeded' },
      'STORE_CAP_EXCEEDED',
      1,
    ],
    ['a wrong key', { status: 403, code: 'InvalidAccessKeyId' }, 'STORE_CREDENTIALS', 1],
    ['401', { status: 401, code: 'Unauthorized' }, 'STORE_CREDENTIALS', 1],
    ['a gateway that speaks no XML', { status: 502, body: '<html>Bad gateway' }, 'STORE_UNAVAILABLE', 4],
    [
      'no tomes available',
      { status: 500, code: 'InternalError', message: 'no tomes available' },
      'STORE_UNAVAILABLE',
      4,
    ],
    ['too many requests', { status: 429, code: 'TooManyRequests' }, 'STORE_UNAVAILABLE', 4],
    ['a feature it lacks', { status: 501, code: 'NotImplemented' }, 'INTERNAL', 1],
  ])('%s: %j is %s after %i attempts', async (_name, answer, code, attempts) => {
    await start(answer)
    const error = await put().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code })
    expect(server.requests).toHaveLength(attempts)
    expect(JSON.stringify(error) + String(error)).not.toMatch(/Signature|localsecret|http:/)
  })

  it('a store that cannot copy by version asks for an upload instead', async () => {
    await start(
      { status: 501, code: 'NotImplemented' },
      { status: 200, headers: { 'content-length': '3', etag: '"x"' } },
    )
    const from = { bucket, key: 'a', versionId: 'v1', etag: 'x' }
    const copy = store.copy({ from, to: { bucket, key: 'b' }, contentType: 'image/png' })
    await expect(copy).rejects.toSatisfy(isCopyUnsupported)
  })

  it('a copy that is refused as too large goes in parts', async () => {
    const part = { status: 200, body: '<CopyPartResult><ETag>"p"</ETag></CopyPartResult>' }
    await start(
      { status: 400, code: 'EntityTooLarge' },
      { status: 200, headers: { 'content-length': '6000000000', etag: '"x"' } },
      { status: 200, body: '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>' },
      part,
      part,
      {
        status: 200,
        headers: { 'x-amz-version-id': 'v2' },
        body: '<CompleteMultipartUploadResult><ETag>"y-2"</ETag></CompleteMultipartUploadResult>',
      },
    )
    const large = createS3Store({ ...storeConfig(server.url), partBytes: 5_000_000_000 })
    const from = { bucket, key: 'a', versionId: 'v1', etag: 'x' }
    const pin = await large.copy({ from, to: { bucket, key: 'b' }, contentType: 'image/png' })
    expect(pin).toEqual({ versionId: 'v2', etag: 'y-2' })
    const ranges = server.requests.map(request => request.headers['x-amz-copy-source-range']).filter(Boolean)
    expect(ranges.sort()).toEqual(['bytes=0-4999999999', 'bytes=5000000000-5999999999'])
    large.close()
  })

  it('a store that has no copies in parts asks for an upload instead', async () => {
    await start(
      { status: 200, body: '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>' },
      { status: 501, code: 'NotImplemented' },
    )
    const from = { bucket, key: 'a', versionId: 'v1', etag: 'x', byteSize: 6_000_000_000 }
    const copy = store.copy({ from, to: { bucket, key: 'b' }, contentType: 'image/png' })
    await expect(copy).rejects.toSatisfy(isCopyUnsupported)
  })

  it('a 200 with an error inside is no copy', async () => {
    await start({ status: 200, code: 'InternalError' })
    const from = { bucket, key: 'a', versionId: 'v1', etag: 'x' }
    await expect(store.copy({ from, to: { bucket, key: 'b' }, contentType: 'image/png' })).rejects.toThrow()
  })
})

describe('a GET by ETag', () => {
  it('asks for those bytes only, and does not take others from a store that ignores it', async () => {
    await start({ status: 200, body: 'abc', headers: { etag: '"other"' } })
    await expect(store.get({ bucket, key: 'a', etag: 'pinned' })).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
    expect(server.requests[0]?.headers['if-match']).toBe('"pinned"')
  })
})

describe('requests', () => {
  it('of a PUT carry no checksum, ACL, tag or Expect header', async () => {
    await start({ status: 200, headers: { etag: '"x"' } })
    await put()
    const names = Object.keys(server.requests[0]?.headers ?? {})
    expect(names.filter(name => /checksum|acl|tagging|expect|transfer-encoding/.test(name))).toEqual([])
    expect(server.requests[0]?.headers).toMatchObject({ 'content-length': '3', 'content-type': 'image/png' })
  })

  it('of a PUT name the SHA-256 that the caller has', async () => {
    await start({ status: 200, headers: { etag: '"x"' } })
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    await put(sha256)
    expect(server.requests[0]?.headers['x-amz-content-sha256']).toBe(sha256)
  })

  it('of a file are not hashed', async () => {
    await start({ status: 200, headers: { etag: '"x"' } })
    const folder = await mkdtemp(join(tmpdir(), 'darkroom-wire-'))
    const file = join(folder, 'file')
    await writeFile(file, Buffer.alloc(5_000_000))
    await store.put({ bucket, key: 'a', body: { file }, byteSize: 5_000_000, contentType: 'video/mp4' })
    await rm(folder, { recursive: true })
    expect(server.requests[0]?.headers['x-amz-content-sha256']).toBe('UNSIGNED-PAYLOAD')
    expect(server.requests[0]).toMatchObject({ byteSize: 5_000_000 })
    expect(server.requests[0]?.headers['transfer-encoding']).toBeUndefined()
  })

  it('of a GET ask for no checksum', async () => {
    await start({ status: 200, body: 'abc' })
    const { body } = await store.get({ bucket, key: 'a' })
    body.destroy()
    expect(Object.keys(server.requests[0]?.headers ?? {}).filter(name => /checksum/.test(name))).toEqual([])
  })
})

describe('presigned URLs', () => {
  it('name the public endpoint and sign host, type and length', async () => {
    await start({ status: 200 })
    const { url, headers } = await store.presignPut({
      bucket,
      key: 'uploads/é a+b',
      contentType: 'image/png',
      byteSize: 9,
      expiresInSec: 900,
    })
    const parsed = new URL(url)
    expect(parsed.origin).toBe('https://files.example.com')
    expect(parsed.pathname).toBe('/photos/uploads/%C3%A9%20a%2Bb')
    expect(parsed.searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host')
    expect(parsed.searchParams.get('X-Amz-Expires')).toBe('900')
    expect([...parsed.searchParams.keys()].filter(name => /checksum/i.test(name))).toEqual([])
    expect(headers).toEqual({ 'content-type': 'image/png' })
    expect(server.requests).toHaveLength(0)
  })

  it('for reading name the CDN that verifies them', async () => {
    await start({ status: 200 })
    const behindCdn = createS3Store({ ...storeConfig(server.url), downloadEndpoint: 'https://cdn.example.com' })
    const get = { bucket, key: 'variants/1/a.webp', expiresInSec: 60 }
    const put = { bucket, key: 'uploads/1', contentType: 'image/png', byteSize: 9, expiresInSec: 60 }
    expect(new URL(await behindCdn.presignGet(get)).origin).toBe('https://cdn.example.com')
    expect((await behindCdn.presignPut(put)).url).toContain(server.url)
    expect(new URL(await store.presignGet(get)).origin).toBe('https://files.example.com')
    behindCdn.close()
  })
})
