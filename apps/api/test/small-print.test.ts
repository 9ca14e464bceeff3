import type { Asset, Usage } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Document, operationsOf } from './fuzz/document.ts'
import {
  call,
  createKey,
  createUpload,
  deliveredUpload,
  newUpload,
  problemOf,
  readyAsset,
  type TestApi,
  unknownId,
} from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
let operator: string
beforeAll(async () => {
  operator = (await createKey(api.deps, { project: null })).key
})

const errorsOf = (answer: { body: string }) => JSON.parse(answer.body).errors
const raw = (payload: string | Buffer) =>
  api.app.inject({
    method: 'POST',
    url: '/v1/uploads',
    headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
    payload,
  })

describe('a body that cannot be kept as it was sent', () => {
  it.each([
    ['a byte that is no UTF-8', Buffer.from([0xff])],
    ['half of a character', Buffer.from([0xc3])],
    ['UTF-16', Buffer.from('ü', 'utf16le')],
  ])('is refused: %s', async (_title, bytes) => {
    const [before, after] = JSON.stringify(newUpload({ filename: 'a|b.jpg' })).split('|')
    const answer = await raw(Buffer.concat([Buffer.from(before ?? ''), bytes, Buffer.from(after ?? '')]))
    expect([problemOf(answer), answer.json().detail]).toEqual(['400 INVALID_REQUEST', expect.stringContaining('UTF-8')])
  })

  it.each(['1e400', '-1e400', '12345678901234567890', '-9007199254740993'])(
    'is refused: the number %s',
    async number => {
      const answer = await raw(
        JSON.stringify(newUpload({ metadata: { list: [{ id: 0 }] } })).replace('{"id":0}', `{"id":${number}}`),
      )
      expect(problemOf(answer)).toBe('400 INVALID_REQUEST')
      expect(errorsOf(answer)).toEqual([{ path: 'body.metadata.list.0.id', message: expect.stringContaining(number) }])
    },
  )

  it('is taken where nothing is changed', async () => {
    const metadata = '{"a":6.02e23,"b":0.1,"c":9007199254740991,"d":"12345678901234567890","e":-0.5e-7}'
    const answer = await raw(
      JSON.stringify(newUpload({ metadata: {} })).replace('"metadata":{}', `"metadata":${metadata}`),
    )
    expect(answer.json().asset.metadata).toEqual(JSON.parse(metadata))
  })
})

describe('what cannot be read', () => {
  it('is told so in our words', async () => {
    const detail = async (asked: Promise<{ json(): { detail: string } }>) => (await asked).json().detail
    expect(await detail(raw('{"filename":'))).toBe('The body is not valid JSON.')
    expect(await detail(api.call('GET', '/v1/assets/%zz'))).toMatch(/^The path of the URL is not valid/)
    const headers = { authorization: `Bearer ${api.key}`, 'content-type': 'application/json', 'content-length': '5' }
    const short = api.app.inject({ method: 'POST', url: '/v1/uploads', headers, payload: '{"a":1}' })
    expect(await detail(short)).toBe('The length of the body does not match Content-Length.')
  })
})

describe('a folder', () => {
  it.each([
    ['a\nb', 'control characters'],
    ['a\u0000b', 'control characters'],
    ['a/../b', '".."'],
  ])('of %j is refused for what is wrong with it', async (folder, words) => {
    const errors = errorsOf(await api.call('POST', '/v1/uploads', { body: newUpload({ folder }) }))
    expect(errors).toEqual([{ path: 'body.folder', message: expect.stringContaining(words) }])
  })
})

describe('POST /v1/assets/status', () => {
  it('names the ids that are not there', async () => {
    const { asset } = await createUpload(api)
    const [gone, unknown] = [(await createUpload(api)).asset.id, unknownId()]
    await api.deps.database.db.execute(sql`UPDATE assets SET deleted_at = now(), purged_at = now() WHERE id = ${gone}`)
    const body = { ids: [unknown, asset.id.toUpperCase(), gone, unknown] }
    const answer = (await api.call('POST', '/v1/assets/status', { body })).json<{
      items: Asset[]
      notFound: string[]
    }>()
    expect([answer.items.map(({ id }) => id), answer.notFound]).toEqual([[asset.id], [unknown, gone]])
  })
})

