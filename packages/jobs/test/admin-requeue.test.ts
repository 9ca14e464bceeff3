import type { JobStatus } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import {
  type AssetRow,
  findAsset,
  getObject,
  insertObjects,
  transitionAsset,
  variantsOfAsset,
} from '@darkroom/db/assets'
import { startDeletion } from '@darkroom/db/deletion'
import { findJob, JOBS_CHANNEL, type JobRow, reprocessAsset } from '@darkroom/db/jobs'
import { quarantineContent } from '@darkroom/db/operations'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { confirmedAsset, useTestDatabase } from '../../db/test/database.ts'
import {
  cancelJob,
  claimJob,
  countRequeueable,
  endJob,
  fenced,
  requeueJob,
  requeueJobs,
  requeueLostJob,
} from '../src/sql/index.ts'

const test = useTestDatabase()

const db = () => test.database.db
const ERROR = { code: 'TIMEOUT', message: 'too slow', retryable: false }

const requeue = (id: string, projectId: string | null = null) =>
  db().transaction(tx => requeueJob(tx, { id, projectId }))
const cancel = (id: string, projectId: string | null = null) =>
  db().transaction(tx => cancelJob(tx, { id, projectId, keepSourceDays: 3 }))
const jobNow = async (id: string) => (await findJob(db(), test.projectId, id)) as JobRow
const assetNow = async (id: string) => (await findAsset(db(), test.projectId, id)) as AssetRow
const claim = (jobId: string, leaseSec = 15) => db().transaction(tx => claimJob(tx, { jobId, host: 'test', leaseSec }))

async function claimed(leaseSec?: number) {
  const { job } = await confirmedAsset(test)
  const won = await claim(job.id, leaseSec)
  if (!won) throw new Error('nobody else claims it')
  return won
}

/** A first processing that failed for good. */
async function failedJob() {
  const { lease, job, asset } = await claimed()
  await fenced(db(), lease, async tx => {
    await transitionAsset(tx, {
      assetId: asset.id,
      to: 'failed',
      set: { error: ERROR, sourceExpiresAt: new Date(Date.now() + 1000) },
      event: 'asset.failed',
    })
    await endJob(tx, lease, 'failed', { outcome: 'failed', error: ERROR })
  })
  return { job: await jobNow(job.id), asset: await assetNow(asset.id) }
}

/** A move of the asset that failed for good. */
async function failedMove({ id, projectId, generation }: AssetRow): Promise<string> {
  const jobId = newId()
  await db().execute(sql`
    INSERT INTO jobs (id, project_id, asset_id, name, queue, lane, status, generation, attempt, error)
    VALUES (${jobId}, ${projectId}, ${id}, 'asset.move', 'system', 'maintenance', 'failed', ${generation}, 1,
      ${JSON.stringify(ERROR)}::jsonb)`)
  return jobId
}

/** A published asset and the job that processes it again. */
async function reprocessing() {
  const { lease, job, asset } = await claimed()
  await fenced(db(), lease, async tx => {
    await transitionAsset(tx, { assetId: asset.id, to: 'ready', event: 'asset.ready' })
    await endJob(tx, lease, 'succeeded', { outcome: 'done' })
  })
  const again = await db().transaction(tx => reprocessAsset(tx, { asset, queue: 'image' }))
  return { ...again, first: job }
}

const lastEvent = async (assetId: string) => {
  const [event] = await db().execute<{ type: string; seq: number; data: { jobId?: string } }>(
    sql`SELECT type, seq, data FROM events WHERE asset_id = ${assetId} ORDER BY seq DESC LIMIT 1`,
  )
  return event
}

