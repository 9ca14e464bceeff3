import { setTimeout as sleep } from 'node:timers/promises'
import { type FaultProxy, startFaultProxy } from '@darkroom/testing'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDatabase, type DatabaseClient, isDatabaseUnavailable, type Tx } from '../src/client/index.ts'
import { useTestDatabase } from './database.ts'

/** The shortest limit: what is silent for ten seconds more has no server. */
const LIMIT = { statementSec: 1 }
/** By then whatever is silent has been given up, also on a busy machine. */
const GIVEN_UP_MS = 20_000

const test = useTestDatabase()
let proxy: FaultProxy
/** Through the proxy. */
let database: DatabaseClient
beforeEach(async () => {
  const { hostname: host, port } = new URL(test.url)
  proxy = await startFaultProxy({ target: { host, port: Number(port) } })
  database = createDatabase(throughProxy(), { ...LIMIT, max: 2 })
})
afterEach(async () => {
  await proxy.close()
  await database.close()
})

const throughProxy = () => Object.assign(new URL(test.url), { hostname: proxy.host, port: `${proxy.port}` }).href
const ask = (tx: Tx, query = sql`SELECT 1`) => tx.execute(query)
const errorOf = (work: Promise<unknown>) => work.then(() => null).catch((error: unknown) => error)

describe('a server that says nothing any more', () => {
  it('is given up, and what comes next goes over new connections', async () => {
    await Promise.all([ask(database.db), ask(database.db)])
    const began = performance.now()
    proxy.freeze()
    const waiting = [ask(database.db), database.db.transaction(tx => ask(tx)), ask(database.db)].map(errorOf)
    for (const error of await Promise.all(waiting.slice(0, 2))) expect(isDatabaseUnavailable(error)).toBe(true)
    expect(performance.now() - began).toBeLessThan(GIVEN_UP_MS)
    expect(await errorOf(ask(database.db))).toBe(null)
  })

  it('is not the same as one that works for long, where that is wanted', async () => {
    await database.withoutStatementTimeout(db => ask(db, sql`SELECT pg_sleep(2)`))
  })

  it('holds up work without a limit no longer than whoever wants it', async () => {
    const [controller, { promise: isFrozen, resolve: frozen }] = [new AbortController(), Promise.withResolvers<void>()]
    const work = database.withoutStatementTimeout(
      async db => {
        await ask(db)
        proxy.freeze()
        frozen()
        await ask(db)
      },
      { signal: controller.signal },
    )
    await isFrozen
    // Until the statement is on its way.
    await sleep(500)
    controller.abort()
    expect(isDatabaseUnavailable(await errorOf(work))).toBe(true)
  })

  it('is not the same as a session that listens', async () => {
    const heard: string[] = []
    let subscriptions = 0
    const unlisten = await database.listen(
      'news',
      payload => heard.push(payload),
      () => subscriptions++,
    )
    await sleep(13_000)
    await test.database.db.execute(sql`SELECT pg_notify('news', 'late')`)
    await expect.poll(() => heard, { timeout: 5000 }).toEqual(['late'])
    expect(subscriptions).toBe(1)
    await unlisten()
  })
})

describe('a subscription', () => {
  it.each([
    ['is frozen', () => proxy.freeze()],
    ['was reset', () => proxy.reset()],
    ['is refused', () => proxy.stopAccepting()],
  ])('ends soon and without a fault when its connection %s', async (_title, breakIt) => {
    const unlisten = await database.listen('news', () => undefined)
    await breakIt()
    const began = performance.now()
    expect(await errorOf(unlisten())).toBe(null)
    expect(performance.now() - began).toBeLessThan(GIVEN_UP_MS)
  })
})

describe('a statement that takes too long', () => {
  it.each([
    ['in its work', sql`SELECT pg_sleep(30)`],
    ['in its wait for a lock', sql`SELECT pg_advisory_lock(7)`],
  ])('%s is ended by Postgres', async (_title, query) => {
    const began = performance.now()
    await test.database.db.transaction(async holder => {
      await ask(holder, sql`SELECT pg_advisory_xact_lock(7)`)
      expect(await errorOf(ask(database.db, query)).then(isDatabaseUnavailable)).toBe(true)
    })
    expect(performance.now() - began).toBeLessThan(25_000)
    expect(await errorOf(ask(database.db))).toBe(null)
  })
})

describe('who is gone without a word inside a transaction', () => {
  it('lets go of its rows', async () => {
    const lock = (tx: Tx) => ask(tx, sql`SELECT id FROM projects WHERE id = ${test.projectId} FOR UPDATE`)
    let isHeld = false
    const gone = database.db.transaction(async tx => {
      await lock(tx)
      proxy.freeze()
      isHeld = true
      await new Promise(() => undefined)
    })
    gone.catch(() => undefined)
    await expect.poll(() => isHeld, { timeout: 30_000 }).toBe(true)
    const began = performance.now()
    await test.database.db.transaction(lock)
    expect(performance.now() - began).toBeLessThan(GIVEN_UP_MS)
  })
})

describe('an advisory lock', () => {
  const keepFor = async (keep: () => Promise<void>, ms: number) => {
    for (const end = performance.now() + ms; performance.now() < end; await sleep(1000)) await keep()
  }

  it('is held as long as it is kept', async () => {
    const lock = await database.tryAdvisoryLock('lead', () => undefined)
    await keepFor(async () => lock?.keep(), 13_000)
    expect(await test.database.tryAdvisoryLock('lead', () => undefined)).toBe(null)
    await lock?.release()
    const next = await test.database.tryAdvisoryLock('lead', () => undefined)
    expect(next).not.toBe(null)
    await next?.release()
  })

  it('goes to another when its holder is cut off, and the holder hears of it', async () => {
    let losses = 0
    const lock = await database.tryAdvisoryLock('lead', () => losses++)
    proxy.freeze()
    const kept = errorOf(Promise.resolve(lock?.keep()))
    let next: Awaited<typeof lock> = null
    const take = async () => {
      next ??= await test.database.tryAdvisoryLock('lead', () => undefined)
      return next !== null
    }
    await expect.poll(take, { timeout: GIVEN_UP_MS, interval: 500 }).toBe(true)
    await expect.poll(() => losses, { timeout: GIVEN_UP_MS }).toBe(1)
    expect(isDatabaseUnavailable(await kept)).toBe(true)
    expect(await errorOf(Promise.resolve(lock?.keep()))).toMatchObject({ message: expect.stringContaining('lost') })
    await (next as Awaited<typeof lock>)?.release()
  })
})
