import { randomUUID } from 'node:crypto'
import type {
  Asset,
  Backfill,
  Job,
  Preset,
  UploadConfirmed,
  UploadCreated,
  WebhookDelivery,
  WebhookWithSecret,
} from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { registerWorker } from '@darkroom/db/jobs'
import { makeDeliveries } from '@darkroom/db/webhooks'
import { claimJob } from '@darkroom/jobs/sql'
import { openSecret } from '@darkroom/webhooks'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  confirmedUpload,
  createKey,
  createUpload,
  deliveredUpload,
  newUpload,
  problemOf,
  putBytes,
  readyAsset,
  type SingleUploadCreated,
} from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
let operator: string
beforeAll(async () => {
  operator = (await createKey(api.deps, { project: null })).key
})

const REPLAYED = 'idempotency-replayed'
const post = (url: string, body: unknown, idempotencyKey: string, key = api.key) =>
  api.call('POST', url, { key, ...(body !== undefined && { body }), headers: { 'idempotency-key': idempotencyKey } })
const create = (idempotencyKey: string, overrides = {}, key = api.key) =>
  post('/v1/uploads', newUpload(overrides), idempotencyKey, key)

async function count(table: 'assets' | 'api_keys' | 'jobs' | 'idempotency_keys', where = sql`true`): Promise<number> {
  const [row] = await api.deps.database.db.execute<{ n: number }>(
    sql`SELECT count(*)::int AS n FROM ${sql.identifier(table)} WHERE ${where}`,
  )
  return row?.n ?? -1
}

/** As if so much time had passed for this key. */
const age = (key: string, interval: string) =>
  api.deps.database.db.execute(
    sql`UPDATE idempotency_keys SET claimed_at = claimed_at - ${interval}::interval WHERE key = ${key}`,
  )

/** As a process leaves it that was killed between claim and commit. */
async function abandonedClaim(idempotencyKey: string, overrides = {}): Promise<void> {
  await create(idempotencyKey, overrides)
  const { db } = api.deps.database
  await db.execute(sql`UPDATE idempotency_keys SET completed_at = NULL, outcome = NULL WHERE key = ${idempotencyKey}`)
}

interface Repeatable {
  path: string
  /** What stands for the path from its first parameter to its last. */
  make?: () => Promise<string>
  body?: unknown
  status: number
  isOperators?: true
  /** What must be the same in both answers. */
  same: (answer: Record<string, never>) => unknown
}

const idOfAnswer = ({ id }: { id?: string }) => id
const idOfJob = ({ job }: { job?: Job }) => job?.id
const idOfBackfill = ({ backfill }: { backfill?: Backfill }) => backfill?.id
const nothing = () => null
const HOOK = 'https://hook.example/darkroom'

