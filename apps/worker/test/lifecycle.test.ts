import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { ConfigError, newId, silentLogger } from '@darkroom/core'
import { type Dispatcher, startDispatcher } from '@darkroom/jobs/dispatcher'
import { createJobQueues, type JobQueues } from '@darkroom/jobs/executor'
import { hasRedis, startFaultProxy, startTestRedis } from '@darkroom/testing'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startWorker } from '../src/index.ts'
import {
  assetOf,
  attemptsOf,
  eventually,
  expectStoreAndRowsAgree,
  jobOf,
  mediaProcesses,
  PHOTO,
  runFolders,
  SMALL_PNG,
  untilStatus,
  uploaded,
  useBed,
} from './harness.ts'

const bed = useBed()
afterEach(() => bed.b2.faults.clear())

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)
const smallPng = () => uploaded(bed, SMALL_PNG, { contentType: 'image/png' })

describe('a worker that is closed', () => {
  it('hands back what it does not finish in time: no attempt is counted, no file and no process is left', async () => {
    const worker = await bed.startWorker({ WORKER_GRACE_SEC: '0' })
    bed.b2.faults.set({ kind: 'delay', ms: 60_000, match: { method: 'PUT', key: 'variants/' } })
    const { asset } = await uploaded(bed, PHOTO)
    await eventually(() =>
      bed.b2.requests.list({ method: 'PUT' }).some(({ key }) => key?.startsWith('variants/')),
    ).toBe(true)
    const start = performance.now()
    await worker.close()
    // Far below the minute that the upload would take.
    expect(performance.now() - start).toBeLessThan(30_000)
    expect(await jobOf(bed, asset.id)).toMatchObject({
      status: 'queued',
      attempt: 0,
      lane: 'interactive',
      leaseToken: null,
      error: null,
    })
    expect(await attemptsOf(bed, asset.id)).toEqual(['1 snoozed'])
    expect(await runFolders(bed)).toEqual([])
    expect(await readdir(bed.tempDir)).toEqual([])
    await eventually(mediaProcesses).toEqual([])

    bed.b2.faults.clear()
    const next = await bed.startWorker()
    await untilStatus(bed, asset.id, 'ready')
    await next.close()
    await expectStoreAndRowsAgree(bed)
  })

  it('finishes what it can within its grace', async () => {
    const worker = await bed.startWorker()
    bed.b2.faults.set({ kind: 'delay', ms: 700, match: { method: 'PUT', key: 'variants/' } })
    const { asset } = await uploaded(bed, PHOTO)
    await eventually(async () => (await jobOf(bed, asset.id)).status).toBe('running')
    await worker.close()
    expect((await assetOf(bed, asset.id)).status).toBe('ready')
    expect(await attemptsOf(bed, asset.id)).toEqual(['1 done'])
  })

  it.each([
    ['refuses', 'stopAccepting'],
    ['says nothing any more', 'freeze'],
  ] as const)('ends well while its database %s', { timeout: 300_000 }, async (_, outage) => {
    const { hostname, port } = new URL(bed.databaseUrl)
    const proxy = await startFaultProxy({ target: { host: hostname, port: Number(port) } })
    const url = Object.assign(new URL(bed.databaseUrl), { host: `${proxy.host}:${proxy.port}` })
    const worker = await bed.startWorker({ DATABASE_URL: url.href, DATABASE_STATEMENT_SEC: '3' })
    await proxy[outage]()
    if (outage === 'freeze') proxy.setFaults({ hang: true })
    await worker.close()
    await proxy.close()
    await eventually(() => readdir(bed.tempDir)).toEqual([])
  })

  it('leaves no connection to the database', async () => {
    // Not those of the tests before, of which Postgres may not know yet that they were cut off.
    const [{ began } = {}] = await bed.database.db.execute<{ began: string }>(
      sql`SELECT clock_timestamp()::text AS began`,
    )
    const worker = await bed.startWorker()
    await worker.close()
    const left = async () =>
      execute(
        sql`SELECT application_name FROM pg_stat_activity WHERE datname = current_database()
          AND backend_start > ${began}::timestamptz AND application_name IN ('darkroom-worker', 'darkroom-queue')`,
      )
    await eventually(async () => [...(await left())]).toEqual([])
  })
})

describe('a worker that starts', () => {
  it('removes what one that was killed left on the disk, and says that it lives', async () => {
    const dead = join(bed.tempDir, `${hostname()}-999999999`)
    const foreign = join(bed.tempDir, 'another-host-1')
    for (const folder of [dead, foreign]) await mkdir(folder, { recursive: true })
    await writeFile(join(dead, 'source'), 'x')
    const worker = await bed.startWorker()
    expect([existsSync(dead), existsSync(foreign)]).toEqual([false, true])
    await eventually(() => existsSync(join(bed.tempDir, 'heartbeat'))).toBe(true)
    await worker.close()
    expect(existsSync(join(bed.tempDir, 'heartbeat'))).toBe(false)
    await rm(foreign, { recursive: true })
  })

  it('names every fault of its environment', async () => {
    const ofWorker = { WORKER_QUEUES: 'image,videos', WORKER_CONCURRENCY: '0', CLOUDFLARE_API_TOKEN: 'x' }
    const ofOthers = {
      MAX_UPLOAD_BYTES: '1e15',
      B2_EVENT_SECRET: 'x',
      DATABASE_URL: 'x',
      REDIS_URL: 'x',
      MAX_STREAMS: '0',
    }
    const env = bed.env({ ...ofWorker, ...ofOthers })
    const fault = await startWorker({ env, logger: silentLogger }).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(ConfigError)
    const { CLOUDFLARE_API_TOKEN: _, ...named } = ofWorker
    for (const name of Object.keys({ ...named, CLOUDFLARE_ZONE_ID: '', ...ofOthers }))
      expect(String(fault)).toContain(`- ${name}: `)
  })
})

