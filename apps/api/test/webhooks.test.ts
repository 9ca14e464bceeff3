import type { DeliveryPage, EventPage, Webhook, WebhookDelivery, WebhookWithSecret } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { createDatabase } from '@darkroom/db/client'
import { makeDeliveries } from '@darkroom/db/webhooks'
import { parseAllowList } from '@darkroom/outbound'
import { openSecret, renderMessage } from '@darkroom/webhooks'
import { sql } from 'drizzle-orm'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { encodeFeedCursor } from '../src/routes/events/feed-cursor.ts'
import { call, createKey, createUpload, problemOf, unknownId } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
let stranger: { key: string; projectId: string }
beforeAll(async () => {
  stranger = await createKey(api.deps, { project: 'stranger' })
})
afterEach(() => execute(sql`DELETE FROM webhook_endpoints`))

const execute = (query: ReturnType<typeof sql>) => api.deps.database.db.execute(query)
const HOOK = 'https://hook.example/darkroom'

async function create(body: object = {}, key = api.key): Promise<WebhookWithSecret> {
  const answer = await api.call('POST', '/v1/webhooks', { key, body: { url: HOOK, ...body } })
  if (answer.statusCode !== 201) throw new Error(answer.body)
  return answer.json()
}
const list = async (key = api.key) =>
  (await api.call('GET', '/v1/webhooks', { key })).json<{ items: Webhook[] }>().items
const deliveriesOf = async (id: string, query = '') =>
  (await api.call('GET', `/v1/webhooks/${id}/deliveries${query}`)).json<DeliveryPage>()
const makeAll = (id: string) =>
  api.deps.database.db.transaction(tx =>
    makeDeliveries(tx, id, event => JSON.stringify({ type: event.type, timestamp: event.createdAt, data: {} })),
  )
const secretOf = async (id: string, column: 'secret' | 'previous_secret' = 'secret') => {
  const [row] = await execute(sql`SELECT ${sql.identifier(column)} AS kept FROM webhook_endpoints WHERE id = ${id}`)
  return openSecret(String(row?.kept), { endpointId: id, key: api.deps.settings.secret })
}

