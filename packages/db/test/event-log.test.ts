import { newId } from '@darkroom/core'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { createDatabase } from '../src/client/index.ts'
import { findLineageBehind, moveLineageCursor, readChangedAssets } from '../src/lineage/index.ts'
import { migrateDatabase } from '../src/migrate/index.ts'
import {
  deleteOldDeliveries,
  findWebhooksBehind,
  insertPing,
  insertWebhook,
  listDeliveries,
  makeDeliveries,
} from '../src/webhooks/index.ts'
import { useTestDatabase } from './database.ts'

const test = useTestDatabase()

const execute = (query: ReturnType<typeof sql>) => test.database.db.execute(query)
const happen = () =>
  execute(sql`INSERT INTO events (project_id, asset_id, seq, type)
    VALUES (${test.projectId}, gen_random_uuid(), 1, 'asset.ready')`)
const register = () =>
  test.database.db.transaction(tx =>
    insertWebhook(tx, {
      id: newId(),
      projectId: test.projectId,
      url: 'https://hook.example/',
      description: '',
      eventTypes: null,
      secret: 'sealed',
    }),
  )
const made = async (endpointId: string) => {
  const { db } = test.database
  if ((await findWebhooksBehind(db)).includes(endpointId))
    await db.transaction(tx => makeDeliveries(tx, endpointId, () => '{}'))
  return (await listDeliveries(db, { endpointId, status: undefined, after: null, limit: 100 })).length
}

describe('the log of a database that was restored from a dump of another server', () => {
  it('goes on where it stood, with what was written before and after', async () => {
    const { id } = await register()
    await happen()
    await happen()
    expect(await made(id)).toBe(2)
    await happen()
    // The ids of the old server were far ahead of this one's.
    await execute(sql`UPDATE events SET xid = ((xid::text)::bigint + 1000000000)::text::xid8`)
    await execute(sql`UPDATE webhook_endpoints SET cursor_xid = ((cursor_xid::text)::bigint + 1000000000)::text::xid8`)
    await happen()
    expect(await made(id)).toBe(2)
    await migrateDatabase(test.url)
    expect(await made(id)).toBe(4)
    await happen()
    expect(await made(id)).toBe(5)
  })

  it('tells which assets have no manifest yet, and none that has one', async () => {
    const { db } = test.database
    /** Assets that changed since the last call. */
    const changed = async () => {
      const [behind] = (await findLineageBehind(db)).filter(({ projectId }) => projectId === test.projectId)
      if (!behind) return 0
      const { assetIds, next } = await readChangedAssets(db, behind, 0)
      if (next) await moveLineageCursor(db, test.projectId, next)
      return assetIds.length
    }
    await changed()
    await happen()
    expect(await changed()).toBe(1)
    await happen()
    await execute(sql`UPDATE events SET xid = ((xid::text)::bigint + 1000000000)::text::xid8`)
    await execute(sql`UPDATE lineage_cursors SET xid = ((xid::text)::bigint + 1000000000)::text::xid8`)
    await happen()
    await migrateDatabase(test.url)
    expect(await changed()).toBe(2)
    await happen()
    expect(await changed()).toBe(1)
  })

  it('is left alone when it is this server’s own', async () => {
    await happen()
    const xids = () => execute(sql`SELECT xid::text FROM events ORDER BY id`)
    const before = [...(await xids())]
    await migrateDatabase(test.url)
    expect([...(await xids())]).toEqual(before)
  })
})

describe('a transaction that stays open', () => {
  const elsewhere = () => Object.assign(new URL(test.url), { pathname: '/postgres' }).href

  /** A transaction that has written and does not end. */
  async function openWriter(url: string) {
    const { db, close } = createDatabase(url, { max: 1 })
    const hasWritten = Promise.withResolvers<void>()
    const mayEnd = Promise.withResolvers<void>()
    const ended = db.transaction(async tx => {
      await tx.execute(sql`CREATE TEMPORARY TABLE batch (step int)`)
      hasWritten.resolve()
      await mayEnd.promise
    })
    await Promise.race([hasWritten.promise, ended])
    return async () => {
      mayEnd.resolve()
      await ended
      await close()
    }
  }

  it('holds the log back in our own database, because its events come before those of others', async () => {
    const { id } = await register()
    const end = await openWriter(test.url)
    await happen()
    expect(await made(id)).toBe(0)
    await end()
    expect(await made(id)).toBe(1)
  })

  it('does not in another database of the same server', async () => {
    const { id } = await register()
    const end = await openWriter(elsewhere())
    await happen()
    expect(await made(id)).toBe(1)
    await end()
  })

  it('elsewhere does not give a new endpoint what happened before it was registered', async () => {
    const end = await openWriter(elsewhere())
    await happen()
    const { id } = await register()
    await end()
    expect(await made(id)).toBe(0)
  })
})

describe('deliveries', () => {
  it('are forgotten when they were settled long ago, with their attempts, and waiting ones are not', async () => {
    const endpoint = await register()
    const { db } = test.database
    const ages = ['31 days', '29 days', null]
    for (const age of ages) {
      const { id } = await insertPing(db, endpoint, { type: 'webhook.ping', body: '{}' })
      await execute(sql`UPDATE webhook_deliveries SET created_at = now() - interval '90 days',
        settled_at = now() - ${age}::interval WHERE id = ${id}`)
      await execute(sql`INSERT INTO webhook_attempts (id, delivery_id, attempt, started_at, duration_ms)
        VALUES (gen_random_uuid(), ${id}, 1, now(), 1)`)
    }
    expect(await deleteOldDeliveries(db, 30, 100)).toBe(1)
    const [left] = await execute(sql`SELECT count(*)::int AS deliveries, count(a.id)::int AS attempts
      FROM webhook_deliveries d LEFT JOIN webhook_attempts a ON a.delivery_id = d.id WHERE d.endpoint_id = ${endpoint.id}`)
    expect(left).toEqual({ deliveries: 2, attempts: 2 })
    const [orphans] = await execute(sql`SELECT count(*)::int AS attempts FROM webhook_attempts`)
    expect(orphans?.attempts).toBe(2)
  })
})