const POSTS: Repeatable[] = [
  { path: '/v1/uploads', body: newUpload(), status: 201, same: (answer: { asset?: Asset }) => answer.asset?.id },
  {
    path: '/v1/uploads/batch',
    body: { uploads: [newUpload()] },
    status: 201,
    same: ({ items }: { items?: { asset: Asset }[] }) => items?.map(({ asset }) => asset.id),
  },
  { path: '/v1/uploads/confirm', body: { ids: [randomUUID()] }, status: 202, same: nothing },
  {
    path: '/v1/uploads/forms',
    body: { folder: 'forms' },
    status: 201,
    same: (answer: { action?: string }) => answer.action,
  },
  { path: '/v1/imports', body: { url: 'https://media.example/a.jpg' }, status: 202, same: idOfJob },
  {
    path: '/v1/uploads/{id}/renew',
    make: async () => (await createUpload(api)).upload.id,
    status: 200,
    same: (answer: { upload?: { id: string } }) => answer.upload?.id,
  },
  {
    path: '/v1/uploads/{id}/parts',
    make: async () => (await createUpload(api, { multipart: true })).upload.id,
    body: { partNumbers: [1] },
    status: 200,
    same: (answer: { parts?: { partNumber: number }[] }) => answer.parts?.map(part => part.partNumber),
  },
  {
    path: '/v1/uploads/{id}/confirm',
    make: async () => (await deliveredUpload(api)).upload.id,
    status: 202,
    same: idOfJob,
  },
  {
    path: '/v1/assets/{id}/reprocess',
    make: async () => (await readyAsset(api)).asset.id,
    status: 202,
    same: idOfJob,
  },
  { path: '/v1/presets', body: { name: 'once', definition: {} }, status: 201, same: idOfAnswer },
  { path: '/v1/presets/{name}/plan', make: plannable, body: {}, status: 200, same: ({ assets }) => assets },
  { path: '/v1/presets/{name}/apply', make: appliable, body: { version: 1 }, status: 202, same: idOfBackfill },
  ...(['pause', 'resume', 'cancel'] as const).map(
    (action): Repeatable => ({
      path: `/v1/backfills/{id}/${action}`,
      make: async () => (await runningBackfill()).id,
      status: 200,
      same: ({ backfill }: { backfill?: Backfill }) => [backfill?.id, backfill?.status],
    }),
  ),
  {
    path: '/v1/assets/{id}/shares',
    make: async () => (await readyAsset(api)).asset.id,
    body: {},
    status: 201,
    same: idOfAnswer,
  },
  { path: '/v1/archives', body: { ids: [randomUUID()] }, status: 201, same: ({ files }) => files },
  { path: '/v1/assets/bulk', body: { action: 'tag', tags: ['x'], ids: [randomUUID()] }, status: 200, same: nothing },
  {
    path: '/v1/assets/{id}/takedown',
    make: async () => (await readyAsset(api)).asset.id,
    body: { reason: 'by law' },
    status: 202,
    same: (answer: { takedown?: { assetId: string } }) => answer.takedown?.assetId,
  },
  { path: '/v1/assets/status', body: { ids: [randomUUID()] }, status: 200, same: answer => answer },
  {
    path: '/v1/admin/jobs/{id}/requeue',
    make: async () => (await confirmedUpload(api)).job.id,
    status: 202,
    same: idOfJob,
  },
  {
    path: '/v1/admin/jobs/{id}/cancel',
    make: async () => (await confirmedUpload(api)).job.id,
    status: 200,
    same: idOfJob,
  },
  { path: '/v1/admin/jobs/requeue', body: { all: true }, status: 200, same: answer => answer },
  {
    path: '/v1/admin/quarantine',
    body: { sha256: 'c'.repeat(64), reason: 'by hand' },
    status: 201,
    same: idOfAnswer,
  },
  { path: '/v1/admin/queues/{name}/pause', make: async () => 'audio', status: 200, isOperators: true, same: nothing },
  { path: '/v1/admin/queues/{name}/resume', make: async () => 'audio', status: 200, isOperators: true, same: nothing },
  { path: '/v1/admin/rebuild-queue', status: 200, isOperators: true, same: nothing },
  { path: '/v1/admin/projects', body: { name: 'once' }, status: 201, isOperators: true, same: idOfAnswer },
  {
    path: '/v1/admin/projects/{id}/restore',
    make: async () => api.projectId,
    status: 200,
    isOperators: true,
    same: idOfAnswer,
  },
  { path: '/v1/admin/usage/reconcile', status: 200, isOperators: true, same: nothing },
  {
    path: '/v1/admin/keys',
    body: { name: 'once', scopes: ['admin'] },
    status: 201,
    isOperators: true,
    same: ({ key: _, ...rest }) => rest,
  },
  {
    path: '/v1/admin/projects/{id}/keys',
    make: async () => api.projectId,
    body: { name: 'once', scopes: ['read'] },
    status: 201,
    isOperators: true,
    same: idOfAnswer,
  },
  { path: '/v1/keys', body: { name: 'once', scopes: ['read'] }, status: 201, same: idOfAnswer },
  { path: '/v1/webhooks', body: { url: HOOK }, status: 201, same: idOfAnswer },
  {
    path: '/v1/webhooks/{id}/rotate',
    make: async () => (await webhook()).id,
    status: 200,
    same: (answer: Partial<WebhookWithSecret>) => [answer.id, answer.previousSecretExpiresAt],
  },
  {
    path: '/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver',
    make: async () => {
      const { id } = await webhook()
      return `${id}/deliveries/${(await ping(id)).id}`
    },
    status: 202,
    same: idOfAnswer,
  },
  {
    path: '/v1/webhooks/{id}/replay',
    make: async () => (await webhook()).id,
    body: { after: '2026-01-01T00:00:00Z' },
    status: 202,
    same: answer => answer,
  },
  { path: '/v1/webhooks/{id}/test', make: async () => (await webhook()).id, status: 202, same: idOfAnswer },
  ...(['/v1/admin/keys/{id}/rotate', '/v1/keys/{id}/rotate'] as const).map(
    (path): Repeatable => ({
      path,
      make: async () => idOfKey(await createKey(api.deps)),
      ...(path.includes('admin') && { isOperators: true as const }),
      status: 201,
      same: idOfAnswer,
    }),
  ),
]

