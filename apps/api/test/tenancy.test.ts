import { setTimeout as sleep } from 'node:timers/promises'
import type { Asset, Job } from '@darkroom/contracts'
import { createLogger } from '@darkroom/core'
import { revokeApiKey } from '@darkroom/db/projects'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { issueClientToken } from '../src/auth/client-token.ts'
import {
  BYTES,
  call,
  confirmedUpload,
  createKey,
  createUpload,
  deliveredUpload,
  newUpload,
  type Page,
  problemOf,
  readyAsset,
  type SingleUploadCreated,
  unknownId,
} from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
let stranger: { key: string; projectId: string }
beforeAll(async () => {
  stranger = await createKey(api.deps, { project: 'stranger' })
})

type Kind = 'asset' | 'upload' | 'multipart' | 'job' | 'key' | 'backfill'

/** See shares.test.ts. */
const OF_SHARES = [
  'POST /v1/assets/{id}/shares',
  'GET /v1/assets/{id}/shares',
  'GET /v1/assets/{id}/shares/{shareId}',
  'DELETE /v1/assets/{id}/shares/{shareId}',
]

/** See tus.test.ts. */
const OF_TUS = ['PATCH /v1/tus/{id}', 'DELETE /v1/tus/{id}']

/** Not of assets that stand; see takedown.test.ts. */
const OF_TAKEDOWN = ['POST /v1/assets/{id}/takedown', 'GET /v1/assets/{id}/receipt']

/** Every route that takes an id, and what it answers the owner. */
const ROUTES_WITH_ID = [
  ['GET', '/v1/uploads/:id', 'upload', 200],
  ['POST', '/v1/uploads/:id/renew', 'upload', 200],
  ['POST', '/v1/uploads/:id/parts', 'multipart', 200],
  ['POST', '/v1/uploads/:id/confirm', 'upload', 202],
  ['DELETE', '/v1/uploads/:id', 'upload', 204],
  ['GET', '/v1/assets/:id', 'asset', 200],
  ['PATCH', '/v1/assets/:id', 'asset', 200],
  ['GET', '/v1/assets/:id/events', 'asset', 200],
  ['GET', '/v1/assets/:id/download', 'asset', 302],
  ['GET', '/v1/assets/:id/manifest', 'asset', 200],
  ['GET', '/v1/assets/:id/view', 'asset', 200],
  ['POST', '/v1/assets/:id/reprocess', 'asset', 202],
  ['DELETE', '/v1/assets/:id', 'asset', 202],
  ['GET', '/v1/jobs/:id', 'job', 200],
  ['GET', '/v1/backfills/:id', 'backfill', 200],
  ['POST', '/v1/backfills/:id/pause', 'backfill', 200],
  ['POST', '/v1/backfills/:id/resume', 'backfill', 200],
  ['POST', '/v1/backfills/:id/cancel', 'backfill', 200],
  ['GET', '/v1/keys/:id', 'key', 200],
  ['POST', '/v1/keys/:id/rotate', 'key', 201],
  ['DELETE', '/v1/keys/:id', 'key', 204],
] as const

const ownId: Record<Kind, () => Promise<string>> = {
  upload: async () => (await deliveredUpload(api)).upload.id,
  multipart: async () => (await createUpload(api, { multipart: true })).upload.id,
  asset: async () => (await readyAsset(api)).asset.id,
  job: async () => (await confirmedUpload(api)).job.id,
  async backfill() {
    // One at a time in a project.
    await api.deps.database.db.execute(
      sql`UPDATE backfills SET status = 'cancelled', finished_at = now() WHERE finished_at IS NULL`,
    )
    const answer = await api.call('POST', '/v1/presets/default/apply', { body: { version: 1 } })
    return answer.json<{ backfill: { id: string } }>().backfill.id
  },
  key: async () =>
    (await api.call('POST', '/v1/keys', { body: { name: 'made', scopes: ['read'] } })).json<{ id: string }>().id,
}

function bodyOf(method: string, route: string): { body?: unknown } {
  if (method === 'PATCH') return { body: { tags: ['new'] } }
  return route.endsWith('/parts') ? { body: { partNumbers: [1] } } : {}
}

