import { describe, expect, it } from 'vitest'
import {
  call,
  createKey,
  createUpload,
  deliveredUpload,
  newUpload,
  problemOf,
  readyAsset,
  unknownId,
} from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

const create = (body: unknown, headers: Record<string, string> = {}) =>
  api.call('POST', '/v1/uploads', { body, headers })
const pathsOf = (answer: { body: string }): string[] =>
  (JSON.parse(answer.body).errors ?? []).map((error: { path: string }) => error.path)

describe('a body that is no request is refused', () => {
  it.each([
    ['malformed JSON', '{"filename":', {}, '400 INVALID_REQUEST'],
    ['nothing', '', {}, '400 INVALID_REQUEST'],
    ['a list', '[]', {}, '400 INVALID_REQUEST'],
    ['text', '"x"', {}, '400 INVALID_REQUEST'],
    ['a body with __proto__', '{"__proto__": {"filename": "x"}}', {}, '400 INVALID_REQUEST'],
    ['a body with constructor.prototype', '{"constructor": {"prototype": {"a": 1}}}', {}, '400 INVALID_REQUEST'],
    ['a form', 'filename=a', { 'content-type': 'application/x-www-form-urlencoded' }, '415 UNSUPPORTED_MEDIA_TYPE'],
    ['plain text', JSON.stringify(newUpload()), { 'content-type': 'text/plain' }, '415 UNSUPPORTED_MEDIA_TYPE'],
    ['a multipart form', '--x--', { 'content-type': 'multipart/form-data; boundary=x' }, '415 UNSUPPORTED_MEDIA_TYPE'],
    ['a body nested 1,000 deep', '['.repeat(1000) + ']'.repeat(1000), {}, '400 INVALID_REQUEST'],
    ['a body of 300 kB', JSON.stringify({ filename: 'x'.repeat(300_000) }), {}, '413 BODY_TOO_LARGE'],
  ])('%s', async (_title, body, headers, expected) => {
    expect(problemOf(await create(body, headers))).toBe(expected)
  })
})

describe('a field that cannot be is refused by its name', () => {
  it.each([
    ['no filename', { filename: undefined }, 'body.filename'],
    ['an empty filename', { filename: '' }, 'body.filename'],
    ['a filename of 1,025 characters', { filename: 'x'.repeat(1025) }, 'body.filename'],
    ['NUL in the filename', { filename: 'a\0b.jpg' }, 'body.filename'],
    ['a filename that is a number', { filename: 7 }, 'body.filename'],
    ['no content type', { contentType: undefined }, 'body.contentType'],
    ['byteSize NaN', { byteSize: Number.NaN }, 'body.byteSize'],
    ['byteSize as text', { byteSize: '10' }, 'body.byteSize'],
    ['byteSize 1.5', { byteSize: 1.5 }, 'body.byteSize'],
    ['byteSize 1e300', { byteSize: 1e300 }, 'body.byteSize'],
    ['byteSize 2^53', { byteSize: 2 ** 53 }, 'body.byteSize'],
    ['a sha256 of 63 digits', { sha256: 'a'.repeat(63) }, 'body.sha256'],
    ['a sha256 in upper case', { sha256: 'A'.repeat(64) }, 'body.sha256'],
    ['a sha256 with a line end', { sha256: `${'a'.repeat(64)}\n` }, 'body.sha256'],
    ['NUL in the external id', { externalId: 'a\0' }, 'body.externalId'],
    ['an external id of 256 characters', { externalId: 'x'.repeat(256) }, 'body.externalId'],
    ['51 tags', { tags: Array.from({ length: 51 }, (_, index) => `t${index}`) }, 'body.tags'],
    ['NUL in a tag', { tags: ['ok', 'a\0'] }, 'body.tags.1'],
    ['metadata of more than 16 kB', { metadata: { a: 'x'.repeat(16_384) } }, 'body.metadata'],
    ['metadata of more than 16 kB of UTF-8', { metadata: { a: 'ü'.repeat(8200) } }, 'body.metadata'],
    ['NUL in metadata', { metadata: { a: { b: ['\0'] } } }, 'body.metadata'],
    ['NUL in a name in metadata', { metadata: { '\0': 1 } }, 'body.metadata'],
    ['metadata that is a list', { metadata: [1] }, 'body.metadata'],
    ['an empty preset', { preset: '' }, 'body.preset'],
  ])('%s', async (_title, fields, path) => {
    const answer = await create({ ...newUpload(), ...fields })
    expect(problemOf(answer)).toBe('400 INVALID_REQUEST')
    expect(pathsOf(answer)).toEqual([path])
  })

  it('and all of them at once', async () => {
    const answer = await create({ ...newUpload(), filename: '', byteSize: 1.5, tags: [''] })
    expect(pathsOf(answer)).toEqual(['body.filename', 'body.byteSize', 'body.tags.0'])
  })
})

