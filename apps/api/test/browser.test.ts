import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { LOCAL_KEY } from '@darkroom/contracts'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, newUpload, problemOf, unknownId } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

const PAGE = 'https://page.example.com'

describe('a page of an allowed origin', () => {
  it('may read the answer and the headers that it needs', async () => {
    const answer = await api.call('GET', '/v1/assets', { headers: { origin: PAGE } })
    expect(answer.headers['access-control-allow-origin']).toBe(PAGE)
    const exposed = String(answer.headers['access-control-expose-headers']).split(/, */)
    // Those of tus: see tus.test.ts.
    expect(exposed.filter(name => !/^(Tus|Upload|Darkroom)-/.test(name))).toEqual([
      'ETag',
      'Location',
      'Retry-After',
      'Idempotency-Replayed',
      'X-Request-Id',
    ])
    expect(String(answer.headers.vary).toLowerCase()).toContain('origin')
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
  })

  it('may read problems as well', async () => {
    const answer = await api.call('GET', '/v1/assets', { key: null, headers: { origin: PAGE } })
    expect(problemOf(answer)).toBe('401 UNAUTHORIZED')
    expect(answer.headers['access-control-allow-origin']).toBe(PAGE)
  })

  it.each(['GET', 'POST', 'PATCH', 'DELETE'])('may send %s with a key', async method => {
    const answer = await api.call('OPTIONS', '/v1/assets/x', {
      key: null,
      headers: {
        origin: PAGE,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type,if-none-match',
      },
    })
    expect(answer.statusCode).toBe(204)
    expect(answer.headers['access-control-allow-origin']).toBe(PAGE)
    expect(answer.headers['access-control-allow-methods']).toContain(method)
    expect(answer.headers['access-control-allow-headers']).toContain('authorization')
  })
})