describe.each(ROUTES_WITH_ID)('%s %s', (method, route, kind, status) => {
  const ask = (id: string, key: string) => api.call(method, route.replace(':id', id), { key, ...bodyOf(method, route) })

  it(`answers ${status} to the owner and 404 to another project`, async () => {
    const id = await ownId[kind]()
    expect(problemOf(await ask(id, stranger.key))).toBe('404 NOT_FOUND')
    expect((await ask(id, api.key)).statusCode).toBe(status)
  })

  it('answers 404 for an id of nothing and for one of another kind', async () => {
    const own = kind === 'multipart' ? 'upload' : kind
    const others = (['asset', 'upload', 'job', 'key', 'backfill'] as const).filter(other => other !== own)
    expect(problemOf(await ask(unknownId(), api.key))).toBe('404 NOT_FOUND')
    for (const other of others) expect(problemOf(await ask(await ownId[other](), api.key))).toBe('404 NOT_FOUND')
  })

  it.runIf(kind === 'asset' || kind === 'upload' || kind === 'multipart')(
    'answers 404 to another project and 410 to the owner for what was deleted',
    async () => {
      const { asset, created } = await confirmedUpload(api)
      await api.call('DELETE', `/v1/assets/${asset.id}`)
      await api.deps.database.db.execute(sql`UPDATE assets SET purged_at = now() WHERE id = ${asset.id}`)
      const id = kind === 'asset' ? asset.id : created.upload.id
      expect(problemOf(await ask(id, stranger.key))).toBe('404 NOT_FOUND')
      expect(problemOf(await ask(id, api.key))).toBe('410 ASSET_DELETED')
    },
  )

  it('wants a key', async () => {
    expect((await call(api.app, method, route.replace(':id', unknownId()))).statusCode).toBe(401)
  })
})

it('covers every route that takes an id, but for the admin part and webhooks, which have tests of their own', () => {
  const covered = new Set([
    ...OF_TAKEDOWN,
    ...OF_SHARES,
    ...OF_TUS,
    ...ROUTES_WITH_ID.map(([method, route]) => `${method} ${route.replace(':id', '{id}')}`),
  ])
  const { paths = {} } = api.app.swagger()
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    path.includes('{id}') && !/^\/v1\/(admin|webhooks)\//.test(path)
      ? Object.keys(methods ?? {}).map(method => `${method.toUpperCase()} ${path}`)
      : [],
  )
  expect(new Set(documented.filter(route => !route.startsWith('HEAD')))).toEqual(covered)
})

describe('the upload of another project', () => {
  it('answers 404 to a confirm and leaves an audit entry, an id that nobody has leaves none', async () => {
    const lines: string[] = []
    const app = await api.variant({ logger: createLogger('test', 'info', line => lines.push(line)) })
    const { upload, asset } = await deliveredUpload(api)
    const { clientToken } = await createUpload(api)
    const confirm = async (key: string, id = upload.id) =>
      problemOf(await call(app, 'POST', `/v1/uploads/${id}/confirm`, { key }))
    const entries = () => lines.map(line => JSON.parse(line)).filter(({ audit }) => audit === 'upload.foreign')
    expect(await confirm(stranger.key, unknownId())).toBe('404 NOT_FOUND')
    expect(entries()).toEqual([])
    expect(await confirm(stranger.key)).toBe('404 NOT_FOUND')
    expect(await confirm(clientToken)).toBe('404 NOT_FOUND')
    const entry = { level: 40, uploadId: upload.id, ownerProjectId: api.projectId, requestId: expect.any(String) }
    expect(entries()).toMatchObject([
      { ...entry, projectId: stranger.projectId, keyId: stranger.key.split('_')[1], onlyAssetId: null },
      { ...entry, projectId: api.projectId, onlyAssetId: expect.any(String) },
    ])
    expect(lines.join()).not.toContain(stranger.key)
    expect((await api.call('GET', `/v1/assets/${asset.id}`)).json<Asset>().status).toBe('awaiting_upload')
  })
})