async function idOfKey({ shortId }: { shortId: string }): Promise<string> {
  const [row] = await api.deps.database.db.execute<{ id: string }>(
    sql`SELECT id FROM api_keys WHERE short_id = ${shortId}`,
  )
  return row?.id ?? ''
}

const webhook = async () => (await api.call('POST', '/v1/webhooks', { body: { url: HOOK } })).json<WebhookWithSecret>()
const ping = async (id: string) => (await api.call('POST', `/v1/webhooks/${id}/test`)).json<WebhookDelivery>()

/** Only who has workers has a plan. */
async function plannable(): Promise<string> {
  const engines = { sharp: '0.35.5', libvips: '8.18.0', ffmpeg: null }
  const worker = { id: newId(), host: 'a', version: '1', queues: ['image' as const], lacks: [], slots: 1, engines }
  await registerWorker(api.deps.database.db, worker)
  return 'default'
}

/** One backfill at a time in a project. */
async function appliable(): Promise<string> {
  await api.deps.database.db.execute(
    sql`UPDATE backfills SET status = 'cancelled', finished_at = now() WHERE finished_at IS NULL`,
  )
  return 'default'
}

async function runningBackfill(): Promise<Backfill> {
  const answer = await api.call('POST', `/v1/presets/${await appliable()}/apply`, { body: { version: 1 } })
  return answer.json<{ backfill: Backfill }>().backfill
}

describe.each(POSTS)('POST $path with an Idempotency-Key', ({ path, make, body, status, isOperators, same }) => {
  it('answers a repetition with the same resource and says so', async () => {
    const url = path.replace(/\{.*\}/, (await make?.()) ?? '')
    const [idempotencyKey, key] = [randomUUID(), isOperators ? operator : api.key]
    const first = await post(url, body, idempotencyKey, key)
    expect(first.statusCode).toBe(status)
    expect(first.headers[REPLAYED]).toBeUndefined()
    const second = await post(url, body, idempotencyKey, key)
    expect(second.statusCode).toBe(status)
    expect(second.headers[REPLAYED]).toBe('true')
    expect(same(second.json())).toEqual(same(first.json()))
  })
})

it('covers every POST of the contract', () => {
  // The store's own deduplication is by event id, a browser sends a form without the header, tus.test.ts has a creation of tus,
  // and a preview of a preset leaves nothing behind that a repetition could double.
  const elsewhere = ['/v1/hooks/b2', '/v1/uploads/form', '/v1/tus', '/v1/presets/preview']
  const documented = Object.entries(api.app.swagger().paths ?? {}).flatMap(([path, methods]) =>
    methods && 'post' in methods && !elsewhere.includes(path) ? [path] : [],
  )
  expect(documented.toSorted()).toEqual(POSTS.map(({ path }) => path).toSorted())
  for (const path of documented) {
    const names = api.app.swagger().paths?.[path]?.post?.parameters?.map(each => 'name' in each && each.name)
    expect(names?.filter(name => name === 'Idempotency-Key')).toHaveLength(1)
  }
})

