import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { NO_FAULTS, newId, silentLogger } from '@darkroom/core'
import { createDatabase } from '@darkroom/db/client'
import {
  insertPing,
  insertWebhook,
  makeDeliveries,
  patchWebhook,
  replayDeliveries,
  rotateWebhookSecret,
  type WebhookEndpoint,
} from '@darkroom/db/webhooks'
import { createOutboundClient, type OutboundClient, parseAllowList } from '@darkroom/outbound'
import { messageIdOf, newSecret, sealSecret } from '@darkroom/webhooks'
import { sql } from 'drizzle-orm'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it } from 'vitest'
import { startWebhooks, type WebhookSender } from '../src/webhooks/index.ts'
import { eventually, useBed } from './harness.ts'
import { type Receiver, startReceiver } from './receiver.ts'

const KEY = 'k'.repeat(32)

const bed = useBed()

const receivers: Receiver[] = []
const senders: { sender: WebhookSender; outbound: OutboundClient }[] = []

async function receiver(): Promise<Receiver> {
  const started = await startReceiver()
  receivers.push(started)
  return started
}

function send(allowed: Receiver[], change: { key?: string; resolve?: () => Promise<string[]> } = {}): WebhookSender {
  const allow = parseAllowList(allowed.map(({ host }) => host))
  const outbound = createOutboundClient(allow, ...(change.resolve ? [change.resolve] : []))
  const sender = startWebhooks({
    database: bed.database,
    outbound,
    logger: silentLogger,
    faults: NO_FAULTS,
    secret: change.key ?? KEY,
    disableAfterSec: 5 * 86_400,
  })
  senders.push({ sender, outbound })
  return sender
}

afterEach(async () => {
  for (const each of receivers.splice(0)) await each.close()
  for (const { sender, outbound } of senders.splice(0)) {
    await sender.close()
    await outbound.close()
  }
  await execute(sql`DELETE FROM webhook_endpoints`)
  await execute(sql`DELETE FROM events`)
})

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)

async function endpoint(
  url: string,
  eventTypes: string[] | null = null,
): Promise<{ row: WebhookEndpoint; secret: string }> {
  const id = newId()
  const secret = newSecret()
  const kept = sealSecret(secret, { endpointId: id, key: KEY })
  const { projectId } = bed
  const row = await bed.database.db.transaction(tx =>
    insertWebhook(tx, { id, projectId, url, description: '', eventTypes, secret: kept }),
  )
  return { row, secret }
}

/** Something that happened. Answers the asset that it happened to. */
async function happen(type = 'asset.ready', data = {}, projectId = bed.projectId): Promise<string> {
  const assetId = newId()
  await execute(sql`INSERT INTO events (project_id, asset_id, seq, type, data)
    VALUES (${projectId}, ${assetId}, 7, ${type}, ${JSON.stringify(data)}::jsonb)`)
  return assetId
}

const happenOften = (times: number) =>
  execute(sql`INSERT INTO events (project_id, asset_id, seq, type)
    SELECT ${bed.projectId}, gen_random_uuid(), 1, 'asset.ready' FROM generate_series(1, ${times}::int)`)

const timeHasCome = () =>
  execute(sql`UPDATE webhook_deliveries SET next_attempt_at = now() - interval '1 s' WHERE status = 'pending'`)

interface Row {
  status: string
  attempts: number
  waits_sec: number
  codes: (string | null)[]
  answers: (string | null)[]
}
const deliveries = async (): Promise<Row[]> => [
  ...(await bed.database.db.execute<Row & Record<string, unknown>>(sql`
    SELECT d.status, d.attempts, round(extract(epoch FROM d.next_attempt_at - now()))::int AS waits_sec,
      (SELECT json_agg(a.error->>'code' ORDER BY a.attempt) FROM webhook_attempts a WHERE a.delivery_id = d.id) AS codes,
      (SELECT json_agg(a.answer ORDER BY a.attempt) FROM webhook_attempts a WHERE a.delivery_id = d.id) AS answers
    FROM webhook_deliveries d ORDER BY d.id`)),
]
const endpointState = async (id: string) => {
  const [row] = await execute(sql`SELECT disabled_reason AS reason, disabled_at IS NOT NULL AS disabled,
    failing_since IS NOT NULL AS failing, last_error->>'code' AS code FROM webhook_endpoints WHERE id = ${id}`)
  return row
}