describe('a webhook endpoint', () => {
  it('is registered, with its secret shown once', async () => {
    const { secret, ...created } = await create({ events: ['asset.ready'], description: 'the shop' })
    expect(secret).toMatch(/^whsec_/)
    expect(created).toMatchObject({ url: HOOK, events: ['asset.ready'], enabled: true, description: 'the shop' })
    expect(await list()).toEqual([created])
    expect(await secretOf(created.id)).toBe(secret)
    const rows = await execute(sql`SELECT row_to_json(e)::text AS row FROM webhook_endpoints e`)
    expect(rows.map(({ row }) => row).join()).not.toContain(secret?.slice(6, 30))
  })

  it('is changed, disabled and enabled', async () => {
    const { id } = await create()
    const patch = async (body: object) => (await api.call('PATCH', `/v1/webhooks/${id}`, { body })).json<Webhook>()
    expect(await patch({ url: `${HOOK}/2`, events: ['asset.failed'], description: 'x' })).toMatchObject({
      url: `${HOOK}/2`,
      events: ['asset.failed'],
      description: 'x',
      enabled: true,
    })
    expect(await patch({ events: null })).toMatchObject({ events: null, url: `${HOOK}/2` })
    expect(await patch({ enabled: false })).toMatchObject({ enabled: false, disabledReason: 'owner' })
    await execute(sql`UPDATE webhook_endpoints SET disabled_reason = 'failing', failing_since = now()`)
    expect(await patch({ enabled: false })).toMatchObject({ enabled: false, disabledReason: 'failing' })
    expect(await patch({ enabled: true })).toMatchObject({ enabled: true, disabledReason: null, failingSince: null })
    expect(await patch({})).toMatchObject({ enabled: true, description: 'x' })
  })

  it('gets a new secret, and keeps the one before for a day', async () => {
    const created = await create()
    const rotated = (await api.call('POST', `/v1/webhooks/${created.id}/rotate`)).json<WebhookWithSecret>()
    expect(rotated.secret).not.toBe(created.secret)
    expect(await secretOf(created.id)).toBe(rotated.secret)
    expect(await secretOf(created.id, 'previous_secret')).toBe(created.secret)
    const hours = (Date.parse(rotated.previousSecretExpiresAt ?? '') - Date.now()) / 3_600_000
    expect(hours).toBeCloseTo(24, 1)
    await execute(sql`UPDATE webhook_endpoints SET previous_secret_until = now() - interval '1 s'`)
    expect((await list())[0]?.previousSecretExpiresAt).toBeNull()
  })

  it('is deleted with its deliveries', async () => {
    const { id } = await create()
    await api.call('POST', `/v1/webhooks/${id}/test`)
    expect((await api.call('DELETE', `/v1/webhooks/${id}`)).statusCode).toBe(204)
    expect(await list()).toEqual([])
    expect(problemOf(await api.call('DELETE', `/v1/webhooks/${id}`))).toBe('404 NOT_FOUND')
    const [row] = await execute(sql`SELECT count(*)::int AS left FROM webhook_deliveries`)
    expect(row?.left).toBe(0)
  })

  it('is one of ten, also when many are registered at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 15 }, () => api.call('POST', '/v1/webhooks', { body: { url: HOOK } })),
    )
    expect(answers.filter(({ statusCode }) => statusCode === 201)).toHaveLength(10)
    expect(answers.filter(answer => answer.statusCode !== 201).map(problemOf)).toEqual(
      Array.from({ length: 5 }, () => '422 WEBHOOK_LIMIT'),
    )
    expect(await create({}, stranger.key)).toMatchObject({ enabled: true })
  })

  it.each([
    ['inside', { url: 'http://169.254.169.254/' }, '422 URL_NOT_ALLOWED'],
    ['on this machine', { url: 'http://127.1/' }, '422 URL_NOT_ALLOWED'],
    ['with a password', { url: 'https://a:b@hook.example/' }, '422 URL_NOT_ALLOWED'],
    ['on another port', { url: 'https://hook.example:8443/' }, '422 URL_NOT_ALLOWED'],
    ['of another scheme', { url: 'ftp://hook.example/' }, '422 URL_NOT_ALLOWED'],
    ['that is none', { url: 'hook' }, '400 INVALID_REQUEST'],
    ['for an unknown type', { url: HOOK, events: ['asset.cooked'] }, '400 INVALID_REQUEST'],
    ['for no type', { url: HOOK, events: [] }, '400 INVALID_REQUEST'],
  ])('%s is refused, at its registration and at a change', async (_, body, problem) => {
    expect(problemOf(await api.call('POST', '/v1/webhooks', { body }))).toBe(problem)
    const { id } = await create()
    expect(problemOf(await api.call('PATCH', `/v1/webhooks/${id}`, { body }))).toBe(problem)
  })

  it('inside is taken where the operator allows it', async () => {
    const app = await api.variant({ settings: { outboundAllow: parseAllowList(['10.0.0.0/8', 'localhost:4000']) } })
    const codes = await Promise.all(
      ['http://10.1.1.1/', 'http://localhost:4000/', 'http://localhost:4001/'].map(
        async url => (await call(app, 'POST', '/v1/webhooks', { key: api.key, body: { url } })).statusCode,
      ),
    )
    expect(codes).toEqual([201, 201, 422])
  })
})