describe('the same key', () => {
  it('with another body is refused, however the fields are ordered', async () => {
    const key = randomUUID()
    const { filename, contentType, byteSize } = newUpload()
    expect((await create(key)).statusCode).toBe(201)
    const reordered = await post('/v1/uploads', { byteSize, contentType, filename }, key)
    expect(reordered.headers[REPLAYED]).toBe('true')
    expect(problemOf(await create(key, { filename: 'other.jpg' }))).toBe('422 IDEMPOTENCY_MISMATCH')
  })

  it('in another project is another request', async () => {
    const stranger = await createKey(api.deps, { project: 'stranger' })
    const key = randomUUID()
    const mine = (await create(key, { externalId: key })).json<SingleUploadCreated>()
    const theirs = await create(key, { externalId: key, filename: 'theirs.jpg' }, stranger.key)
    expect(theirs.statusCode).toBe(201)
    expect(theirs.headers[REPLAYED]).toBeUndefined()
    expect(theirs.json<SingleUploadCreated>().asset.id).not.toBe(mine.asset.id)
  })

  it('on another route, or for another id, is another request', async () => {
    const key = randomUUID()
    const [one, other] = [await createUpload(api), await createUpload(api)]
    for (const { upload, clientToken } of [one, other]) {
      const answer = await post(`/v1/uploads/${upload.id}/renew`, undefined, key, clientToken)
      expect(answer.statusCode).toBe(200)
      expect(answer.headers[REPLAYED]).toBeUndefined()
    }
  })

  it('fifty times at once makes one resource; the others get it or are told to wait', async () => {
    const key = randomUUID()
    const answers = await Promise.all(Array.from({ length: 50 }, () => create(key, { externalId: key })))
    const made = answers.filter(answer => answer.statusCode === 201)
    expect(made.filter(answer => answer.headers[REPLAYED] === undefined)).toHaveLength(1)
    expect(new Set(made.map(answer => answer.json<SingleUploadCreated>().asset.id)).size).toBe(1)
    for (const answer of answers.filter(({ statusCode }) => statusCode !== 201)) {
      expect(problemOf(answer)).toBe('409 IDEMPOTENCY_IN_FLIGHT')
      expect(answer.headers['retry-after']).toBe('1')
    }
    expect(await count('assets', sql`external_id = ${key}`)).toBe(1)
    expect((await create(key, { externalId: key })).headers[REPLAYED]).toBe('true')
  })

  it('is forgotten after a day', async () => {
    const key = randomUUID()
    const first = (await create(key)).json<SingleUploadCreated>()
    await age(key, '24 hours')
    const second = await create(key, { filename: 'new.jpg' })
    expect(second.statusCode).toBe(201)
    expect(second.headers[REPLAYED]).toBeUndefined()
    expect(second.json<SingleUploadCreated>().asset.id).not.toBe(first.asset.id)
  })

  it.each(['', 'with space', 'ü', 'x'.repeat(256)])('must be one: %j is refused', async key => {
    expect(problemOf(await create(key))).toBe('400 INVALID_REQUEST')
  })
})