describe('GET /v1/usage', () => {
  it('does not count a deletion that waits for its second pass as work', async () => {
    const { key } = await createKey(api.deps, { project: 'parked' })
    const parked = { call: ((method, url, options) => api.call(method, url, { key, ...options })) as TestApi['call'] }
    const { asset } = await createUpload(parked)
    await parked.call('DELETE', `/v1/assets/${asset.id}`)
    const jobs = async () => (await parked.call('GET', '/v1/usage')).json<Usage>().jobs
    expect(await jobs()).toEqual({ queued: 1, running: 0 })
    await api.deps.database.db.execute(
      sql`UPDATE jobs SET available_at = now() + interval '1 hour' WHERE asset_id = ${asset.id}`,
    )
    expect(await jobs()).toEqual({ queued: 0, running: 0 })
  })
})

describe('the CDN of a project', () => {
  it.each([
    'https://me:secret@cdn.example.com',
    'https://me@cdn.example.com',
    'https://cdn.example.com/?a=1',
    'https://cdn.example.com/#a',
    'https://cdn.example.com?',
    'https:///x',
    'ftp://cdn.example.com',
  ])('is not %s', async cdnBaseUrl => {
    const answer = await api.call('PATCH', `/v1/admin/projects/${api.projectId}`, {
      key: operator,
      body: { cdnBaseUrl },
    })
    expect([problemOf(answer), errorsOf(answer)[0].path]).toEqual(['400 INVALID_REQUEST', 'body.cdnBaseUrl'])
  })
})

describe('HEAD', () => {
  it('does not use up a link', async () => {
    const { asset } = await readyAsset(api)
    const path = `/v1/assets/${asset.id}/shares`
    const { url } = (await api.call('POST', path, { body: { maxDownloads: 1 } })).json()
    const follow = (method: 'GET' | 'HEAD') => call(api.app, method, new URL(url).pathname)
    expect((await follow('HEAD')).statusCode).toBe(302)
    expect((await follow('HEAD')).headers.location).toMatch(/^http/)
    expect((await follow('GET')).statusCode).toBe(302)
    expect((await follow('HEAD')).statusCode).toBe(410)
    expect((await api.call('GET', path)).json().items).toMatchObject([{ downloads: 1 }])
  })
})

/** A batch makes several. A signed form is stored nowhere, and what it sends shows its asset. A creation of tus has headers of its own: tus.test.ts. */
const PLACELESS = ['POST /v1/uploads/batch', 'POST /v1/uploads/forms', 'POST /v1/uploads/form', 'POST /v1/tus']