describe('a delivery', () => {
  it('is listed with its message and what came of it', async () => {
    const { id } = await create()
    await createUpload(api)
    await createUpload(api)
    await makeAll(id)
    await execute(
      sql`UPDATE webhook_deliveries SET status = 'delivered', settled_at = now() WHERE id = (SELECT min(id::text)::uuid FROM webhook_deliveries)`,
    )
    await execute(sql`UPDATE webhook_deliveries SET attempts = 30`)
    await execute(sql`INSERT INTO webhook_attempts (id, delivery_id, attempt, started_at, duration_ms, status, answer)
      SELECT gen_random_uuid(), d.id, n, now(), 12, 500, 'no' FROM webhook_deliveries d, generate_series(1, 30) n`)
    const { items } = await deliveriesOf(id)
    expect(items.map(({ type, status }) => `${type} ${status}`)).toEqual([
      'asset.created pending',
      'asset.created delivered',
    ])
    expect(items[0]?.attempts.map(({ attempt }) => attempt)).toEqual(Array.from({ length: 20 }, (_, n) => 30 - n))
    expect(items[0]?.attempts[0]).toMatchObject({ durationMs: 12, status: 500, answer: 'no', error: null })
    expect((await deliveriesOf(id, '?status=delivered')).items).toHaveLength(1)
    expect((await deliveriesOf(id, '?status=failed')).items).toHaveLength(0)
    const first = await deliveriesOf(id, '?limit=1')
    const second = await deliveriesOf(id, `?limit=1&cursor=${first.nextCursor}`)
    expect([...first.items, ...second.items].map(each => each.id)).toEqual(items.map(each => each.id))
    expect(second.nextCursor).toBeNull()
    const get = (path: string) => api.call('GET', `/v1/webhooks/${path}`)
    expect((await get(`${id}/deliveries/${items[0]?.id}`)).json()).toEqual(items[0])
    const { id: other } = await create()
    for (const missing of [
      `${other}/deliveries/${items[0]?.id}`,
      `${id}/deliveries/${unknownId()}`,
      `${id}/deliveries/7`,
    ])
      expect([missing, (await get(missing)).statusCode]).toEqual([missing, 404])
  })

  it('is enqueued again, under its id; one that is under way stays so', async () => {
    const { id } = await create()
    const { id: deliveryId } = (await api.call('POST', `/v1/webhooks/${id}/test`)).json<WebhookDelivery>()
    const redeliver = () => api.call('POST', `/v1/webhooks/${id}/deliveries/${deliveryId}/redeliver`)
    await execute(
      sql`UPDATE webhook_deliveries SET status = 'failed', failures = 10, attempts = 10, settled_at = now()`,
    )
    const answer = await redeliver()
    expect([answer.statusCode, answer.json<WebhookDelivery>()]).toMatchObject([
      202,
      { id: deliveryId, status: 'pending' },
    ])
    const token = newId()
    await execute(
      sql`UPDATE webhook_deliveries SET lease_token = ${token}, next_attempt_at = now() + interval '1 minute'`,
    )
    expect((await redeliver()).statusCode).toBe(202)
    const [row] = await execute(sql`SELECT lease_token, failures, attempts FROM webhook_deliveries`)
    expect(row).toEqual({ lease_token: token, failures: 0, attempts: 10 })
  })

  it('of a test is a ping', async () => {
    const { id } = await create()
    const answer = await api.call('POST', `/v1/webhooks/${id}/test`)
    expect([answer.statusCode, answer.json()]).toMatchObject([
      202,
      { type: 'webhook.ping', status: 'pending', message: { type: 'webhook.ping', data: { webhookId: id } } },
    ])
  })

  it.each(['test', 'replay', `deliveries/${unknownId()}/redeliver`])(
    'is not asked of a disabled endpoint: %s',
    async path => {
      const { id } = await create()
      await api.call('PATCH', `/v1/webhooks/${id}`, { body: { enabled: false } })
      const body = path === 'replay' ? { after: '2026-01-01T00:00:00Z' } : undefined
      const answer = await api.call('POST', `/v1/webhooks/${id}/${path}`, { body })
      expect(problemOf(answer)).toBe('409 WEBHOOK_DISABLED')
    },
  )
})

describe('a replay', () => {
  const replay = (id: string, after: string) => api.call('POST', `/v1/webhooks/${id}/replay`, { body: { after } })

  it('sends again what was sent, and what happened before the endpoint was there', async () => {
    await createUpload(api)
    const start = (await api.call('GET', '/v1/events?after=latest')).json<EventPage>().nextCursor
    const before = await createUpload(api)
    const { id } = await create({ events: ['asset.created'] })
    const after = await createUpload(api)
    await makeAll(id)
    const [first] = (await deliveriesOf(id)).items
    await execute(sql`UPDATE webhook_deliveries SET status = 'delivered', settled_at = now()`)
    expect((await replay(id, start)).json()).toEqual({ redelivered: 1 })
    await makeAll(id)
    const { items } = await deliveriesOf(id)
    expect(items.every(({ status }) => status === 'pending')).toBe(true)
    expect(items.map(each => each.id)).toContain(first?.id)
    const [row] = await execute(sql`SELECT json_agg(asset_id::text ORDER BY e.id) AS told
      FROM webhook_deliveries d JOIN events e ON e.id = d.event_id`)
    expect(row?.told).toEqual([before.asset.id, after.asset.id])
  })

  it('goes from a time as well', async () => {
    await execute(sql`UPDATE events SET created_at = now() - interval '1 hour' WHERE project_id = ${api.projectId}`)
    await createUpload(api)
    const { id } = await create()
    expect((await replay(id, new Date(Date.now() - 60_000).toISOString())).statusCode).toBe(202)
    await makeAll(id)
    expect((await deliveriesOf(id)).items).toHaveLength(1)
    await replay(id, '2000-01-01T00:00:00+02:00')
    await makeAll(id)
    expect((await deliveriesOf(id)).items.length).toBeGreaterThan(1)
  })

  const unsealed = Buffer.from('0.0').toString('base64url')
  it.each(['', 'yesterday', '2026-13-01T00:00:00Z', 'bm8', unsealed])('from "%s" is refused', async after => {
    const { id } = await create()
    expect(problemOf(await replay(id, after))).toBe('400 INVALID_REQUEST')
  })
})