describe('a requeue of a failed job', () => {
  it('keeps the id and the counters and adds as many attempts as a new job has', async () => {
    const { job } = await failedJob()
    expect(await requeue(job.id)).toMatchObject({
      id: job.id,
      status: 'queued',
      lane: 'interactive',
      attempt: job.attempt,
      maxAttempts: job.attempt + 8,
      dispatchSeq: job.dispatchSeq,
      generation: job.generation + 1,
      dispatchedAt: null,
      leaseToken: null,
      finishedAt: null,
      error: ERROR,
    })
  })

  it('makes the failed asset a processing one of a new generation, in an event of its own', async () => {
    const { job, asset } = await failedJob()
    await requeue(job.id)
    const after = await assetNow(asset.id)
    expect(after).toMatchObject({
      status: 'processing',
      error: null,
      sourceExpiresAt: null,
      generation: asset.generation + 1,
      revision: asset.revision + 1,
    })
    expect(await lastEvent(asset.id)).toMatchObject({
      type: 'job.requeued',
      seq: after.revision,
      data: { jobId: job.id },
    })
  })

  it('lets a worker claim it and end it', async () => {
    const { job, asset } = await failedJob()
    await requeue(job.id)
    const won = await claim(job.id)
    expect(won?.job).toMatchObject({ attempt: job.attempt + 1, error: null })
    if (!won) return
    await fenced(db(), won.lease, tx => endJob(tx, won.lease, 'succeeded', { outcome: 'done' }))
    expect(won.lease.generation).toBe((await assetNow(asset.id)).generation)
  })

  it('wakes the dispatcher', async () => {
    const { job } = await failedJob()
    const heard: string[] = []
    const stop = await test.database.listen(JOBS_CHANNEL, queue => heard.push(queue))
    await requeue(job.id)
    await expect.poll(() => heard).toEqual(['image'])
    await stop()
  })

  it('finds one who asks ten times at once to have asked once', async () => {
    const { job, asset } = await failedJob()
    const answers = await Promise.all(Array.from({ length: 10 }, () => requeue(job.id)))
    expect(new Set(answers.map(answer => answer?.generation))).toEqual(new Set([job.generation + 1]))
    expect((await assetNow(asset.id)).generation).toBe(asset.generation + 1)
  })

  it('leaves what is published alone when a reprocess failed', async () => {
    const { asset, job } = await reprocessing()
    await cancel(job.id)
    expect(await requeue(job.id)).toMatchObject({ status: 'queued' })
    expect(await assetNow(asset.id)).toMatchObject({ status: 'ready', generation: asset.generation + 1 })
  })
})

describe('a requeue', () => {
  it('of a job that waits makes it due now, whatever it waits for', async () => {
    const { job } = await confirmedAsset(test)
    await db().execute(sql`
      UPDATE jobs SET dispatched_at = now(), available_at = now() + interval '1 hour', lane = 'retry', attempt = 3
      WHERE id = ${job.id}`)
    const after = await requeue(job.id)
    expect(after).toMatchObject({ status: 'queued', dispatchedAt: null, attempt: 3, maxAttempts: 8, generation: 1 })
    expect(await claim(job.id)).not.toBeNull()
  })

  it('of a job whose worker is gone takes it back, so that the old run can write no more', async () => {
    const { lease, job } = await claimed(0)
    expect(await requeue(job.id)).toMatchObject({ status: 'queued', attempt: 1, maxAttempts: 9 })
    await expect(fenced(db(), lease, async () => undefined)).rejects.toMatchObject({ code: 'LEASE_LOST' })
    const [run] = await db().execute(sql`SELECT outcome FROM job_attempts WHERE job_id = ${job.id}`)
    expect(run).toEqual({ outcome: 'lost its lease' })
  })

  it('of a move leaves an asset that failed as it is, and its source the time that it has', async () => {
    const { asset } = await failedJob()
    const id = await failedMove(asset)
    expect(await requeue(id)).toMatchObject({ status: 'queued', generation: asset.generation + 1 })
    const { status, error, sourceExpiresAt } = asset
    expect(await assetNow(asset.id)).toMatchObject({ status, error, sourceExpiresAt, revision: asset.revision + 1 })
    const won = await claim(id)
    if (!won) throw new Error('nobody else claims it')
    await fenced(db(), won.lease, tx => endJob(tx, won.lease, 'succeeded', { outcome: 'done' }))
    expect(await assetNow(asset.id)).toMatchObject({ status: 'failed', error: ERROR })
  })

  it('of a deletion that failed goes on with it', async () => {
    const { asset } = await confirmedAsset(test)
    const deletion = await db().transaction(tx => startDeletion(tx, asset.id))
    const won = await claim(deletion?.job.id ?? '')
    if (!won) throw new Error('nobody else claims it')
    await fenced(db(), won.lease, tx => endJob(tx, won.lease, 'failed', { outcome: 'failed', error: ERROR }))
    expect(await requeue(won.job.id)).toMatchObject({ status: 'queued', maxAttempts: 1001 })
    expect(await assetNow(asset.id)).toMatchObject({ status: 'deleting' })
  })

  it('finds no job of another project, nor one that is not there', async () => {
    const { job } = await failedJob()
    expect([await requeue(job.id, newId()), await requeue(newId())]).toEqual([null, null])
    expect(await jobNow(job.id)).toMatchObject({ status: 'failed' })
  })
})