describe('an event', () => {
  it('has one webhook-id at every endpoint, which is its id in the feed', async () => {
    const hooks = [await receiver(), await receiver()]
    for (const hook of hooks) await endpoint(hook.url)
    await happen()
    send(hooks)
    for (const hook of hooks) await eventually(() => hook.received.length).toBe(1)
    const [event] = await execute(sql`SELECT id FROM events`)
    const ids = hooks.flatMap(({ received }) => received.map(({ headers }) => headers['webhook-id']))
    expect(ids).toEqual(Array(2).fill(messageIdOf(Number(event?.id), KEY)))
  })

  it('arrives signed, as the reference library verifies it', async () => {
    const hook = await receiver()
    const { secret } = await endpoint(hook.url)
    const assetId = await happen('variant.ready', { name: 'thumb' })
    send([hook])
    await eventually(() => hook.received.length).toBe(1)
    const [message] = hook.received
    expect(new Webhook(secret).verify(message?.body ?? '', message?.headers ?? {})).toEqual({
      type: 'variant.ready',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      data: { name: 'thumb', assetId, revision: 7 },
    })
    await eventually(deliveries).toMatchObject([{ status: 'delivered', attempts: 1, codes: [null] }])
  })

  it('goes to those who asked for its type, and to no other project', async () => {
    const hook = await receiver()
    await endpoint(`${hook.url}/all`)
    await endpoint(`${hook.url}/failed`, ['asset.failed'])
    send([hook])
    await happen('asset.ready')
    await happen('asset.failed', { code: 'CORRUPT_FILE' })
    await happen('asset.failed', {}, newId())
    await eventually(() => hook.received.length).toBe(3)
    await new Promise(resolve => setTimeout(resolve, 1200))
    const told = hook.received.map(({ path, body }) => `${path} ${JSON.parse(body).type}`).sort()
    expect(told).toEqual(['/hook/all asset.failed', '/hook/all asset.ready', '/hook/failed asset.failed'])
  })

  it('is told once by any number of processes', async () => {
    const hook = await receiver()
    await endpoint(hook.url)
    await happenOften(300)
    send([hook])
    send([hook])
    send([hook])
    await eventually(async () => (await deliveries()).filter(({ status }) => status === 'delivered').length).toBe(300)
    expect(hook.received).toHaveLength(300)
    expect(new Set(hook.received.map(({ headers }) => headers['webhook-id'])).size).toBe(300)
  })

  it('that commits after later ones is not skipped', async () => {
    const hook = await receiver()
    await endpoint(hook.url)
    const slow = createDatabase(bed.databaseUrl, { max: 1 })
    const late = newId()
    const isOpen = Promise.withResolvers<void>()
    const mayCommit = Promise.withResolvers<void>()
    const transaction = slow.db.transaction(async tx => {
      await tx.execute(sql`INSERT INTO events (project_id, asset_id, seq, type)
        VALUES (${bed.projectId}, ${late}, 1, 'asset.ready')`)
      isOpen.resolve()
      await mayCommit.promise
    })
    await isOpen.promise
    const early = await happen()
    send([hook])
    await new Promise(resolve => setTimeout(resolve, 1500))
    expect(hook.received).toHaveLength(0)
    mayCommit.resolve()
    await transaction
    await slow.close()
    const told = () => hook.received.map(({ body }) => JSON.parse(body).data.assetId).sort()
    await eventually(told).toEqual([late, early].sort())
  })

  it('is made a delivery together with the step of the cursor, or not at all', async () => {
    const { row } = await endpoint('https://hook.example')
    await happen()
    const { db } = bed.database
    const crash = db.transaction(async tx => {
      await makeDeliveries(tx, row.id, () => '{}')
      throw new Error('the process died here')
    })
    await expect(crash).rejects.toThrow('died')
    expect(await deliveries()).toHaveLength(0)
    for (let time = 0; time < 2; time++) await db.transaction(tx => makeDeliveries(tx, row.id, () => '{}'))
    expect(await deliveries()).toHaveLength(1)
  })
})