const ROUTES = [
  ['GET', '', 200, undefined],
  ['PATCH', '', 200, { enabled: true }],
  ['POST', '/rotate', 200, undefined],
  ['GET', '/deliveries', 200, undefined],
  ['POST', '/deliveries/:deliveryId/redeliver', 202, undefined],
  ['POST', '/replay', 202, { after: '2026-01-01T00:00:00Z' }],
  ['POST', '/test', 202, undefined],
  ['DELETE', '', 204, undefined],
] as const

describe.each(ROUTES)('%s /v1/webhooks/:id%s', (method, path, status, body) => {
  const ask = async (id: string, deliveryId: string, key: string | null) => {
    return api.call(method, `/v1/webhooks/${id}${path.replace(':deliveryId', deliveryId)}`, { key, body })
  }

  it(`answers ${status} to the owner and 404 to another project, and for what is not there`, async () => {
    const { id } = await create()
    const delivery = (await api.call('POST', `/v1/webhooks/${id}/test`)).json<WebhookDelivery>()
    expect(problemOf(await ask(id, delivery.id, stranger.key))).toBe('404 NOT_FOUND')
    for (const other of [unknownId(), 'x'])
      expect(problemOf(await ask(other, delivery.id, api.key))).toBe('404 NOT_FOUND')
    expect((await ask(id, delivery.id, api.key)).statusCode).toBe(status)
  })

  it('wants a key with the scope', async () => {
    const { id } = await create()
    const missing = method === 'GET' ? 'read' : 'write'
    const scopes = ['upload', 'read', 'write', 'admin'].filter(scope => scope !== missing)
    const { key } = await createKey(api.deps, { scopes })
    expect(problemOf(await ask(id, unknownId(), key))).toBe('403 FORBIDDEN')
    expect(problemOf(await ask(id, unknownId(), null))).toBe('401 UNAUTHORIZED')
  })
})

it('another’s delivery is not reached through one’s own endpoint', async () => {
  const { id } = await create()
  const theirs = await create({}, stranger.key)
  const test = await api.call('POST', `/v1/webhooks/${theirs.id}/test`, { key: stranger.key })
  const path = `/v1/webhooks/${id}/deliveries/${test.json<WebhookDelivery>().id}/redeliver`
  expect(problemOf(await api.call('POST', path))).toBe('404 NOT_FOUND')
  expect(problemOf(await api.call('POST', `/v1/webhooks/${id}/deliveries/x/redeliver`))).toBe('404 NOT_FOUND')
})

