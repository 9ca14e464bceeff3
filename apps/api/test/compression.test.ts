import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { newId } from '@darkroom/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { newUpload } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
beforeAll(async () => {
  for (let count = 0; count < 30; count += 1) {
    const metadata = { text: `number ${count} `.repeat(20) }
    const answer = await api.call('POST', '/v1/uploads', { body: newUpload({ metadata }) })
    expect(answer.statusCode).toBe(201)
  }
})

const encoded = (acceptEncoding: string) => ({ headers: { 'accept-encoding': acceptEncoding } })
const ALL = 'gzip, deflate, br, zstd'

describe('what is read', () => {
  it.each([
    ['zstd', ALL, zstdDecompressSync],
    ['gzip', 'gzip', gunzipSync],
  ] as const)('is sent with %s to whom takes it', async (encoding, accepted, decompress) => {
    const plain = await api.call('GET', '/v1/assets?limit=30')
    const answer = await api.call('GET', '/v1/assets?limit=30', encoded(accepted))
    expect(answer.headers).toMatchObject({
      'content-encoding': encoding,
      'content-type': 'application/json; charset=utf-8',
      vary: expect.stringMatching(/accept-encoding/i),
    })
    expect(answer.rawPayload.length).toBeLessThan(plain.rawPayload.length / 4)
    expect(decompress(answer.rawPayload).toString()).toBe(plain.body)
  })

  it('is sent as it is to whom takes nothing else', async () => {
    const answer = await api.call('GET', '/v1/assets?limit=30')
    expect(answer.headers['content-encoding']).toBeUndefined()
    expect(answer.json().items).toHaveLength(30)
  })

  it('is compressed where the question is a POST', async () => {
    const { items } = (await api.call('GET', '/v1/assets?limit=30')).json()
    const body = { ids: items.map(({ id }: { id: string }) => id) }
    const answer = await api.call('POST', '/v1/assets/status', { body, ...encoded(ALL) })
    expect(answer.headers['content-encoding']).toBe('zstd')
  })

  it('says in a HEAD what a GET would', async () => {
    const { headers } = await api.call('HEAD', '/v1/assets?limit=30', encoded(ALL))
    const got = await api.call('GET', '/v1/assets?limit=30', encoded(ALL))
    expect(headers).toMatchObject({ 'content-encoding': 'zstd', vary: got.headers.vary })
    expect(headers['content-length']).toBe(got.headers['content-length'])
  })

  it('is the OpenAPI document as well', async () => {
    const answer = await api.call('GET', '/openapi.json', { key: null, ...encoded(ALL) })
    expect(answer.headers['content-encoding']).toBe('zstd')
    expect(JSON.parse(zstdDecompressSync(answer.rawPayload).toString()).openapi).toBe('3.1.0')
  })
})

describe('an asset', () => {
  it('is small enough to be sent as it is, and keeps its 304', async () => {
    const { asset } = (await api.call('POST', '/v1/uploads', { body: newUpload() })).json()
    const answer = await api.call('GET', `/v1/assets/${asset.id}`, encoded(ALL))
    expect(answer.headers['content-encoding']).toBeUndefined()
    const again = await api.call('GET', `/v1/assets/${asset.id}`, {
      headers: { 'accept-encoding': ALL, 'if-none-match': String(answer.headers.etag) },
    })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })

  it('has the same tag however it was sent', async () => {
    const metadata = { text: 'long '.repeat(1000) }
    const { asset } = (await api.call('POST', '/v1/uploads', { body: newUpload({ metadata }) })).json()
    const plain = await api.call('GET', `/v1/assets/${asset.id}`)
    const answer = await api.call('GET', `/v1/assets/${asset.id}`, encoded(ALL))
    expect([answer.headers['content-encoding'], answer.headers.etag]).toEqual(['zstd', plain.headers.etag])
    const again = await api.call('GET', `/v1/assets/${asset.id}`, {
      headers: { 'accept-encoding': ALL, 'if-none-match': String(answer.headers.etag) },
    })
    expect([again.statusCode, again.headers['content-encoding']]).toEqual([304, undefined])
  })
})

describe('never compressed', () => {
  const long = { metadata: { text: 'long '.repeat(1000) } }

  it('is an answer with a client token and signed URLs', async () => {
    const created = await api.call('POST', '/v1/uploads', { body: newUpload(long), ...encoded(ALL) })
    expect(created.json().clientToken).toMatch(/^dt_/)
    const { upload } = created.json()
    const renewed = await api.call('POST', `/v1/uploads/${upload.id}/renew`, { body: {}, ...encoded(ALL) })
    for (const answer of [created, renewed]) expect(answer.headers['content-encoding']).toBeUndefined()
    expect(created.rawPayload.length).toBeGreaterThan(4096)
  })
})

describe('a problem', () => {
  it('names its charset', async () => {
    const answer = await api.call('GET', `/v1/assets/${newId()}`)
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  })
})