describe('a delivery that fails', () => {
  it('is sent again under the same id, at a time of its own', async () => {
    const hook = await receiver()
    const { secret, row } = await endpoint(hook.url)
    hook.answer(response => response.writeHead(500).end('no\0t now'))
    send([hook])
    await happen()
    await eventually(deliveries).toMatchObject([
      { status: 'pending', attempts: 1, codes: ['WEBHOOK_REFUSED'], answers: ['no\uFFFDt now'] },
    ])
    expect((await deliveries())[0]?.waits_sec).toBeLessThanOrEqual(6)
    expect(await endpointState(row.id)).toMatchObject({ failing: true, code: 'WEBHOOK_REFUSED', disabled: false })
    hook.answer(response => response.writeHead(200).end())
    // By itself, after five seconds.
    await eventually(deliveries).toMatchObject([{ status: 'delivered', attempts: 2 }])
    const [first, second] = hook.received.map(({ headers }) => headers)
    expect(second?.['webhook-id']).toBe(first?.['webhook-id'])
    expect(Number(second?.['webhook-timestamp'])).toBeGreaterThan(Number(first?.['webhook-timestamp']))
    expect(second?.['webhook-signature']).not.toBe(first?.['webhook-signature'])
    for (const { body, headers } of hook.received) new Webhook(secret).verify(body, headers)
    expect(await endpointState(row.id)).toMatchObject({ failing: false, code: null })
  })

  it('waits as long as the endpoint asks', async () => {
    const hook = await receiver()
    await endpoint(hook.url)
    hook.answer(response => response.writeHead(429, { 'retry-after': '7200' }).end())
    send([hook])
    await happen()
    await eventually(async () => (await deliveries())[0]?.attempts).toBe(1)
    expect((await deliveries())[0]?.waits_sec).toBeGreaterThan(7100)
  })

  it('is not sent where a redirect points', async () => {
    const [hook, other] = [await receiver(), await receiver()]
    await endpoint(hook.url)
    hook.answer(response => response.writeHead(301, { location: other.url }).end())
    send([hook, other])
    await happen()
    await eventually(deliveries).toMatchObject([{ status: 'pending', codes: ['WEBHOOK_REFUSED'] }])
    expect(other.received).toHaveLength(0)
  })

  it('for the tenth time is given up, and can be sent again by hand', async () => {
    const hook = await receiver()
    const { row } = await endpoint(hook.url)
    hook.answer(response => response.writeHead(500).end())
    await happen()
    send([hook])
    for (let attempt = 1; attempt <= 10; attempt++) {
      await eventually(async () => (await deliveries())[0]?.attempts).toBe(attempt)
      await timeHasCome()
    }
    expect(await deliveries()).toMatchObject([{ status: 'failed', attempts: 10 }])
    hook.answer(response => response.writeHead(200).end())
    const again = await bed.database.db.transaction(tx => replayDeliveries(tx, row, { xid: '0', id: 0 }))
    expect(again).toBe(1)
    await eventually(deliveries).toMatchObject([{ status: 'delivered', attempts: 11 }])
    expect(new Set(hook.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  })

  it('leaves no more of the answer than four kilobytes', async () => {
    const hook = await receiver()
    await endpoint(hook.url)
    hook.answer(response => response.writeHead(400).end('x'.repeat(1_000_000)))
    send([hook])
    await happen()
    await eventually(async () => (await deliveries())[0]?.answers?.[0]?.length).toBe(4096)
  })
})

describe('an endpoint', () => {
  it('that is gone is disabled at once, and the log says so', async () => {
    const hook = await receiver()
    const { row } = await endpoint(hook.url)
    hook.answer(response => response.writeHead(410).end())
    send([hook])
    await happen()
    await eventually(() => endpointState(row.id)).toMatchObject({ disabled: true, reason: 'gone' })
    const told = await execute(sql`SELECT project_id, data FROM events WHERE type = 'webhook.disabled'`)
    expect([...told]).toEqual([
      { project_id: bed.projectId, data: { webhookId: row.id, reason: 'gone', code: 'WEBHOOK_REFUSED' } },
    ])
    await happen()
    await new Promise(resolve => setTimeout(resolve, 1200))
    expect(hook.received).toHaveLength(1)

    // It is back: what it refused comes again, with what happened meanwhile, its own end included.
    hook.answer(response => response.writeHead(204).end())
    await patchWebhook(bed.database.db, bed.projectId, row.id, { enabled: true })
    await timeHasCome()
    await eventually(async () => (await deliveries()).map(({ status }) => status)).toEqual(Array(3).fill('delivered'))
    const [refused, ...later] = hook.received.map(({ headers }) => headers['webhook-id'])
    expect(later).toContain(refused)
  })

  it('that has failed for days is disabled', async () => {
    const hook = await receiver()
    const { row } = await endpoint(hook.url)
    hook.answer(response => response.writeHead(500).end())
    await execute(sql`UPDATE webhook_endpoints SET failing_since = now() - interval '119 hours 59 minutes'`)
    send([hook])
    await happen()
    await eventually(async () => (await deliveries())[0]?.attempts).toBe(1)
    expect(await endpointState(row.id)).toMatchObject({ disabled: false, failing: true })
    await execute(sql`UPDATE webhook_endpoints SET failing_since = now() - interval '120 hours'`)
    await timeHasCome()
    await eventually(() => endpointState(row.id)).toMatchObject({ disabled: true, reason: 'failing' })
  })

  it('whose name comes to lead inside is not called, and flagged', async () => {
    const inside = await receiver()
    const { row } = await endpoint('http://hook.example/')
    send([], { resolve: async () => ['127.0.0.1'] })
    await happen()
    await eventually(deliveries).toMatchObject([{ status: 'pending', codes: ['URL_NOT_ALLOWED'] }])
    expect(await endpointState(row.id)).toMatchObject({ failing: true, code: 'URL_NOT_ALLOWED' })
    expect(inside.received).toHaveLength(0)
  })

  it('that does not answer delays no other', async () => {
    const [dead, alive] = [await receiver(), await receiver()]
    dead.answer(() => undefined)
    await endpoint(dead.url)
    await endpoint(alive.url)
    send([dead, alive])
    const begun = performance.now()
    await happenOften(40)
    await eventually(() => alive.received.length).toBe(40)
    // A request may take 15 seconds; nobody has waited for one.
    expect(performance.now() - begun).toBeLessThan(14_000)
    expect(dead.received.length).toBeLessThanOrEqual(8)
  })

  it('whose secret was kept with another key is told of, and works again when it is rotated', async () => {
    const hook = await receiver()
    const { row } = await endpoint(hook.url)
    const key = 'x'.repeat(32)
    send([hook], { key })
    await happen()
    await eventually(deliveries).toMatchObject([{ codes: ['WEBHOOK_SECRET_UNREADABLE'] }])
    expect(hook.received).toHaveLength(0)
    const secret = newSecret()
    const kept = sealSecret(secret, { endpointId: row.id, key })
    await rotateWebhookSecret(bed.database.db, bed.projectId, row.id, { secret: kept, overlapSec: 60 })
    await timeHasCome()
    await eventually(() => hook.received.length).toBe(1)
    const [message] = hook.received
    expect(new Webhook(secret).verify(message?.body ?? '', message?.headers ?? {})).toBeTruthy()
  })

  it('with a new secret gets two signatures until the overlap is over', async () => {
    const hook = await receiver()
    const { row, secret: old } = await endpoint(hook.url)
    const secret = newSecret()
    const kept = sealSecret(secret, { endpointId: row.id, key: KEY })
    await rotateWebhookSecret(bed.database.db, bed.projectId, row.id, { secret: kept, overlapSec: 60 })
    send([hook])
    await happen()
    await eventually(() => hook.received.length).toBe(1)
    await execute(sql`UPDATE webhook_endpoints SET previous_secret_until = now()`)
    await happen()
    await eventually(() => hook.received.length).toBe(2)
    const [during, after] = hook.received
    const verifies =
      (with_: string, message = during) =>
      () =>
        new Webhook(with_).verify(message?.body ?? '', message?.headers ?? {})
    expect(during?.headers['webhook-signature'].split(' ')).toHaveLength(2)
    for (const each of [old, secret]) expect(verifies(each)()).toBeTruthy()
    expect(after?.headers['webhook-signature'].split(' ')).toHaveLength(1)
    expect(verifies(secret, after)()).toBeTruthy()
    expect(verifies(old, after)).toThrow()
  })
})

describe('a process that ends', () => {
  it('by kill -9 in the middle of a request leaves it to another, under the same id', async () => {
    const hook = await receiver()
    const { row } = await endpoint(hook.url)
    await bed.database.db.transaction(tx => insertPing(tx, row, { type: 'webhook.ping', body: '{}' }))
    hook.answer(() => undefined)
    const env = bed.env({ DARKROOM_SECRET: KEY, OUTBOUND_ALLOW: hook.host, WORKER_QUEUES: 'system' })
    const main = join(import.meta.dirname, '../src/main.ts')
    const child = spawn(process.execPath, [main], { env, stdio: 'ignore' })
    const died = new Promise(resolve => child.on('exit', resolve))
    await eventually(() => hook.received.length).toBe(1)
    child.kill('SIGKILL')
    await died
    hook.answer(response => response.writeHead(204).end())
    send([hook])
    // Until the lease is over it is the dead one's.
    await new Promise(resolve => setTimeout(resolve, 1000))
    expect(await deliveries()).toMatchObject([{ status: 'pending', attempts: 0 }])
    await timeHasCome()
    await eventually(deliveries).toMatchObject([{ status: 'delivered', attempts: 1 }])
    const ids = hook.received.map(({ headers }) => headers['webhook-id'])
    expect(ids).toEqual([ids[0], ids[0]])
  })

  it('too slow for its lease writes nothing over what another did', async () => {
    const hook = await receiver()
    await endpoint(hook.url)
    const asked = Promise.withResolvers<() => void>()
    hook.answer(response => asked.resolve(() => response.writeHead(500).end()))
    const slow = send([hook])
    await happen()
    const refuse = await asked.promise
    await timeHasCome()
    hook.answer(response => response.writeHead(204).end())
    await eventually(deliveries).toMatchObject([{ status: 'delivered', attempts: 1 }])
    refuse()
    await slow.close()
    expect(await deliveries()).toMatchObject([{ status: 'delivered', attempts: 1, codes: [null] }])
  })

  it('in order hands back what it could not send to the end', async () => {
    const hook = await receiver()
    await endpoint(hook.url)
    hook.answer(() => undefined)
    const sender = send([hook])
    await happen()
    await eventually(() => hook.received.length).toBe(1)
    await sender.close()
    expect(await deliveries()).toMatchObject([{ status: 'pending', attempts: 0 }])
    const [row] = await execute(sql`SELECT lease_token FROM webhook_deliveries`)
    expect(row?.lease_token).toBeNull()
  })
})