describe('an upload that this installation does not take is refused', () => {
  it.each([
    ['an unknown type', { contentType: 'application/x-msdownload' }, '415 UNSUPPORTED_TYPE'],
    ['HTML', { contentType: 'text/html' }, '415 UNSUPPORTED_TYPE'],
    ['SVG', { contentType: 'image/svg+xml' }, '415 UNSUPPORTED_TYPE'],
    ['a type that is a property of every object', { contentType: 'constructor' }, '415 UNSUPPORTED_TYPE'],
    ['a type with NUL', { contentType: 'image/jpeg\0' }, '415 UNSUPPORTED_TYPE'],
    ['one byte too many', { byteSize: 1_000_001 }, '413 TOO_LARGE'],
    ['a size no file has', { byteSize: Number.MAX_SAFE_INTEGER }, '413 TOO_LARGE'],
    ['no bytes', { byteSize: 0 }, '422 EMPTY_FILE'],
    ['fewer than no bytes', { byteSize: -1 }, '400 INVALID_REQUEST'],
    ['a preset that is not there', { preset: 'nope' }, '400 INVALID_REQUEST'],
  ])('%s', async (_title, fields, expected) => {
    expect(problemOf(await create({ ...newUpload(), ...fields }))).toBe(expected)
  })
})

describe('text that Postgres cannot hold is no error of ours', () => {
  it.each([
    ['half a surrogate pair in a filename', { filename: 'a\ud800.jpg' }],
    ['half a surrogate pair in metadata', { metadata: { a: '\ud800' } }],
    ['half a surrogate pair in a name in metadata', { metadata: { '\udc00': 1 } }],
    ['half a surrogate pair in a tag', { tags: ['\ud800'] }],
    ['metadata nested 2,000 deep', { metadata: { a: JSON.parse('['.repeat(2000) + ']'.repeat(2000)) } }],
    ['a backslash before u0000 in metadata', { metadata: { a: '\\u0000' } }],
  ])('%s', async (_title, fields) => {
    expect([201, 400]).toContain((await create({ ...newUpload(), ...fields })).statusCode)
  })
})

describe('a query that cannot be is refused', () => {
  it.each([
    '/v1/assets?limit=0',
    '/v1/assets?limit=201',
    '/v1/assets?limit=-1',
    '/v1/assets?limit=x',
    '/v1/assets?limit=1&limit=2',
    '/v1/assets?sort=name',
    '/v1/assets?status=gone',
    '/v1/assets?kind=movie',
    '/v1/assets?tag=%00',
    '/v1/assets?externalId=%00',
    '/v1/assets?q=%00',
    '/v1/assets?cursor=nope',
    `/v1/assets?cursor=${Buffer.from("'; DROP TABLE assets; --").toString('base64url')}`,
    '/v1/assets?createdAfter=yesterday',
    '/v1/assets?createdAfter=2026-02-30T00:00:00Z',
    '/v1/assets?createdAfter=0000-01-01T00:00:00Z',
  ])('%s', async url => {
    expect(problemOf(await api.call('GET', url))).toBe('400 INVALID_REQUEST')
  })

  it.each(['wait=-1', 'wait=61', 'wait=x'])('?%s of an asset', async query => {
    const { asset } = await createUpload(api)
    expect(problemOf(await api.call('GET', `/v1/assets/${asset.id}?${query}`))).toBe('400 INVALID_REQUEST')
  })

  it.each(['ttl=0', 'ttl=604801', 'ttl=x', 'variant=%00', 'variant='])('?%s of a download', async query => {
    const { asset } = await readyAsset(api)
    expect(problemOf(await api.call('GET', `/v1/assets/${asset.id}/download?${query}`))).toBe('400 INVALID_REQUEST')
  })

  it.each([
    ['no ids', { ids: [] }],
    ['201 ids', { ids: Array.from({ length: 201 }, unknownId) }],
    ['an id that is none', { ids: ['x'] }],
  ])('a status of %s', async (_title, body) => {
    expect(problemOf(await api.call('POST', '/v1/assets/status', { body }))).toBe('400 INVALID_REQUEST')
  })
})

