import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { silentLogger } from '@darkroom/core'
import { isDatabaseUnavailable } from '@darkroom/db/client'
import { createLeadership, type Dispatcher, startDispatcher } from '@darkroom/jobs/dispatcher'
import { createJobQueues, type JobQueues } from '@darkroom/jobs/executor'
import { claimJob } from '@darkroom/jobs/sql'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { requeueLostJobs } from '../src/maintenance/requeue-lost-jobs.ts'
import { openTempDir } from '../src/temp-dir.ts'
import {
  attemptsOf,
  eventually,
  PHOTO,
  PRIVATE_BUCKET,
  PUBLIC_BUCKET,
  SMALL_PNG,
  untilStatus,
  uploaded,
  useBed,
} from './harness.ts'

const bed = useBed()
const children = new Set<ChildProcess>()
afterEach(async () => {
  bed.b2.faults.clear()
  for (const child of children) child.kill('SIGKILL')
  children.clear()
})

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)
const smallPng = () => uploaded(bed, SMALL_PNG, { contentType: 'image/png' })

/** A worker that is a process of its own, in the middle of a job that it has claimed and does not end. */
async function workerWithAJob() {
  bed.b2.requests.clear()
  bed.b2.faults.set({ kind: 'delay', ms: 25_000, times: 1, match: { method: 'GET', key: 'uploads/' } })
  const main = join(import.meta.dirname, '../src/main.ts')
  const child = spawn(process.execPath, [main], { env: bed.env({ WORKER_GRACE_SEC: '0' }), stdio: 'ignore' })
  children.add(child)
  const { asset } = await uploaded(bed, PHOTO)
  // A process of its own takes its time on a busy machine.
  const hasBegun = () =>
    bed.b2.requests.list({ operation: 'GetObject' }).some(({ key }) => key?.includes(`/${asset.id}/`))
  await expect.poll(hasBegun, { timeout: 90_000, interval: 25 }).toBe(true)
  return { child, asset }
}

const now = async () => (await bed.database.now()).getTime()

/** When the second run of an asset's job began, by the database's clock. */
async function secondRunOf(assetId: string): Promise<number> {
  const find = async () => {
    const [row] = await execute(sql`SELECT extract(epoch FROM started_at)::float8 * 1000 AS at FROM job_attempts
      WHERE job_id IN (SELECT id FROM jobs WHERE asset_id = ${assetId}) AND attempt = 2`)
    return Number(row?.at ?? 0)
  }
  await expect.poll(find, { timeout: 60_000, interval: 100 }).toBeGreaterThan(0)
  return find()
}

/** What is promised of a job whose worker is gone, from then to its next run. */
const PROMISED_MS = 30_000

describe('a worker that is gone in the middle of a job', () => {
  it.each([
    ['killed', 'SIGKILL'],
    ['frozen', 'SIGSTOP'],
  ] as const)(
    '%s: the job runs elsewhere within half a minute, and what is new does not wait',
    { timeout: 240_000 },
    async (_title, signal) => {
      const { child, asset } = await workerWithAJob()
      child.kill(signal)
      const goneAt = await now()
      const worker = await bed.startWorker()
      onTestFinished(() => worker.close())
      const { asset: next } = await smallPng()
      expect((await secondRunOf(asset.id)) - goneAt).toBeLessThan(PROMISED_MS)
      await untilStatus(bed, asset.id, 'ready')
      await untilStatus(bed, next.id, 'ready')
      expect(child.exitCode).toBe(null)
      child.kill('SIGKILL')
      if (child.signalCode === null) await once(child, 'exit')
    },
  )
})

describe('a job that takes longer than a lease', () => {
  it('stays with its worker', async () => {
    for (const worker of await Promise.all([bed.startWorker(), bed.startWorker()])) onTestFinished(() => worker.close())
    bed.b2.faults.set({ kind: 'delay', ms: 22_000, times: 1, match: { method: 'GET', key: 'uploads/' } })
    const { asset } = await smallPng()
    await expect.poll(() => attemptsOf(bed, asset.id), { timeout: 50_000, interval: 200 }).toEqual(['1 done'])
  })
})

describe('a lost job whose rows somebody holds', () => {
  it('does not keep others from being queued again', async () => {
    const jobs = [(await smallPng()).job, (await smallPng()).job]
    for (const { id } of jobs) await claimJob(bed.database.db, { jobId: id, host: 'gone', leaseSec: 0 })
    const statuses = async () => {
      const rows = await execute(sql`SELECT status FROM jobs WHERE id IN ${jobs.map(({ id }) => id)} ORDER BY id`)
      return rows.map(({ status }) => status)
    }
    const settings = { host: 'test', privateBucket: PRIVATE_BUCKET, publicBucket: PUBLIC_BUCKET, cdn: null }
    const timeoutMs = { image: 60_000, video: 60_000, audio: 60_000, document: 60_000 }
    const engines = { sharp: '0', libvips: '0', ffmpeg: null }
    const deps = {
      ...bed,
      tempDir: await openTempDir(bed.tempDir),
      logger: silentLogger,
      settings: {
        ...settings,
        timeoutMs,
        engines,
        failedSourceDays: 7,
        manifestDelaySec: 300,
        verifyDailyFiles: 0,
        backups: null,
        sweepAfterSec: 120,
        expectsEvents: false,
      },
    }
    const requeue = () => requeueLostJobs.run(deps, new AbortController().signal)
    for (const held of jobs) {
      await bed.database.db.transaction(async tx => {
        await tx.execute(sql`SELECT FROM jobs WHERE id = ${held.id} FOR UPDATE`)
        const error = await requeue().catch((failure: unknown) => failure)
        expect(isDatabaseUnavailable(error)).toBe(true)
        expect((await statuses()).toSorted()).toEqual(['queued', 'running'])
      })
      await requeue()
      expect(await statuses()).toEqual(['queued', 'queued'])
      for (const { id } of jobs) await claimJob(bed.database.db, { jobId: id, host: 'gone', leaseSec: 0 })
    }
  })
})

describe('a leader that does not reach the queue', () => {
  let queues: JobQueues
  const dispatchers = new Set<Dispatcher>()
  beforeAll(async () => {
    queues = await createJobQueues({ kind: 'postgres', url: bed.databaseUrl }, { logger: silentLogger })
  })
  afterAll(async () => {
    for (const dispatcher of dispatchers) await dispatcher.close()
    await queues.close()
  })
  const start = async (reached: JobQueues) => {
    const dispatcher = await startDispatcher({ database: bed.database, queues: reached, logger: silentLogger })
    dispatchers.add(dispatcher)
  }

  it('makes room for another, who does its work', async () => {
    const add = () => Promise.reject(new Error('the queue does not answer'))
    await start({ ...queues, add })
    const { job } = await smallPng()
    await start(queues)
    const isDispatched = async () => {
      const waiting = await queues.waiting('image')
      return [...waiting].some(id => id.startsWith(job.id))
    }
    await eventually(isDispatched).toBe(true)
  })

  it('leads again when nobody else does', async () => {
    for (const dispatcher of dispatchers) await dispatcher.close()
    dispatchers.clear()
    const leadership = createLeadership(bed.database, silentLogger)
    expect(await leadership.isOurs()).toBe(true)
    const fail = async () => {
      await leadership.roundEnded(false)
      return leadership.isOurs()
    }
    await eventually(fail).toBe(false)
    await eventually(() => leadership.isOurs()).toBe(true)
    await leadership.roundEnded(true)
    await leadership.release()
  })
})