describe('two projects', () => {
  it('may have the same external id', async () => {
    const body = newUpload({ externalId: 'shared' })
    for (const key of [api.key, stranger.key]) {
      expect((await api.call('POST', '/v1/uploads', { key, body })).statusCode).toBe(201)
    }
  })

  it('do not see each other in lists and batches', async () => {
    const { asset } = await createUpload(api, { externalId: 'mine' })
    const list = await api.call('GET', '/v1/assets?externalId=mine', { key: stranger.key })
    expect(list.json<Page>().items).toEqual([])
    const batch = await api.call('POST', '/v1/assets/status', { key: stranger.key, body: { ids: [asset.id] } })
    expect(batch.json()).toEqual({ items: [], notFound: [asset.id] })
  })

  it('cannot page into each other with a cursor', async () => {
    await createUpload(api)
    const first = (await api.call('GET', '/v1/assets?limit=1')).json<Page>()
    const answer = await api.call('GET', `/v1/assets?cursor=${first.nextCursor}`, { key: stranger.key })
    expect(answer.json<Page>().items.map(item => item.projectId)).not.toContain(api.projectId)
  })
})

describe('a key', () => {
  it('stops working within a second when it is revoked', async () => {
    const { key, shortId } = await createKey(api.deps)
    expect((await api.call('GET', '/v1/assets', { key })).statusCode).toBe(200)
    await revokeApiKey(api.deps.database.db, { shortId })
    await sleep(1000)
    expect(problemOf(await api.call('GET', '/v1/assets', { key }))).toBe('401 UNAUTHORIZED')
  })

  it('with a right short id and a wrong secret is nobody', async () => {
    const forged = `${api.key.slice(0, -1)}${api.key.endsWith('A') ? 'B' : 'A'}`
    expect(problemOf(await api.call('GET', '/v1/assets', { key: forged }))).toBe('401 UNAUTHORIZED')
  })

  it('is nowhere in the database', async () => {
    const rows = await api.deps.database.db.execute(sql`SELECT row_to_json(k)::text AS row FROM api_keys k`)
    expect(rows.map(({ row }) => row).join()).not.toContain(api.key.slice('dk_12345678_'.length))
  })

  it.each([
    ['upload', 'POST', '/v1/uploads'],
    ['upload', 'POST', '/v1/imports'],
    ['upload', 'GET', '/v1/uploads/x'],
    ['read', 'GET', '/v1/assets'],
    ['read', 'POST', '/v1/assets/status'],
    ['read', 'GET', '/v1/jobs/x'],
    ['write', 'PATCH', '/v1/assets/x'],
    ['write', 'DELETE', '/v1/assets/x'],
  ] as const)('without the scope %s may not %s %s', async (scope, method, url) => {
    const { key } = await createKey(api.deps, { scopes: ['upload', 'read', 'write', 'admin'].filter(s => s !== scope) })
    expect(problemOf(await api.call(method, url, { key, ...(method !== 'GET' && { body: {} }) }))).toBe('403 FORBIDDEN')
  })

  it('of an operator reaches nothing that is in a project', async () => {
    const { key } = await createKey(api.deps, { project: null })
    expect(problemOf(await api.call('POST', '/v1/uploads', { key, body: newUpload() }))).toBe('403 FORBIDDEN')
    expect(problemOf(await api.call('GET', '/v1/assets', { key }))).toBe('403 FORBIDDEN')
  })
})