describe('a page of another origin is not allowed', () => {
  it.each([
    'https://evil.example.com',
    'http://page.example.com',
    'https://page.example.com:8443',
    'https://page.example.com.evil.com',
    'null',
    'http://localhost:5173',
  ])('%s', async origin => {
    const answer = await api.call('GET', '/v1/assets', { headers: { origin } })
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    const preflight = await api.call('OPTIONS', '/v1/assets', {
      headers: { origin, 'access-control-request-method': 'DELETE' },
    })
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('every answer', () => {
  it('forbids framing, sniffing and leaking the address', async () => {
    expect((await api.call('GET', '/v1/status')).headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': expect.stringContaining('max-age=31536000'),
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    })
  })

  it('that is a page lets it talk to the API and the store and to nobody else', async () => {
    const app = await api.variant({ settings: { storeOrigin: 'https://s3.us-west-004.backblazeb2.com' } })
    const policy = String((await call(app, 'GET', '/')).headers['content-security-policy'])
    expect(policy.split(';')).toEqual(
      expect.arrayContaining([
        "default-src 'self'",
        "connect-src 'self' https://s3.us-west-004.backblazeb2.com",
        "style-src 'self'",
      ]),
    )
    expect(policy).not.toContain('unsafe')
  })

  it.each(['/v1/status', '/v/token/thumb.webp', '/s/token'])(
    'of %s is data, which may do nothing in a browser',
    async path => {
      expect((await api.call('GET', path)).headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'"),
      })
    },
  )
})

describe('local mode', () => {
  let app: FastifyInstance
  beforeAll(async () => {
    app = await api.variant({ settings: { mode: 'local', corsOrigins: [] } })
  })
  const ask = (headers: Record<string, string>) => call(app, 'GET', '/v1/assets', { key: LOCAL_KEY, headers })

  it.each([
    ['localhost', { host: 'localhost:3000' }],
    ['127.0.0.1', { host: '127.0.0.1:3000' }],
    ['[::1]', { host: '[::1]:3000' }],
    ['a page of a development server', { host: 'localhost', origin: 'http://localhost:5173' }],
  ])('has a fixed key that works on %s', async (_title, headers) => {
    expect((await ask(headers)).statusCode).toBe(200)
  })

  it('lets a page of the same machine read the answer', async () => {
    const origin = 'http://127.0.0.1:5173'
    expect((await ask({ host: 'localhost', origin })).headers['access-control-allow-origin']).toBe(origin)
  })

  it.each([
    ['a name that was rebound to us', { host: 'evil.example.com' }],
    ['a name that begins like ours', { host: 'localhost.evil.com' }],
    ['an address of the network', { host: '192.168.1.2:3000' }],
    ['user information in the host', { host: 'localhost@evil.com' }],
    ['a page of another site', { host: 'localhost', origin: 'https://evil.example.com' }],
    ['a page whose name begins like ours', { host: 'localhost', origin: 'http://localhost.evil.com' }],
    ['a page with an opaque origin', { host: 'localhost', origin: 'null' }],
    ['a file', { host: 'localhost', origin: 'file://' }],
    ['Forwarded', { host: 'localhost', forwarded: 'for=1.2.3.4' }],
    ['Via', { host: 'localhost', via: '1.1 proxy' }],
    ['X-Forwarded-For', { host: 'localhost', 'x-forwarded-for': '1.2.3.4' }],
    ['X-Forwarded-Host', { host: 'localhost', 'x-forwarded-host': 'evil.example.com' }],
    ['X-Forwarded-Proto', { host: 'localhost', 'x-forwarded-proto': 'https' }],
    ['X-Real-IP', { host: 'localhost', 'x-real-ip': '1.2.3.4' }],
  ])('refuses %s', async (_title, headers: Record<string, string>) => {
    const answer = await ask(headers)
    expect(problemOf(answer)).toBe('403 FORBIDDEN')
    expect(answer.headers['access-control-allow-origin']).not.toBe(headers.origin ?? 'none')
  })

  it.each(['/v1/status', '/healthz', '/docs', '/openapi.json', '/nothing'])('guards %s as well', async url => {
    expect(problemOf(await call(app, 'GET', url, { headers: { host: 'evil.example.com' } }))).toBe('403 FORBIDDEN')
  })

  it('works with its key in no other mode', async () => {
    expect((await api.call('GET', '/v1/assets', { key: LOCAL_KEY })).statusCode).toBe(401)
  })

  it('creates uploads in the default project', async () => {
    const answer = await call(app, 'POST', '/v1/uploads', { key: LOCAL_KEY, body: newUpload() })
    expect(answer.json().asset.projectId).toBe(api.projectId)
  })
})

const HTML = '<title>page …</title>'
const FILES = {
  'index.html': HTML,
  'assets/app-1a2b.js': 'export const text = "Sending…"',
  'assets/app-3c4d.css': '.x::after { content: "…" }',
}
const ENCODINGS = [
  ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
] as const

describe('the page', () => {
  let app: FastifyInstance
  let webRoot: string
  beforeAll(async () => {
    webRoot = await mkdtemp(join(tmpdir(), 'darkroom-web-'))
    await mkdir(join(webRoot, 'assets'))
    for (const [name, text] of Object.entries(FILES)) {
      const file = join(webRoot, name)
      await writeFile(file, text)
      await writeFile(`${file}.br`, brotliCompressSync(text))
      await writeFile(`${file}.gz`, gzipSync(text))
    }
    app = await api.variant({ settings: { webRoot } })
  })
  afterAll(() => rm(webRoot, { recursive: true, force: true }))
  const html = { accept: 'text/html' }

  it.each(['/', '/admin', `/admin/assets/${unknownId()}`, '/?x=1'])('is what a browser gets at %s', async url => {
    const answer = await call(app, 'GET', url, { headers: html })
    expect([answer.statusCode, answer.body]).toEqual([200, HTML])
    expect(answer.headers['cache-control']).toBe('no-cache')
  })

  it.each(['/nowhere', '/admin/nothing', '/upload?x=1'])('says at %s that nothing is there', async url => {
    const first = await call(app, 'GET', url, { headers: html })
    expect([first.statusCode, first.body, first.headers.etag]).toEqual([404, HTML, undefined])
    // Also to a browser that was given the page there before.
    const { etag } = (await call(app, 'GET', '/', { headers: html })).headers
    const again = await call(app, 'GET', url, { headers: { ...html, 'if-none-match': String(etag) } })
    expect([again.statusCode, again.body]).toEqual([404, HTML])
  })

  it('has files that never change', async () => {
    const answer = await call(app, 'GET', '/assets/app-1a2b.js')
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  })

  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/admin', 'text/html; charset=utf-8'],
    ['/library', 'text/html; charset=utf-8'],
    ['/assets/app-1a2b.js', 'application/javascript; charset=utf-8'],
    ['/assets/app-3c4d.css', 'text/css; charset=utf-8'],
  ])('is compressed beforehand and names its charset at %s', async (url, contentType) => {
    const plain = await call(app, 'GET', url, { headers: html })
    for (const [accepted, encoding, decompress] of ENCODINGS) {
      const answer = await call(app, 'GET', url, { headers: { ...html, 'accept-encoding': accepted } })
      expect(answer.statusCode).toBe(plain.statusCode)
      expect(answer.headers).toMatchObject({
        'content-type': contentType,
        'content-encoding': encoding,
        vary: expect.stringMatching(/accept-encoding/i),
        'cache-control': plain.headers['cache-control'],
      })
      expect(decompress(answer.rawPayload).toString()).toBe(plain.body)
    }
    expect(plain.headers).toMatchObject({
      'content-type': contentType,
      vary: expect.stringMatching(/accept-encoding/i),
    })
    expect(plain.headers['content-encoding']).toBeUndefined()
  })

  it('is not sent again to who has it, in whatever encoding', async () => {
    for (const [accepted] of ENCODINGS) {
      const headers = { ...html, 'accept-encoding': accepted }
      const { etag } = (await call(app, 'GET', '/', { headers })).headers
      const again = await call(app, 'GET', '/', { headers: { ...headers, 'if-none-match': String(etag) } })
      expect([again.statusCode, again.body]).toEqual([304, ''])
    }
  })

  it('keeps the compressed files to itself', async () => {
    expect((await call(app, 'GET', '/assets/app-1a2b.js.br')).statusCode).toBe(404)
  })

  it.each(['/v1/nothing', '/v1', '/openapi.json/x', '/metrics/x'])('is not what a browser gets at %s', async url => {
    expect(problemOf(await call(app, 'GET', url, { headers: html }))).toBe('404 NOT_FOUND')
  })

  it.each(['/..%2f..%2fetc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/assets/../../etc/passwd'])(
    'gives no file outside its folder at %s',
    async url => {
      const answer = await call(app, 'GET', url)
      expect(answer.statusCode).toBe(404)
      expect(answer.body).not.toContain('root:')
    },
  )
})