describe('who may not is told so before what is wrong with the request', () => {
  const wrong = { body: { filename: '' } }

  it.each([
    ['no key', null],
    ['no scheme', { authorization: 'dk_local_development' }],
    ['another scheme', { authorization: 'Basic ZGs6eA==' }],
    ['the key of local mode', { authorization: 'Bearer dk_local_development' }],
    ['a key of nobody', { authorization: `Bearer dk_abcdefgh_${'A'.repeat(43)}` }],
    ['a text that is no key', { authorization: 'Bearer x' }],
    ['two keys', { authorization: `Bearer dk_abcdefgh_${'A'.repeat(43)} x` }],
    ['NUL', { authorization: 'Bearer \u0001' }],
  ])('401 for %s', async (_title, headers) => {
    const answer = await api.call('POST', '/v1/uploads', { key: null, ...wrong, ...(headers && { headers }) })
    expect(problemOf(answer)).toBe('401 UNAUTHORIZED')
    expect(answer.headers['www-authenticate']).toContain('Bearer')
  })

  it('403 for a key without the scope', async () => {
    const { key } = await createKey(api.deps, { scopes: ['read'] })
    const answer = await api.call('POST', '/v1/uploads', { key, ...wrong })
    expect(problemOf(answer)).toBe('403 FORBIDDEN')
    expect(answer.json().detail).toContain('upload')
  })
})

describe('what is not there', () => {
  it.each([
    ['GET', '/v1/nothing'],
    ['GET', '/v1/uploads/'],
    ['POST', '/v1/uploads/x/y/z'],
    ['GET', '/v2/assets'],
    ['GET', '/index.html'],
    ['OPTIONS', '/v1/uploads'],
  ] as const)('is 404 for %s %s', async (method, url) => {
    expect(problemOf(await api.call(method, url))).toBe('404 NOT_FOUND')
  })

  it.each([
    ['x', 'x'],
    ['1', '1'],
    ['NUL', '%00'],
    ['a path', '..%2f..%2fetc'],
    ['a UUID and more', `${unknownId()}x`],
    ['a UUID in capitals and braces', `{${unknownId().toUpperCase()}}`],
    ['99 letters', 'a'.repeat(99)],
    ['5,000 letters', 'a'.repeat(5000)],
  ])('is 404 for an asset whose id is %s', async (_title, id) => {
    expect(problemOf(await api.call('GET', `/v1/assets/${id}`))).toBe('404 NOT_FOUND')
  })

  it('is a 400 where the path is not even one', async () => {
    expect(problemOf(await api.call('GET', '/v1/assets/%zz'))).toBe('400 INVALID_REQUEST')
  })

  it('answers HEAD like GET, without the body', async () => {
    const { asset } = await createUpload(api)
    const get = await api.call('GET', `/v1/assets/${asset.id}`)
    const head = await api.call('HEAD', `/v1/assets/${asset.id}`)
    expect([head.statusCode, head.headers.etag, head.body]).toEqual([200, get.headers.etag, ''])
    expect((await api.call('HEAD', `/v1/assets/${unknownId()}`)).statusCode).toBe(404)
  })
})

describe('a problem', () => {
  it('is never stored by a cache', async () => {
    expect((await api.call('GET', `/v1/assets/${unknownId()}`)).headers['cache-control']).toBe('no-store')
  })

  it('hides the text of a bug, and names the request', async () => {
    const secret = 'password=hunter2'
    const store = {
      ...api.deps.store,
      head: async () => {
        throw new Error(secret)
      },
    }
    const app = await api.variant({ store })
    const { upload } = await deliveredUpload(api)
    const answer = await call(app, 'POST', `/v1/uploads/${upload.id}/confirm`, { key: api.key })
    expect(problemOf(answer)).toBe('500 INTERNAL')
    expect(answer.body).not.toContain(secret)
  })
})