/** Which of them a client token opens; access.test.ts has all routes. */
const isForClients = (method: string, route: string) =>
  (/GET|POST/.test(method) && !/\/(reprocess|rotate)$|\/(backfills|keys)\//.test(route)) ||
  (method === 'DELETE' && route.includes('uploads'))

describe('a client token', () => {
  const as = (token: string) => ({ key: token })

  it('renews, confirms and reads its own upload, asset and job', async () => {
    const { asset, upload, clientToken } = await createUpload(api)
    const renewed = await api.call('POST', `/v1/uploads/${upload.id}/renew`, as(clientToken))
    const fresh = renewed.json<SingleUploadCreated>()
    const headers = { 'content-type': 'image/jpeg' }
    expect((await fetch(fresh.upload.url, { method: 'PUT', headers, body: new Uint8Array(BYTES) })).status).toBe(200)
    const confirmed = await api.call('POST', `/v1/uploads/${upload.id}/confirm`, as(fresh.clientToken))
    expect(confirmed.statusCode).toBe(202)
    const { job } = confirmed.json<{ job: Job }>()
    for (const path of [`uploads/${upload.id}`, `assets/${asset.id}`, `jobs/${job.id}`]) {
      expect((await api.call('GET', `/v1/${path}`, as(clientToken))).statusCode).toBe(200)
    }
  })

  it.each(ROUTES_WITH_ID.filter(([method, route]) => isForClients(method, route)))(
    'finds nothing else of its project with %s %s',
    async (method, route, kind) => {
      const { clientToken } = await createUpload(api)
      const url = route.replace(':id', await ownId[kind]())
      const answer = await api.call(method, url, { ...as(clientToken), ...bodyOf(method, route) })
      expect(problemOf(answer)).toBe('404 NOT_FOUND')
    },
  )

  it.each([
    ['POST', '/v1/uploads', newUpload()],
    ['POST', '/v1/imports', { url: 'https://media.example/a.jpg' }],
    ['GET', '/v1/assets', undefined],
    ['POST', '/v1/assets/status', { ids: [unknownId()] }],
    ['PATCH', '/v1/assets/:id', { tags: [] }],
    ['DELETE', '/v1/assets/:id', undefined],
    ['POST', '/v1/assets/:id/reprocess', undefined],
    ['GET', '/v1/presets', undefined],
    ['POST', '/v1/presets/default/plan', {}],
    ['POST', '/v1/presets/default/apply', { version: 1 }],
    ['GET', '/v1/backfills', undefined],
    ['GET', '/v1/backfills/:id', undefined],
    ['POST', '/v1/backfills/:id/cancel', undefined],
  ] as const)('may not %s %s', async (method, route, body) => {
    const { asset, clientToken } = await createUpload(api)
    const answer = await api.call(method, route.replace(':id', asset.id), { key: clientToken, body })
    expect(problemOf(answer)).toBe('401 UNAUTHORIZED')
  })

  it('works for an hour', async () => {
    const { asset, clientToken } = await createUpload(api)
    const statusAfter = async (ms: number) => {
      const app = await api.variant({ clock: { now: () => new Date(Date.now() + ms) } })
      return (await call(app, 'GET', `/v1/assets/${asset.id}`, as(clientToken))).statusCode
    }
    expect([await statusAfter(3_590_000), await statusAfter(3_601_000)]).toEqual([200, 401])
  })

  it('gives up its own upload', async () => {
    const { asset, upload, clientToken } = await createUpload(api)
    const other = await createUpload(api)
    const abort = (id: string) => api.call('DELETE', `/v1/uploads/${id}`, as(clientToken))
    expect(problemOf(await abort(other.upload.id))).toBe('404 NOT_FOUND')
    expect((await abort(upload.id)).statusCode).toBe(204)
    expect((await api.call('GET', `/v1/assets/${asset.id}`)).json<Asset>().status).toBe('deleting')
  })

  it('signed with another secret is nobody', async () => {
    const { asset } = await createUpload(api)
    const claims = { assetId: asset.id, projectId: api.projectId, expiresAt: Date.now() / 1000 + 60 }
    const right = issueClientToken(claims, api.deps.settings.secret)
    const forged = issueClientToken(claims, 'x'.repeat(32))
    const url = `/v1/assets/${asset.id}`
    expect((await api.call('GET', url, as(right))).statusCode).toBe(200)
    expect(problemOf(await api.call('GET', url, as(forged)))).toBe('401 UNAUTHORIZED')
  })

  it('whose claims were changed is nobody', async () => {
    const mine = await createUpload(api)
    const other = await createUpload(api)
    const [, signature] = mine.clientToken.split('.')
    const [claims] = other.clientToken.split('.')
    const answer = await api.call('GET', `/v1/assets/${other.asset.id}`, as(`${claims}.${signature}`))
    expect(problemOf(answer)).toBe('401 UNAUTHORIZED')
  })

  it('does not outlive its asset', async () => {
    const { asset, upload, clientToken } = await createUpload(api)
    await api.call('DELETE', `/v1/assets/${asset.id}`)
    expect(problemOf(await api.call('POST', `/v1/uploads/${upload.id}/renew`, as(clientToken)))).toBe(
      '410 ASSET_DELETED',
    )
    const read = await api.call('GET', `/v1/assets/${asset.id}`, as(clientToken))
    expect(read.json<Asset>().status).toBe('deleting')
  })
})