describe('the log', () => {
  const read = async (query: string, key = api.key) =>
    (await api.call('GET', `/v1/events?${query}`, { key })).json<EventPage>()
  const latest = async () => (await read('after=latest')).nextCursor

  it('is read page by page, in order, and goes on where it stopped', async () => {
    const start = await latest()
    const made = [await createUpload(api), await createUpload(api), await createUpload(api)]
    const first = await read(`after=${start}&limit=2`)
    const second = await read(`after=${first.nextCursor}&limit=2`)
    const ids = [...first.items, ...second.items].map(({ data }) => data.assetId)
    expect(ids).toEqual(made.map(({ asset }) => asset.id))
    expect(first.items[0]).toEqual({
      id: expect.stringMatching(/^msg_[\w-]{22}$/),
      type: 'asset.created',
      timestamp: expect.any(String),
      data: { assetId: made[0]?.asset.id, revision: made[0]?.asset.revision },
    })
    expect((await read(`after=${second.nextCursor}`)).items).toEqual([])
    const { asset } = await createUpload(api)
    expect((await read(`after=${second.nextCursor}`)).items.map(({ data }) => data.assetId)).toEqual([asset.id])
  })

  it('of types that are rare goes on page by page, although there is nothing on most', async () => {
    const mine = await createKey(api.deps, { project: 'rare types' })
    await api.deps.database.db.execute(sql`
      INSERT INTO events (project_id, asset_id, seq, type)
      SELECT ${mine.projectId}, gen_random_uuid(), 1, CASE n WHEN 5500 THEN 'asset.failed' ELSE 'asset.created' END
      FROM generate_series(1, 5500) AS n ORDER BY n`)
    const first = await read('types=asset.failed', mine.key)
    expect(first).toMatchObject({ items: [], hasMore: true })
    const second = await read(`types=asset.failed&after=${first.nextCursor}`, mine.key)
    expect([second.items.map(({ type }) => type), second.hasMore]).toEqual([['asset.failed'], false])
  })

  it('tells nothing of what other projects do', async () => {
    await createUpload(api)
    await createUpload(api)
    const { items, nextCursor } = await read('limit=200')
    expect(items.length).toBeGreaterThan(1)
    for (const text of [nextCursor, ...items.map(item => item.id)]) {
      expect(Number(text)).toBeNaN()
      expect(Buffer.from(text, 'base64url').toString('latin1')).not.toMatch(/^\d+(\.\d+)?$/)
    }
    expect(new Set(items.map(item => item.id)).size).toBe(items.length)
  })

  it('begins anew after a cursor that anybody can make, whatever it says', async () => {
    const fromStart = await read('limit=200')
    for (const made of ['0.0', '815.4711', '99999999999.1', '9223372036854775807.0']) {
      const page = await read(`after=${Buffer.from(made).toString('base64url')}&limit=200`)
      expect(page).toEqual({ ...fromStart, nextCursor: expect.any(String) })
      expect((await read(`after=${page.nextCursor}`)).items).toEqual([])
    }
  })

  it('is not read with a cursor that is ahead of it, as after a restore of the database', async () => {
    const ahead = encodeFeedCursor({ xid: '9223372036854775807', id: 0 }, api.deps.settings.secret)
    expect(problemOf(await api.call('GET', `/v1/events?after=${ahead}`))).toBe('400 INVALID_REQUEST')
  })

  it('names an event as its webhooks do', async () => {
    const { id } = await create()
    const start = await latest()
    await createUpload(api)
    await api.deps.database.db.transaction(tx => makeDeliveries(tx, id, event => JSON.stringify(renderMessage(event))))
    const [event] = (await read(`after=${start}`)).items
    const { items } = (await api.call('GET', `/v1/webhooks/${id}/deliveries`)).json<DeliveryPage>()
    expect(items.map(({ messageId }) => messageId)).toEqual([event?.id])
  })

  it('is read by type, and its cursor passes what was not asked for', async () => {
    const start = await latest()
    const { asset } = await createUpload(api)
    await api.call('PATCH', `/v1/assets/${asset.id}`, { body: { tags: ['a'] } })
    expect((await read(`after=${start}&types=asset.updated,asset.failed`)).items.map(({ type }) => type)).toEqual([
      'asset.updated',
    ])
    const none = await read(`after=${start}&types=asset.failed`)
    expect(none.items).toEqual([])
    expect((await read(`after=${none.nextCursor}`)).items).toEqual([])
  })

  it('is the project’s own', async () => {
    const start = await latest()
    await createUpload(api)
    expect((await read(`after=${start}`, stranger.key)).items).toEqual([])
  })

  it('never lets a cursor skip an event that is committed after later ones', async () => {
    const start = await latest()
    const other = createDatabase(api.databaseUrl, { max: 1 })
    const isOpen = Promise.withResolvers<void>()
    const mayCommit = Promise.withResolvers<void>()
    const late = newId()
    const transaction = other.db.transaction(async tx => {
      await tx.execute(sql`INSERT INTO events (project_id, asset_id, seq, type)
        VALUES (${api.projectId}, ${late}, 1, 'asset.ready')`)
      isOpen.resolve()
      await mayCommit.promise
    })
    await isOpen.promise
    const { asset } = await createUpload(api)
    const during = await read(`after=${start}`)
    mayCommit.resolve()
    await transaction
    await other.close()
    const after = await read(`after=${during.nextCursor}`)
    expect(during.items).toEqual([])
    expect(after.items.map(({ data }) => data.assetId)).toEqual([late, asset.id])
  })

  it.each(['after=x', 'after=MS4', 'after=', 'types=asset.cooked', 'types=', 'limit=0', 'limit=201'])(
    'is not read with %s',
    async query => {
      expect(problemOf(await api.call('GET', `/v1/events?${query}`))).toBe('400 INVALID_REQUEST')
    },
  )

  it('wants a key with the scope read', async () => {
    const { key } = await createKey(api.deps, { scopes: ['upload', 'write', 'admin'] })
    expect(problemOf(await api.call('GET', '/v1/events', { key }))).toBe('403 FORBIDDEN')
    expect(problemOf(await api.call('GET', '/v1/events', { key: null }))).toBe('401 UNAUTHORIZED')
  })
})