describe('a requeue is refused', () => {
  const refusals: [string, () => Promise<string>, string, RegExp][] = [
    ['while it runs', async () => (await claimed()).job.id, 'JOB_NOT_REQUEUEABLE', /running.*lease/],
    ['when it succeeded', async () => (await reprocessing()).first.id, 'JOB_NOT_REQUEUEABLE', /reprocess/],
    [
      'when the asset was deleted',
      async () => {
        const { job, asset } = await failedJob()
        await db().transaction(tx => startDeletion(tx, asset.id))
        return job.id
      },
      'ASSET_DELETED',
      /deleted/,
    ],
    [
      'when the source is gone',
      async () => {
        const { job, asset } = await failedJob()
        await db().execute(sql`UPDATE objects SET state = 'doomed' WHERE asset_id = ${asset.id}`)
        return job.id
      },
      'SOURCE_GONE',
      /Upload it again/,
    ],
    [
      'when the content is in quarantine',
      async () => {
        const { job } = await failedJob()
        const sha256 = 'b'.repeat(64)
        await db().execute(sql`UPDATE jobs SET source_sha256 = ${sha256} WHERE id = ${job.id}`)
        await quarantineContent(db(), { projectId: null, sha256, crashes: 3, reason: 'it crashes.' })
        return job.id
      },
      'JOB_NOT_REQUEUEABLE',
      /quarantine [0-9a-f-]{36}: it crashes\./,
    ],
    [
      'while another job of the asset is active',
      async () => {
        const { job, asset } = await failedJob()
        await db().transaction(tx => reprocessAsset(tx, { asset, queue: 'image' }))
        return job.id
      },
      'JOB_NOT_REQUEUEABLE',
      /Another job/,
    ],
  ]
  it.each(refusals)('%s', async (_, make, code, message) => {
    const id = await make()
    const before = await jobNow(id)
    await expect(requeue(id)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect(await jobNow(id)).toEqual(before)
  })
})

describe('a bulk requeue', () => {
  it('takes what it can and says of the rest why not', async () => {
    await db().execute(sql`UPDATE jobs SET error = '{"code": "OLD"}' WHERE status = 'failed'`)
    const [good, gone, deleted, old] = [await failedJob(), await failedJob(), await failedJob(), await failedJob()]
    await db().execute(sql`UPDATE objects SET state = 'doomed' WHERE asset_id = ${gone.asset.id}`)
    await db().transaction(tx => startDeletion(tx, deleted.asset.id))
    const { job: newer } = await db().transaction(tx => reprocessAsset(tx, { asset: old.asset, queue: 'image' }))
    await cancel(newer.id)
    const filter = { projectId: test.projectId, status: 'failed', code: ERROR.code } as const
    const expected = {
      matched: 4,
      requeued: 1,
      skipped: { SOURCE_GONE: 1, ASSET_DELETED: 1, JOB_NOT_REQUEUEABLE: 1 },
    }
    expect(await countRequeueable(db(), filter)).toEqual({ ...expected, requeued: 0 })
    expect(await jobNow(good.job.id)).toMatchObject({ status: 'failed' })
    expect(await requeueJobs(db(), filter)).toEqual(expected)
    expect(await jobNow(good.job.id)).toMatchObject({ status: 'queued', lane: 'backfill' })
    expect(await jobNow(old.job.id)).toMatchObject({ status: 'failed' })
  })

  it('takes the jobs of one project only', async () => {
    const { job } = await failedJob()
    const filter = { projectId: newId(), status: 'failed' } as const
    expect(await requeueJobs(db(), filter)).toEqual({ matched: 0, requeued: 0, skipped: {} })
    expect(await jobNow(job.id)).toMatchObject({ status: 'failed' })
  })

  it('takes one job of an asset, what processes it before what moves it, and counts one', async () => {
    await db().execute(sql`UPDATE jobs SET error = '{"code": "OLD"}' WHERE status = 'failed'`)
    const { job, asset } = await failedJob()
    const moves = [await failedMove(asset), await failedMove(asset)]
    const filter = { projectId: test.projectId, status: 'failed', code: ERROR.code } as const
    const expected = { matched: 3, requeued: 1, skipped: { JOB_NOT_REQUEUEABLE: 2 } }
    expect(await countRequeueable(db(), filter)).toEqual({ ...expected, requeued: 0 })
    expect(await requeueJobs(db(), filter)).toEqual(expected)
    expect(await jobNow(job.id)).toMatchObject({ status: 'queued' })
    for (const id of moves) expect(await jobNow(id)).toMatchObject({ status: 'failed' })
    expect(await assetNow(asset.id)).toMatchObject({ status: 'processing', generation: asset.generation + 1 })
  })

  it('runs beside another one and beside single requeues without a deadlock', async () => {
    const jobs = await Promise.all(Array.from({ length: 30 }, failedJob))
    const filter = { projectId: test.projectId, status: 'failed' } as const
    const counts = await Promise.all([
      requeueJobs(db(), filter),
      requeueJobs(db(), filter),
      ...jobs.map(({ job }) => requeue(job.id).then(() => null)),
    ])
    expect(counts.length).toBe(32)
    const statuses = await Promise.all(jobs.map(async ({ job }) => jobNow(job.id)))
    expect(new Set(statuses.map(job => `${job.status} ${job.generation}`))).toEqual(new Set(['queued 2']))
  })
})

describe('a cancel', () => {
  it('of a job that waits fails an asset that was never published, and keeps its source as long as it is told', async () => {
    const { job, asset } = await confirmedAsset(test)
    expect(await cancel(job.id)).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } })
    const after = await assetNow(asset.id)
    expect(after).toMatchObject({ status: 'failed', error: { code: 'CANCELLED' } })
    const days = ((after.sourceExpiresAt?.getTime() ?? 0) - Date.now()) / 86_400_000
    expect(days).toBeCloseTo(3, 1)
    expect(await claim(job.id)).toBeNull()
    expect(await requeue(job.id)).toMatchObject({ status: 'queued' })
    expect(await assetNow(asset.id)).toMatchObject({ status: 'processing', error: null, sourceExpiresAt: null })
  })

  it('of a job that runs fences its run, gives up what it wrote and settles its variants', async () => {
    const { lease, job, asset } = await claimed()
    await fenced(db(), lease, async tx => {
      await tx.execute(sql`
        INSERT INTO variants (id, project_id, asset_id, name, position, required, fingerprint)
        VALUES (${newId()}, ${asset.projectId}, ${asset.id}, 'thumb', 0, true, 'f')`)
      const object = { projectId: asset.projectId, assetId: asset.id, bucket: 'public', key: newId() }
      await insertObjects(tx, [{ ...object, leaseToken: lease.leaseToken }])
    })
    await cancel(job.id)
    await expect(fenced(db(), lease, async () => undefined)).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(await variantsOfAsset(db(), asset.id)).toMatchObject([{ status: 'failed', error: { code: 'CANCELLED' } }])
    const [object] = await db().execute(sql`SELECT state FROM objects WHERE lease_token = ${lease.leaseToken}`)
    expect(object).toEqual({ state: 'doomed' })
    const [run] = await db().execute(sql`SELECT outcome FROM job_attempts WHERE job_id = ${job.id}`)
    expect(run).toEqual({ outcome: 'cancelled: by an admin' })
  })

  it('of a job that waits gives up what a run wrote whose worker is gone', async () => {
    const { lease, job, asset } = await claimed(0)
    const { projectId, leaseToken } = lease
    const written = { projectId, assetId: asset.id, bucket: 'b', key: `variants/${newId()}`, leaseToken }
    const [object] = await insertObjects(db(), [written])
    await db().transaction(tx => requeueLostJob(tx, job))
    await cancel(job.id)
    expect((await getObject(db(), object?.id ?? ''))?.state).toBe('doomed')
  })

  it('of a reprocess leaves the asset as it is, and tells who follows it', async () => {
    const { asset, job } = await reprocessing()
    await cancel(job.id)
    const after = await assetNow(asset.id)
    expect(after).toMatchObject({ status: 'ready', error: null, revision: asset.revision + 1 })
    expect(await lastEvent(asset.id)).toMatchObject({ type: 'job.cancelled' })
  })

  it('is refused for what has ended and for a deletion', async () => {
    const { job, asset } = await failedJob()
    const settled = { code: 'JOB_SETTLED' }
    await expect(cancel(job.id)).rejects.toMatchObject({
      ...settled,
      message: expect.stringContaining('failed already'),
    })
    const deletion = await db().transaction(tx => startDeletion(tx, asset.id))
    await expect(cancel(deletion?.job.id ?? '')).rejects.toMatchObject({
      ...settled,
      message: expect.stringContaining('deletion'),
    })
    const status: JobStatus = (await jobNow(deletion?.job.id ?? '')).status
    expect(status).toBe('queued')
  })

  it('finds no job of another project, nor one that is not there', async () => {
    const { job } = await confirmedAsset(test)
    expect([await cancel(job.id, newId()), await cancel(newId())]).toEqual([null, null])
    expect(await jobNow(job.id)).toMatchObject({ status: 'queued' })
  })
})