describe('what is made', () => {
  it('is at its Location, wherever it is made', async () => {
    const { asset } = await readyAsset(api)
    const delivered = await deliveredUpload(api)
    const idOf = async (path: string, body: unknown, key = api.key) =>
      (await api.call('POST', path, { key, body })).json<{ id: string }>().id
    const name = { name: 'k', scopes: ['read'] }
    const hook = await idOf('/v1/webhooks', { url: 'https://hooks.example.com/a' })
    const delivery = await idOf(`/v1/webhooks/${hook}/test`, undefined)
    const project = await idOf('/v1/admin/projects', { name: 'has-keys' }, operator)
    const preset = { name: 'located', definition: { image: { variants: [{ name: 'a', format: 'webp' }] } } }
    const made: [string, Record<string, string>, unknown, RegExp][] = [
      ['POST /v1/uploads', {}, newUpload(), /^\/v1\/uploads\/[\w-]{36}$/],
      ['POST /v1/uploads/{id}/confirm', { id: delivered.upload.id }, {}, /^\/v1\/jobs\/[\w-]{36}$/],
      ['POST /v1/imports', {}, { url: 'https://media.example.com/a.jpg' }, /^\/v1\/jobs\/[\w-]{36}$/],
      ['POST /v1/assets/{id}/shares', { id: asset.id }, {}, /^\/v1\/assets\/[\w-]{36}\/shares\/[\w-]{36}$/],
      ['POST /v1/archives', {}, { ids: [asset.id] }, /^\/z\/[\w-]+$/],
      ['POST /v1/webhooks', {}, { url: 'https://hooks.example.com/b' }, /^\/v1\/webhooks\/[\w-]{36}$/],
      ['POST /v1/webhooks/{id}/test', { id: hook }, undefined, /^\/v1\/webhooks\/[\w-]{36}\/deliveries\/[\w-]{36}$/],
      [
        'POST /v1/webhooks/{id}/deliveries/{deliveryId}/redeliver',
        { id: hook, deliveryId: delivery },
        ...([undefined, /^\/v1\/webhooks\/[\w-]{36}\/deliveries\/[\w-]{36}$/] as const),
      ],
      ['POST /v1/keys', {}, name, /^\/v1\/keys\/[\w-]{36}$/],
      ['POST /v1/keys/{id}/rotate', { id: await idOf('/v1/keys', name) }, {}, /^\/v1\/keys\/[\w-]{36}$/],
      ['POST /v1/admin/keys', {}, name, /^\/v1\/admin\/keys\/[\w-]{36}$/],
      ['POST /v1/admin/keys/{id}/rotate', { id: await idOf('/v1/keys', name) }, {}, /^\/v1\/admin\/keys\/[\w-]{36}$/],
      ['POST /v1/admin/projects/{id}/keys', { id: project }, name, /^\/v1\/admin\/keys\/[\w-]{36}$/],
      ['POST /v1/admin/projects', {}, { name: 'located' }, /^\/v1\/admin\/projects\/[\w-]{36}$/],
      [
        'POST /v1/admin/quarantine',
        {},
        { sha256: 'c'.repeat(64), reason: 'x', allProjects: true },
        /^\/v1\/admin\/quarantine\/[\w-]{36}$/,
      ],
      ['POST /v1/presets', {}, preset, /^\/v1\/presets\/located\/1$/],
      ['POST /v1/presets/{name}/apply', { name: 'located' }, { version: 1 }, /^\/v1\/backfills\/[\w-]{36}$/],
      ['POST /v1/assets/{id}/reprocess', { id: asset.id }, undefined, /^\/v1\/jobs\/[\w-]{36}$/],
      ['POST /v1/assets/{id}/takedown', { id: asset.id }, { reason: 'x' }, /^\/v1\/assets\/[\w-]{36}\/receipt$/],
    ]
    const lost: string[] = []
    for (const [operation, params, body, expected] of made) {
      const path = operation.replace('POST ', '').replace(/\{(\w+)\}/g, (_, param: string) => params[param] ?? '')
      const key = path.startsWith('/v1/admin/') ? operator : api.key
      const answer = await api.call('POST', path, { key, body })
      const location = String(answer.headers.location ?? answer.body)
      expect(location).toMatch(expected)
      const { statusCode } = await api.call('GET', location, { key })
      if (statusCode !== 200) lost.push(`${operation}: ${statusCode}`)
    }
    expect(lost).toEqual([])
    const document = (await api.call('GET', '/openapi.json')).json<Document>()
    const operations = operationsOf(document)
    const sending = operations.filter(({ responses }) =>
      Object.entries(responses).some(([status, { headers = {} }]) => status.startsWith('2') && 'Location' in headers),
    )
    const creating = operations.filter(({ responses }) => '201' in responses)
    const names = new Set([...sending, ...creating].map(({ name }) => name).filter(name => !PLACELESS.includes(name)))
    expect(new Set(made.map(([operation]) => operation))).toEqual(names)
  })
})

describe('another method of a path that is there', () => {
  it.each([
    ['PUT', '/v1/uploads', 'POST'],
    ['GET', `/v1/uploads/${unknownId()}/confirm`, 'POST'],
    ['POST', `/v1/assets/${unknownId()}`, 'GET, HEAD, PATCH, DELETE'],
    ['GET', '/v1/admin/jobs/requeue', 'POST'],
    ['DELETE', '/healthz', 'GET, HEAD'],
    ['POST', '/s/abc', 'GET, HEAD'],
    ['PUT', '/v1/presets/a/1', 'GET, HEAD'],
    ['GET', '/v1/hooks/b2', 'POST'],
  ] as const)('is a 405 that names those there are: %s %s', async (method, url, allow) => {
    const answer = await api.call(method, url, { key: null })
    expect([problemOf(answer), answer.headers.allow]).toEqual(['405 METHOD_NOT_ALLOWED', allow])
  })

  it('and every other method of every path of the document', async () => {
    const { paths } = (await api.call('GET', '/openapi.json')).json<Document>()
    for (const [path, methods] of Object.entries(paths)) {
      const allowed = Object.keys(methods).map(method => method.toUpperCase())
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
        if (allowed.includes(method)) continue
        const answer = await api.call(method, path.replaceAll(/\{\w+\}/g, unknownId), {
          headers: { 'tus-resumable': '1.0.0' },
        })
        expect([method, path, problemOf(answer)]).toEqual([method, path, '405 METHOD_NOT_ALLOWED'])
      }
    }
  })

  it('is a 404 where the path is not there', async () => {
    expect(problemOf(await api.call('POST', '/v1/nothing'))).toBe('404 NOT_FOUND')
  })
})