describe('a request that failed', () => {
  it('gives its key free', async () => {
    const key = randomUUID()
    await createUpload(api, { externalId: key })
    expect(problemOf(await create(key, { externalId: key }))).toBe('409 EXTERNAL_ID_TAKEN')
    expect(problemOf(await create(key, { byteSize: 0 }))).toBe('422 EMPTY_FILE')
    expect((await create(key)).statusCode).toBe(201)
  })

  it('leaves nothing, and its key to be tried again, when its process is killed before the commit', async () => {
    const key = randomUUID()
    const { db } = api.deps.database
    const body = { name: 'killed', scopes: ['read'] }
    // So that the key's last use is written before the table is locked.
    await api.call('GET', '/v1/admin/projects', { key: operator })
    // Holds up the effect, so that the connection dies in the middle of its transaction.
    const blocker = db.transaction(async tx => {
      await tx.execute(sql`LOCK TABLE api_keys IN EXCLUSIVE MODE`)
      const answer = post(`/v1/admin/projects/${api.projectId}/keys`, body, key, operator)
      await expect.poll(() => waiting(), { timeout: 30_000 }).toBe(1)
      await db.execute(sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND datname = current_database()`)
      return answer
    })
    expect((await blocker).statusCode).toBe(503)
    expect(await count('api_keys', sql`name = 'killed'`)).toBe(0)
    const answer = await post(`/v1/admin/projects/${api.projectId}/keys`, body, key, operator)
    expect(answer.statusCode).toBe(201)
    expect(await count('api_keys', sql`name = 'killed'`)).toBe(1)
  })
})

describe('a claim whose process died', () => {
  it('holds the key for a minute', async () => {
    const key = randomUUID()
    await abandonedClaim(key, { tags: ['dead'] })
    expect(problemOf(await create(key, { tags: ['dead'] }))).toBe('409 IDEMPOTENCY_IN_FLIGHT')
    await age(key, '59 seconds')
    expect(problemOf(await create(key, { tags: ['dead'] }))).toBe('409 IDEMPOTENCY_IN_FLIGHT')
    await age(key, '1 second')
    const answer = await create(key, { tags: ['dead'] })
    expect(answer.statusCode).toBe(201)
    expect(answer.headers[REPLAYED]).toBeUndefined()
  })

  it('cannot be completed by whom it was taken from: what they did is rolled back', async () => {
    const key = randomUUID()
    const app = await api.variant({
      kinds: slowKinds(() => age(key, '61 seconds').then(() => create(key, { tags: [key] }))),
    })
    const slow = await app.inject({
      method: 'POST',
      url: '/v1/uploads',
      headers: { authorization: `Bearer ${api.key}`, 'idempotency-key': key },
      payload: newUpload({ tags: [key] }),
    })
    expect(problemOf(slow)).toBe('409 IDEMPOTENCY_IN_FLIGHT')
    expect(await count('assets', sql`tags @> ARRAY[${key}]`)).toBe(1)
  })
})

/** A look at what workers can do, in the middle of which something else happens. */
const slowKinds = (meanwhile: () => Promise<unknown>) => ({
  async unavailable() {
    await meanwhile()
    return []
  },
})

async function waiting(): Promise<number> {
  const [row] = await api.deps.database.db.execute<{ n: number }>(
    sql`SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  )
  return row?.n ?? 0
}

describe('a repetition', () => {
  it('gets fresh URLs that work', async () => {
    const key = randomUUID()
    const first = (await create(key)).json<SingleUploadCreated>()
    const second = (await create(key)).json<SingleUploadCreated>()
    expect(second.upload.id).toBe(first.upload.id)
    expect((await putBytes(second)).status).toBe(200)
    const confirmed = await api.call('POST', `/v1/uploads/${first.upload.id}/confirm`)
    expect(confirmed.json<UploadConfirmed>().asset.id).toBe(first.asset.id)
    // There is nothing left to put.
    const third = await create(key)
    expect([third.statusCode, third.headers[REPLAYED]]).toEqual([201, 'true'])
    const { asset, upload, clientToken } = third.json<UploadCreated>()
    expect([asset.id, asset.status, upload]).toEqual([
      ...[first.asset.id, 'processing'],
      { id: first.upload.id, type: 'none' },
    ])
    expect((await api.call('GET', `/v1/assets/${asset.id}`, { key: clientToken })).statusCode).toBe(200)
  })

  it('of an upload whose bytes were known answers it, and copies nothing twice', async () => {
    // A project of its own: these bytes are taken down in the other one.
    const { key: theirs } = await createKey(api.deps, { project: 'knows its bytes' })
    await readyAsset({ ...api, call: (method, url, options) => api.call(method, url, { key: theirs, ...options }) })
    const known = { sha256: 'a'.repeat(64), externalId: randomUUID() }
    const key = randomUUID()
    const [first, second] = [await create(key, known, theirs), await create(key, known, theirs)]
    expect(first.json<UploadCreated>().upload.type).toBe('none')
    expect([second.statusCode, second.headers[REPLAYED]]).toEqual([201, 'true'])
    const { asset, upload } = second.json<UploadCreated>()
    expect({ id: asset.id, upload }).toEqual({
      id: first.json<UploadCreated>().asset.id,
      upload: first.json<UploadCreated>().upload,
    })
    expect(await count('jobs', sql`asset_id = ${asset.id}`)).toBe(1)
  })

  it('of an upload that was given up, or ran out, says so', async () => {
    const [abortedKey, expiredKey] = [randomUUID(), randomUUID()]
    const aborted = (await create(abortedKey)).json<UploadCreated>()
    await api.call('DELETE', `/v1/uploads/${aborted.upload.id}`)
    expect(problemOf(await create(abortedKey))).toBe('410 ASSET_DELETED')
    const expired = (await create(expiredKey)).json<UploadCreated>()
    const { db } = api.deps.database
    await db.execute(sql`UPDATE uploads SET expires_at = now() - interval '1 s' WHERE id = ${expired.upload.id}`)
    expect(problemOf(await create(expiredKey))).toBe('410 UPLOAD_EXPIRED')
  })

  it('of a key never has the secret again', async () => {
    const key = randomUUID()
    const body = { name: 'secret', scopes: ['read'] }
    const first = (await post('/v1/keys', body, key)).json<{ key: string }>()
    const second = await post('/v1/keys', body, key)
    expect(second.json()).toMatchObject({ name: 'secret', key: null })
    expect(second.body).not.toContain(first.key.slice(12))
    const rows = await api.deps.database.db.execute(sql`SELECT k::text AS row FROM idempotency_keys k`)
    expect(JSON.stringify(rows)).not.toContain(first.key.slice(12))
  })

  it('of a webhook’s secret never has it again, and leaves what was given', async () => {
    const [keyOfCreation, keyOfRotation] = [randomUUID(), randomUUID()]
    const create = () => post('/v1/webhooks', { url: HOOK }, keyOfCreation)
    const { id, secret: initial } = (await create()).json<WebhookWithSecret>()
    const rotate = () => post(`/v1/webhooks/${id}/rotate`, undefined, keyOfRotation)
    const { secret: rotated } = (await rotate()).json<WebhookWithSecret>()
    const repeated = [await rotate(), await create()]
    expect(repeated.map(answer => answer.json())).toMatchObject([
      { id, secret: null },
      { id, secret: null },
    ])
    expect(repeated.map(answer => answer.headers['cache-control'])).toEqual(['no-store', 'no-store'])
    const [kept] = await api.deps.database.db.execute<Record<'secret' | 'previous_secret', string>>(
      sql`SELECT secret, previous_secret FROM webhook_endpoints WHERE id = ${id}`,
    )
    const open = (sealed = '') => openSecret(sealed, { endpointId: id, key: api.deps.settings.secret })
    expect([open(kept?.secret), open(kept?.previous_secret)]).toEqual([rotated, initial])
    const rows = JSON.stringify(await api.deps.database.db.execute(sql`SELECT k::text AS row FROM idempotency_keys k`))
    for (const secret of [initial, rotated]) {
      expect(secret).toMatch(/^whsec_/)
      expect(rows).not.toContain(secret)
    }
  })

  it('of what sends deliveries sends none again, also when the endpoint was disabled meanwhile', async () => {
    const { id } = await webhook()
    const { db } = api.deps.database
    await createUpload(api)
    // Not before every older transaction of the server, whichever test's, has ended.
    const made = async () => {
      await db.transaction(tx => makeDeliveries(tx, id, event => JSON.stringify({ type: event.type })))
      return db.execute(sql`SELECT id FROM webhook_deliveries WHERE endpoint_id = ${id}`)
    }
    await expect.poll(made, { timeout: 30_000 }).not.toHaveLength(0)
    const { id: deliveryId } = await ping(id)
    const key = randomUUID()
    const asked = [
      () => post(`/v1/webhooks/${id}/test`, undefined, key),
      () => post(`/v1/webhooks/${id}/deliveries/${deliveryId}/redeliver`, undefined, key),
      () => post(`/v1/webhooks/${id}/replay`, { after: '2026-01-01T00:00:00Z' }, key),
    ]
    for (const ask of asked) expect((await ask()).statusCode).toBe(202)
    await db.execute(
      sql`UPDATE webhook_deliveries SET status = 'delivered', settled_at = now() WHERE endpoint_id = ${id}`,
    )
    await api.call('PATCH', `/v1/webhooks/${id}`, { body: { enabled: false } })
    const repeated = await Promise.all(asked.map(ask => ask()))
    expect(repeated.map(answer => [answer.statusCode, answer.headers[REPLAYED]])).toEqual(
      asked.map(() => [202, 'true']),
    )
    expect(repeated.map(answer => answer.json())).toMatchObject([
      { status: 'delivered' },
      { id: deliveryId, status: 'delivered' },
      { redelivered: expect.toSatisfy(inLine => inLine > 0) },
    ])
    const left = await db.execute(sql`SELECT count(*) FILTER (WHERE type = 'webhook.ping')::int AS pings,
      count(*) FILTER (WHERE status = 'pending')::int AS pending FROM webhook_deliveries WHERE endpoint_id = ${id}`)
    expect(left).toMatchObject([{ pings: 2, pending: 0 }])
  })

  it('of a new version of a preset makes no other, although there is a newer one by now', async () => {
    const key = randomUUID()
    const version = (width: number) => ({
      name: 'repeated',
      definition: { image: { variants: [{ name: 'thumb', width, format: 'webp' }] } },
    })
    expect((await post('/v1/presets', version(10), key)).json<Preset>().version).toBe(1)
    expect((await post('/v1/presets', version(20), randomUUID())).json<Preset>().version).toBe(2)
    const again = await post('/v1/presets', version(10), key)
    expect([again.statusCode, again.json<Preset>().version]).toEqual([201, 1])
    expect((await api.call('GET', '/v1/presets/repeated')).json<{ versions: Preset[] }>().versions).toHaveLength(2)
  })

  it('of applying a preset answers the backfill as it is by now', async () => {
    const key = randomUUID()
    const url = `/v1/presets/${await appliable()}/apply`
    const first = (await post(url, { version: 1 }, key)).json<{ backfill: Backfill }>().backfill
    expect(problemOf(await post(url, { version: 1 }, randomUUID()))).toBe('409 BACKFILL_ACTIVE')
    await api.call('POST', `/v1/backfills/${first.id}/cancel`)
    const again = await post(url, { version: 1 }, key)
    expect([again.statusCode, again.headers.location]).toEqual([202, `/v1/backfills/${first.id}`])
    const { finishedAt, ...cancelled } = again.json<{ backfill: Backfill }>().backfill
    expect({ ...cancelled, finishedAt: null }).toEqual({ ...first, status: 'cancelled' })
    expect(finishedAt).not.toBeNull()
  })

  it('is refused as any other when its body is nested too deep', async () => {
    const answer = await api.call('POST', '/v1/admin/rebuild-queue', {
      key: (await createKey(api.deps, { project: null })).key,
      headers: { 'idempotency-key': randomUUID() },
      body: '{"a":'.repeat(5000) + 1 + '}'.repeat(5000),
    })
    expect(problemOf(answer)).toBe('400 INVALID_REQUEST')
  })

  it('of a requeue does nothing to a job that failed again', async () => {
    const { job } = await confirmedUpload(api)
    const { db } = api.deps.database
    const key = randomUUID()
    await post(`/v1/admin/jobs/${job.id}/requeue`, undefined, key)
    await claimJob(db, { jobId: job.id, host: 'test', leaseSec: 60 })
    await db.execute(sql`UPDATE jobs SET status = 'failed' WHERE id = ${job.id}`)
    const again = await post(`/v1/admin/jobs/${job.id}/requeue`, undefined, key)
    expect(again.json<{ job: Job }>().job.status).toBe('failed')
  })
})
