import type { Asset, Explanation, JobsRequeued, QueueOverview, QueuesOverview } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { transitionAsset } from '@darkroom/db/assets'
import { findJob, registerWorker } from '@darkroom/db/jobs'
import { openAlarms, quarantineContent, raiseAlarm, releaseQuarantine } from '@darkroom/db/operations'
import { claimJob, endJob, fenced, pauseQueues } from '@darkroom/jobs/sql'
import { type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { call, confirmedUpload, createKey, createUpload, problemOf } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
let key: string
beforeAll(async () => {
  key = (await createKey(api.deps, { project: null })).key
})
afterEach(async () => {
  const { db } = api.deps.database
  await db.execute(sql`DELETE FROM queue_states`)
  await db.execute(sql`DELETE FROM alarms`)
})

const db = () => api.deps.database.db
const operate = (method: 'GET' | 'POST' | 'DELETE', url: string, body?: unknown) =>
  api.call(method, `/v1/admin/${url}`, { key, ...(body !== undefined && { body }) })
const overview = async () => (await operate('GET', 'queues')).json<QueuesOverview>()
const imageQueue = ({ queues }: QueuesOverview) => queues.find(each => each.queue === 'image') as QueueOverview

async function failedJob(code = 'TIMEOUT') {
  const { job, asset } = await confirmedUpload(api)
  const won = await claimJob(db(), { jobId: job.id, host: 'test', leaseSec: 60 })
  if (!won) throw new Error('nobody else claims it')
  const error = { code, message: 'it did not work', retryable: false }
  await fenced(db(), won.lease, async tx => {
    await transitionAsset(tx, { assetId: asset.id, to: 'failed', set: { error }, event: 'asset.failed' })
    await endJob(tx, won.lease, 'failed', { outcome: 'failed', error })
  })
  return { job, asset }
}

describe('the overview', () => {
  it('counts what waits, runs, failed and just ended, and who works', async () => {
    const before = imageQueue(await overview())
    const { job } = await confirmedUpload(api)
    await failedJob()
    const running = await confirmedUpload(api)
    await claimJob(db(), { jobId: running.job.id, host: 'a', leaseSec: 60 })
    await db().execute(sql`UPDATE jobs SET lane = 'retry' WHERE id = ${job.id}`)
    const worker = { id: newId(), host: 'a', version: '1', queues: ['image' as const], lacks: [], slots: 3 }
    await registerWorker(db(), worker)
    const now = await overview()
    expect(imageQueue(now)).toMatchObject({
      queued: before.queued + 1,
      queuedByLane: { ...before.queuedByLane, retry: before.queuedByLane.retry + 1 },
      running: before.running + 1,
      failed: before.failed + 1,
      failedLastMinute: before.failedLastMinute + 1,
      waitingInBackend: 0,
      activeInBackend: 0,
      workers: 1,
      slots: 3,
      pausedAt: null,
    })
    expect(imageQueue(now).oldestQueuedAt).toBe(job.queuedAt)
    expect(now.workers).toMatchObject([worker])
  })

  it('is there when the queue is not', async () => {
    const queues = { ...api.deps.queues, counts: () => Promise.reject(new Error('down')) }
    const app = await api.variant({ queues })
    const answer = await call(app, 'GET', '/v1/admin/queues', { key })
    expect(imageQueue(answer.json<QueuesOverview>())).toMatchObject({ waitingInBackend: null, activeInBackend: null })
  })
})

describe('a queue', () => {
  it('is paused and goes on', async () => {
    const paused = await operate('POST', 'queues/image/pause', { reason: 'maintenance' })
    expect(imageQueue(paused.json<QueuesOverview>())).toMatchObject({
      pausedAt: expect.any(String),
      pausedBy: 'operator',
      reason: 'maintenance',
    })
    const { job } = await confirmedUpload(api)
    expect(await claimJob(db(), { jobId: job.id, host: 'a', leaseSec: 60 })).toBeNull()
    await operate('POST', 'queues/image/resume')
    expect(await claimJob(db(), { jobId: job.id, host: 'a', leaseSec: 60 })).not.toBeNull()
  })

  it('is paused with all others by the name all', async () => {
    const { queues } = (await operate('POST', 'queues/all/pause')).json<QueuesOverview>()
    expect(queues.filter(queue => queue.pausedAt === null)).toEqual([])
    expect(queues.map(queue => queue.reason)).toEqual(queues.map(() => null))
  })

  it('that does not exist is not there', async () => {
    expect(problemOf(await operate('POST', 'queues/pictures/pause'))).toBe('404 NOT_FOUND')
    expect(problemOf(await operate('POST', 'queues/pictures/resume'))).toBe('404 NOT_FOUND')
  })

  it('all of them are paused and resumed by many at once, and nobody is in the way of anybody', async () => {
    // The rows lie in another order than the one of their names.
    for (const queue of ['video', 'system', 'image', 'document', 'audio'] as const)
      await pauseQueues(db(), { queues: [queue], by: 'operator', reason: null })
    const actions = ['pause', 'resume', 'pause', 'resume', 'resume', 'pause'].flatMap(action => [action, action])
    for (let round = 0; round < 15; round++) {
      const answers = await Promise.all(actions.map(action => operate('POST', `queues/all/${action}`)))
      expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
    }
  })

  it('that an alarm paused takes the alarm along when it is resumed, and no other', async () => {
    await raiseAlarm(db(), { code: 'STORE_CREDENTIALS', subject: 'darkroom', message: 'refused' })
    await raiseAlarm(db(), { code: 'CLOCK_SKEW', message: 'late' })
    await pauseQueues(db(), { queues: ['image', 'video'], by: 'alarm', reason: 'STORE_CREDENTIALS' })
    expect((await overview()).alarms).toMatchObject([
      { code: 'STORE_CREDENTIALS', action: expect.stringContaining('B2_KEY_ID') },
      { code: 'CLOCK_SKEW' },
    ])
    const { alarms } = (await operate('POST', 'queues/image/resume')).json<QueuesOverview>()
    expect(alarms).toMatchObject([{ code: 'CLOCK_SKEW' }])
  })

  it('that an operator paused because of an alarm leaves the alarm open', async () => {
    await raiseAlarm(db(), { code: 'CLOCK_SKEW', message: 'late' })
    await operate('POST', 'queues/image/pause', { reason: 'CLOCK_SKEW' })
    await operate('POST', 'queues/image/resume')
    expect(await openAlarms(db())).toHaveLength(1)
  })
})

describe('an alarm', () => {
  it('is acknowledged once', async () => {
    await raiseAlarm(db(), { code: 'CLOCK_SKEW', message: 'late' })
    const [alarm] = (await overview()).alarms
    expect((await operate('DELETE', `alarms/${alarm?.id}`)).statusCode).toBe(204)
    expect((await overview()).alarms).toEqual([])
    expect(problemOf(await operate('DELETE', `alarms/${alarm?.id}`))).toBe('404 NOT_FOUND')
  })
})

describe('a rebuilt queue', () => {
  it('undoes every dispatch and drops old entries', async () => {
    const { job } = await confirmedUpload(api)
    const { queues } = api.deps
    await db().execute(sql`UPDATE jobs SET dispatched_at = now(), dispatch_seq = 1 WHERE id = ${job.id}`)
    const entry = { payload: { v: 1, jobId: job.id }, priority: 1 } as const
    await queues.add('image', { dispatchId: `${job.id}-1`, ...entry })
    await queues.add('video', { dispatchId: `${newId()}-1`, ...entry })
    expect((await operate('POST', 'rebuild-queue', {})).json()).toEqual({ redispatched: 1, removed: 2 })
    expect(await findJob(db(), api.projectId, job.id)).toMatchObject({ dispatchedAt: null, dispatchSeq: 1 })
    expect(await queues.counts('image')).toEqual({ waiting: 0, active: 0 })
    expect((await operate('POST', 'rebuild-queue', {})).json()).toEqual({ redispatched: 0, removed: 0 })
  })

  it('is left as it is while the queue does not answer', async () => {
    const { job } = await confirmedUpload(api)
    await db().execute(sql`UPDATE jobs SET dispatched_at = now() WHERE id = ${job.id}`)
    const queues = {
      ...api.deps.queues,
      waiting: () => Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' })),
    }
    const app = await api.variant({ queues })
    expect(problemOf(await call(app, 'POST', '/v1/admin/rebuild-queue', { key }))).toBe('503 UNAVAILABLE')
    expect(await findJob(db(), api.projectId, job.id)).toMatchObject({ dispatchedAt: expect.any(Date) })
  })
})

describe('jobs', () => {
  it('are listed page by page, with the names of their files', async () => {
    const jobs = [await confirmedUpload(api, { filename: 'a.jpg' }), await confirmedUpload(api, { filename: 'b.jpg' })]
    const page = async (cursor: string) =>
      (await operate('GET', `jobs?limit=1&status=queued${cursor}`)).json<{
        items: { id: string; filename: string }[]
        nextCursor: string
      }>()
    const first = await page('')
    expect(first.items).toMatchObject([{ id: jobs[1]?.job.id, filename: 'b.jpg', queue: 'image' }])
    const second = await page(`&cursor=${first.nextCursor}`)
    expect(second.items).toMatchObject([{ id: jobs[0]?.job.id, filename: 'a.jpg', projectId: api.projectId }])
  })

  it.each([
    'limit=0',
    'limit=201',
    'status=lost',
    'queue=pictures',
    'cursor=x',
    'projectId=x',
    'createdAfter=yesterday',
    'name=x',
  ])('are not listed for ?%s', async query => {
    expect(problemOf(await operate('GET', `jobs?${query}`))).toBe('400 INVALID_REQUEST')
  })

  it('that cannot be requeued say why in a problem', async () => {
    const { job } = await confirmedUpload(api)
    await claimJob(db(), { jobId: job.id, host: 'a', leaseSec: 60 })
    expect(problemOf(await operate('POST', `jobs/${job.id}/requeue`))).toBe('409 JOB_NOT_REQUEUEABLE')
    const { job: gone, asset } = await failedJob()
    await db().execute(sql`UPDATE objects SET state = 'doomed' WHERE asset_id = ${asset.id}`)
    expect(problemOf(await operate('POST', `jobs/${gone.id}/requeue`))).toBe('410 SOURCE_GONE')
    await api.call('DELETE', `/v1/assets/${asset.id}`)
    expect(problemOf(await operate('POST', `jobs/${gone.id}/requeue`))).toBe('410 ASSET_DELETED')
    expect(problemOf(await operate('POST', `jobs/${gone.id}/cancel`))).toBe('409 JOB_SETTLED')
  })

  it('are cancelled, and their source is kept as long as that of what failed', async () => {
    const app = await api.variant({ settings: { failedSourceDays: 2 } })
    const { job, asset } = await confirmedUpload(api)
    expect((await call(app, 'POST', `/v1/admin/jobs/${job.id}/cancel`, { key: api.key })).statusCode).toBe(200)
    const { sourceExpiresAt } = (await api.call('GET', `/v1/assets/${asset.id}`)).json<Asset>()
    expect((new Date(sourceExpiresAt ?? '').getTime() - Date.now()) / 86_400_000).toBeCloseTo(2, 1)
  })

  it('are requeued by filter, after a look at what it would do', async () => {
    const { job } = await failedJob('NO_SPACE')
    const requeue = async (dryRun: boolean) =>
      (await operate('POST', 'jobs/requeue', { filter: { code: 'NO_SPACE' }, dryRun })).json<JobsRequeued>()
    expect(await requeue(true)).toEqual({ matched: 1, requeued: 0, skipped: {} })
    expect(await findJob(db(), api.projectId, job.id)).toMatchObject({ status: 'failed' })
    expect(await requeue(false)).toEqual({ matched: 1, requeued: 1, skipped: {} })
    expect(await findJob(db(), api.projectId, job.id)).toMatchObject({ status: 'queued', lane: 'backfill' })
  })
})

describe('quarantine', () => {
  const sha256 = 'd'.repeat(64)

  it('keeps a content from being requeued until it is released', async () => {
    const { job } = await failedJob()
    await db().execute(sql`UPDATE jobs SET source_sha256 = ${sha256} WHERE id = ${job.id}`)
    const body = { sha256, reason: 'it crashes.', allProjects: true }
    const added = (await operate('POST', 'quarantine', body)).json<{ id: string; projectId: null }>()
    expect(added).toMatchObject({ projectId: null, crashes: 0 })
    const refused = await operate('POST', `jobs/${job.id}/requeue`)
    expect(refused.json<{ detail: string }>().detail).toContain(`quarantine ${added.id}: it crashes.`)
    const listed = (await api.call('GET', '/v1/admin/quarantine')).json<{ items: { id: string }[] }>()
    expect(listed.items.map(item => item.id)).toEqual([added.id])
    expect(problemOf(await api.call('DELETE', `/v1/admin/quarantine/${added.id}`))).toBe('404 NOT_FOUND')
    expect((await operate('DELETE', `quarantine/${added.id}`)).statusCode).toBe(204)
    expect((await operate('POST', `jobs/${job.id}/requeue`)).statusCode).toBe(202)
  })

  it('takes a content that is released just when it is put there again', async () => {
    const content = { projectId: null, sha256: 'e'.repeat(64), crashes: 0, reason: 'it crashes' }
    const { id } = await quarantineContent(db(), content)
    let released = false
    // Between seeing that it is there and reading it.
    const racing = new Proxy(db(), {
      get: (target, name) =>
        name === 'select' && !released
          ? () => ({
              from: (table: PgTable) => ({
                where: async (condition: SQL) => {
                  released = true
                  await releaseQuarantine(target, { id, projectId: null })
                  return target.select().from(table).where(condition)
                },
              }),
            })
          : Reflect.get(target, name),
    })
    const again = await quarantineContent(racing, content)
    expect([released, again.id === id, again.releasedAt]).toEqual([true, false, null])
  })

  it('wants an operator to say in which project', async () => {
    const body = { sha256, reason: 'by hand' }
    expect(problemOf(await operate('POST', 'quarantine', body))).toBe('400 INVALID_REQUEST')
    expect(problemOf(await operate('POST', 'quarantine', { ...body, projectId: newId() }))).toBe('404 NOT_FOUND')
    const named = await operate('POST', 'quarantine', { ...body, projectId: api.projectId })
    expect(named.json()).toMatchObject({ projectId: api.projectId })
  })

  it('of all projects is for operators', async () => {
    const answer = await api.call('POST', '/v1/admin/quarantine', {
      body: { sha256, reason: 'by hand', allProjects: true },
    })
    expect(problemOf(answer)).toBe('403 FORBIDDEN')
  })
})

describe('an explanation', () => {
  const explained = async (id: string) => (await operate('GET', `assets/${id}/explain`)).json<Explanation>()

  it('tells the whole story of a file that failed', async () => {
    const { job, asset } = await failedJob()
    const story = await explained(asset.id)
    expect(story).toMatchObject({
      assetId: asset.id,
      status: 'failed',
      isSettled: true,
      blockedBy: 'Failed with TIMEOUT: it did not work',
      nextAction: expect.stringContaining(`npx darkroom jobs requeue ${job.id}`),
      error: { code: 'TIMEOUT', class: 'limit' },
      job: { id: job.id, status: 'failed' },
      attempts: [{ jobId: job.id, attempt: 1, host: 'test', outcome: 'failed', error: { code: 'TIMEOUT' } }],
      receipt: null,
      quarantine: null,
    })
    const whats = story.timeline.map(entry => entry.what)
    for (const what of ['presigned', 'confirmed', 'queued', 'attempt 1 started', 'attempt 1 failed', 'asset.failed'])
      expect(whats).toContain(what)
    expect(whats[0]).toBe('presigned')
    const times = story.timeline.map(entry => entry.at)
    expect(times).toEqual(times.toSorted())
  })

  it('names the moment at which workers look for bytes that nobody confirmed', async () => {
    const app = await api.variant({ settings: { sweepAfterSec: 600 } })
    const { asset } = await createUpload(api)
    const explain = async () =>
      (await call(app, 'GET', `/v1/admin/assets/${asset.id}/explain`, { key: api.key })).json<Explanation>().nextAction
    const [upload] = await db().execute<{ at: string }>(
      sql`SELECT created_at AS at FROM uploads WHERE asset_id = ${asset.id}`,
    )
    const first = new Date(new Date(upload?.at ?? '').getTime() + 600_000)
    expect(await explain()).toContain(`checks for the file at ${first.toISOString().slice(0, 19)}Z`)
    await db().execute(sql`UPDATE uploads SET next_check_at = '2030-01-01' WHERE asset_id = ${asset.id}`)
    expect(await explain()).toContain('checks for the file at 2030-01-01T00:00:00Z')
  })

  it('names the queue, its pause and the jobs before it', async () => {
    await db().execute(sql`UPDATE jobs SET status = 'cancelled' WHERE status IN ('queued', 'running')`)
    const first = await confirmedUpload(api)
    const second = await confirmedUpload(api)
    await registerWorker(db(), { id: newId(), host: 'a', version: '1', queues: ['image'], lacks: [], slots: 1 })
    expect((await explained(first.asset.id)).blockedBy).toBe(
      'Queued behind 0 jobs in the queue image, lane interactive.',
    )
    expect((await explained(second.asset.id)).blockedBy).toBe(
      'Queued behind 1 job in the queue image, lane interactive.',
    )
    await pauseQueues(db(), { queues: ['image'], by: 'alarm', reason: 'STORE_CREDENTIALS' })
    expect((await explained(second.asset.id)).blockedBy).toMatch(
      /^The queue image has been paused since .* by alarm STORE_CREDENTIALS\.$/,
    )
  })

  it('is there for an asset that was deleted', async () => {
    const { asset } = await failedJob()
    await api.call('DELETE', `/v1/assets/${asset.id}`)
    await db().execute(sql`UPDATE assets SET status = 'deleted', purged_at = now() WHERE id = ${asset.id}`)
    expect(await explained(asset.id)).toMatchObject({
      status: 'deleted',
      blockedBy: expect.stringMatching(/^The asset was deleted at/),
    })
  })
})