describe('the dispatcher', () => {
  let queues: JobQueues
  beforeEach(async () => {
    queues = await createJobQueues({ kind: 'postgres', url: bed.databaseUrl }, { logger: silentLogger })
    await execute(sql`UPDATE jobs SET status = 'cancelled' WHERE status IN ('queued', 'running')`)
  })
  const started = new Set<Dispatcher>()
  afterEach(async () => {
    for (const dispatcher of started) await dispatcher.close()
    started.clear()
    await queues.close()
  })
  const start = async (options: { pollMs?: number } = {}) => {
    const dispatcher = await startDispatcher({ ...options, database: bed.database, queues, logger: silentLogger })
    started.add(dispatcher)
    const close = async () => {
      if (started.delete(dispatcher)) await dispatcher.close()
    }
    return { close }
  }
  const dispatched = async (assetId: string) => (await jobOf(bed, assetId)).dispatchSeq
  const isQueued = async (assetId: string) => {
    const { id, dispatchSeq } = await jobOf(bed, assetId)
    return (await queues.waiting('image')).has(`${id}-${dispatchSeq}`)
  }

  it('hands a job over when it is told of it, without a poll', async () => {
    await start({ pollMs: 600_000 })
    const [first, second] = [await smallPng(), await smallPng()]
    for (const { asset } of [first, second]) await eventually(() => isQueued(asset.id)).toBe(true)
    expect(await dispatched(second.asset.id)).toBe(1)
  })

  it('dispatches again what the queue has lost, and not what it still knows', async () => {
    await start()
    const [lost, known] = [await smallPng(), await smallPng()]
    for (const { asset } of [lost, known]) await eventually(() => isQueued(asset.id)).toBe(true)
    await queues.remove('image', `${lost.job.id}-1`)
    // Long enough ago to be looked up.
    await execute(sql`UPDATE jobs SET dispatched_at = now() - interval '11 s' WHERE status = 'queued'`)
    await eventually(() => dispatched(lost.asset.id)).toBe(2)
    // The row says so first.
    await eventually(() => isQueued(lost.asset.id)).toBe(true)
    expect(await dispatched(known.asset.id)).toBe(1)
  })

  it('removes what the queue holds and no row wants, when it compares the two', async () => {
    const foreign = `${newId()}-1`
    await queues.add('image', { dispatchId: foreign, payload: { v: 1, jobId: newId() }, priority: 1 })
    const { asset } = await smallPng()
    await start()
    await eventually(() => isQueued(asset.id)).toBe(true)
    await execute(sql`UPDATE jobs SET dispatched_at = now() - interval '11 s' WHERE status = 'queued'`)
    await eventually(async () => (await queues.waiting('image')).has(foreign)).toBe(false)
    expect(await isQueued(asset.id)).toBe(true)
  })

  it('does nothing while another one leads, and takes over when that one ends', async () => {
    const first = await start()
    const before = await smallPng()
    await eventually(() => dispatched(before.asset.id)).toBe(1)
    await start()
    await first.close()
    const after = await smallPng()
    await eventually(() => dispatched(after.asset.id)).toBe(1)
  })

  it('leads again after its connection was ended', async () => {
    await start()
    const before = await smallPng()
    await eventually(() => dispatched(before.asset.id)).toBe(1)
    await execute(
      sql`SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
          WHERE l.locktype = 'advisory' AND a.datname = current_database()`,
    )
    const after = await smallPng()
    await eventually(() => dispatched(after.asset.id)).toBe(1)
  })

  it('keeps the queue shallow and dispatches the rest as there is room', async () => {
    const { asset, job } = await smallPng()
    await execute(
      sql`INSERT INTO assets (id, project_id, preset_id, status, filename, content_type, byte_size)
          SELECT gen_random_uuid(), project_id, preset_id, 'processing', 'bulk', content_type, 1
          FROM assets, generate_series(1, 150) WHERE id = ${asset.id}`,
    )
    await execute(
      sql`INSERT INTO jobs (id, project_id, asset_id, name, queue, lane)
          SELECT gen_random_uuid(), project_id, id, 'asset.process', 'image', 'backfill' FROM assets WHERE filename = 'bulk'`,
    )
    await start()
    const countDispatched = async () => {
      const rows = await execute(sql`SELECT id FROM jobs WHERE status = 'queued' AND dispatched_at IS NOT NULL`)
      return rows.length
    }
    await eventually(countDispatched).toBe(100)
    expect((await jobOf(bed, asset.id)).id).toBe(job.id)
    expect(await dispatched(asset.id)).toBe(1)
    await execute(sql`UPDATE jobs SET status = 'cancelled' WHERE status = 'queued'`)
  })
})

describe('two workers', () => {
  it('share the work, and none of it is done twice', async () => {
    const workers = [await bed.startWorker(), await bed.startWorker({ WORKER_TEMP_DIR: join(bed.tempDir, 'second') })]
    const uploads = await Promise.all(Array.from({ length: 12 }, smallPng))
    for (const { asset } of uploads) await untilStatus(bed, asset.id, 'ready')
    for (const { asset } of uploads) expect(await attemptsOf(bed, asset.id)).toEqual(['1 done'])
    for (const worker of workers) await worker.close()
    await expectStoreAndRowsAgree(bed)
  })
})

describe.runIf(hasRedis())('on Redis', () => {
  it('an upload becomes ready', async () => {
    const redis = await startTestRedis()
    try {
      const worker = await bed.startWorker({ REDIS_URL: redis.url })
      const { asset } = await smallPng()
      await untilStatus(bed, asset.id, 'ready')
      await worker.close()
    } finally {
      await redis.stop()
    }
  })
})
