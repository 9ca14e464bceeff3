import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { QUEUE_NAMES } from '@darkroom/contracts'
import { silentLogger } from '@darkroom/core'
import { startFaultProxy } from '@darkroom/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  createJobQueues,
  createQueueWorker,
  DEFAULT_POOL_MAX,
  migrateQueue,
  type QueueWorker,
} from '../src/executor/index.ts'
import { entry, until } from './queue-contract.ts'
import { query, startPostgres, type TestServer } from './servers.ts'

const deps = { logger: silentLogger }

describe('the queue on Postgres', () => {
  let server: TestServer
  let workers: QueueWorker[] = []
  const config = () => ({ kind: 'postgres', url: server.url }) as const
  const work = async (run: () => Promise<void>, url = server.url) => {
    const worker = await createQueueWorker({ kind: 'postgres', url }, deps, { queue: 'image', concurrency: 2, run })
    workers.push(worker)
    return worker
  }
  const connections = async () =>
    (
      await query<{ application_name: string }>(
        server.url,
        "SELECT application_name FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
      )
    ).map(row => row.application_name)

  beforeAll(async () => {
    server = await startPostgres()
  })
  afterEach(async () => {
    await Promise.all(workers.map(worker => worker.close({ force: true })))
    workers = []
  })
  afterAll(() => server?.remove())

  it('refuses to start before it is migrated', async () => {
    await expect(createJobQueues(config(), deps)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await until('all connections are closed', async () => (await connections()).length === 0)
  })

  it('is migrated by several processes at once, and again later', async () => {
    await Promise.all([1, 2, 3, 4, 5].map(() => migrateQueue(config())))
    await migrateQueue(config())
    const rows = await query<{ n: number }>(
      server.url,
      'SELECT count(*)::int AS n, count(DISTINCT version)::int AS versions FROM bullmq.migration',
    )
    expect(rows[0]).toMatchObject({ n: expect.any(Number), versions: rows[0]?.n })
    const queues = await createJobQueues(config(), deps)
    await queues.check()
    await queues.close()
  })

  it('says that a migration failed when Postgres is not there', async () => {
    await expect(migrateQueue({ kind: 'postgres', url: 'postgres://postgres@127.0.0.1:1/none' })).rejects.toMatchObject(
      {
        code: 'UNAVAILABLE',
      },
    )
  })

  it('takes one pool for all queues and workers of a process, and gives it back', async () => {
    const queues = await createJobQueues(config(), deps)
    const all = await Promise.all(
      QUEUE_NAMES.map(queue =>
        createQueueWorker(config(), deps, { queue, concurrency: 2, run: async () => undefined }),
      ),
    )
    await Promise.all(QUEUE_NAMES.flatMap(queue => Array.from({ length: 20 }, () => queues.add(queue, entry()))))
    await until('all ran', async () =>
      (await Promise.all(QUEUE_NAMES.map(queue => queues.counts(queue)))).every(({ waiting }) => waiting === 0),
    )
    expect((await connections()).length).toBeLessThanOrEqual(DEFAULT_POOL_MAX)
    await queues.close()
    await Promise.all(all.map(worker => worker.close()))
    await until('all connections are closed', async () => (await connections()).length === 0)
  })

  it('runs the entries of every queue with the smallest pool, and listens on one of its connections', async () => {
    const smallest = { ...config(), poolMax: 3 }
    const ran: string[] = []
    const queues = await createJobQueues(smallest, deps)
    const listening = async () =>
      (
        await query<{ pid: number }>(
          server.url,
          "SELECT pid FROM pg_stat_activity WHERE query LIKE '%LISTEN bullmq_jobs%' AND pid <> pg_backend_pid()",
        )
      ).length
    const slots = QUEUE_NAMES.flatMap(queue => [
      { queue, reserved: false },
      { queue, reserved: true },
    ])
    for (const slot of slots)
      workers.push(
        await createQueueWorker(smallest, deps, {
          ...slot,
          concurrency: 1,
          run: async ({ jobId }) => void ran.push(jobId),
        }),
      )
    await until('one connection listens', async () => (await listening()) === 1)
    // Each worker waits by now or takes the entry before it does.
    const entries = slots.map(({ reserved }) => ({ ...entry(), isReserved: reserved }))
    await Promise.all(slots.map(({ queue }, index) => queues.add(queue, entries[index] ?? entry())))
    await until('all ran', () => ran.length === slots.length)
    expect(ran.toSorted()).toEqual(entries.map(({ payload }) => payload.jobId).toSorted())
    expect((await connections()).filter(name => name === 'darkroom-queue').length).toBeLessThanOrEqual(3)
    expect(await listening()).toBe(1)
    await queues.close()
  })

  it('survives the loss of every connection at once, and wakes every worker at once afterwards', async () => {
    const queues = await createJobQueues(config(), deps)
    const ran: string[] = []
    for (const queue of ['image', 'video'] as const)
      workers.push(
        await createQueueWorker(config(), deps, { queue, concurrency: 1, run: async () => void ran.push(queue) }),
      )
    await sleep(200)
    await query(
      server.url,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    )
    await sleep(200)
    for (const queue of ['image', 'video'] as const) {
      const next = entry()
      await until(`it can be added to ${queue}`, () =>
        queues.add(queue, next).then(
          () => true,
          () => false,
        ),
      )
    }
    await until('both ran', () => new Set(ran).size === 2) // half of the wait of an idle worker
    await queues.close()
  })

  it('keeps its own stream of events short', async () => {
    const queues = await createJobQueues(config(), deps)
    let ran = 0
    await work(async () => void ran++)
    await Promise.all(Array.from({ length: 300 }, () => queues.add('image', entry())))
    await until('all ran', () => ran === 300)
    await until('nothing is active', async () => (await queues.counts('image')).active === 0)
    const rows = await query<{ n: number }>(
      server.url,
      "SELECT count(*)::int AS n FROM bullmq.event WHERE queue = 'image'",
    )
    // Of 900. It keeps 100, and BullMQ looks at every 256th event whether there are more.
    expect(rows[0]?.n).toBeLessThan(450)
    const left = await query(server.url, "SELECT id FROM bullmq.job WHERE queue = 'image'")
    expect(left).toEqual([])
    await queues.close()
  })

  it('does not run an entry again whose lock ran out', async () => {
    const queues = await createJobQueues(config(), deps)
    const gate = Promise.withResolvers<void>()
    let [ran, again] = [0, 0]
    await work(async () => {
      ran++
      await gate.promise
    })
    const item = entry()
    await queues.add('image', item)
    await until('it is active', () => ran === 1)
    await query(server.url, 'UPDATE bullmq.job SET locked_until_ms = 1, stalled_marked = true')
    await query(server.url, "DELETE FROM bullmq.meta WHERE field = 'stalled-check'")
    await work(async () => void again++) // checks for stalled entries as it starts
    await until('it is forgotten', async () => (await queues.counts('image')).active === 0)
    expect([ran, again]).toEqual([1, 0])
    gate.resolve()
    await queues.add('image', entry())
    await until('the next ran', () => ran + again === 2)
    await queues.close()
  })

  it('runs the example of the README', async () => {
    const readme = await readFile(join(import.meta.dirname, '../src/executor/README.md'), 'utf8')
    const example = /```ts\n([\s\S]+?)```/.exec(readme)?.[1] ?? ''
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module-typescript', '--eval', example],
      { cwd: import.meta.dirname, env: { DATABASE_URL: server.url } },
    )
    expect(stdout).toMatch(/^ran [0-9a-f-]{36}\n$/)
  })

  it('finds work within a minute though its sockets died without a word', async () => {
    const proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: Number(new URL(server.url).port) } })
    const queues = await createJobQueues(config(), deps)
    let ran = 0
    await work(async () => void ran++, server.url.replace(/:\d+\//, `:${proxy.port}/`))
    await queues.add('image', entry())
    await until('the first ran', () => ran === 1)
    await sleep(200)
    proxy.freeze()
    await queues.add('image', entry())
    await until('the second ran', () => ran === 2, 60_000)
    await Promise.all(workers.map(worker => worker.close({ force: true })))
    await queues.close()
    await proxy.close()
  }, 90_000)
})
