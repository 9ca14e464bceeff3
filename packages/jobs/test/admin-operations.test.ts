import { newId } from '@darkroom/core'
import {
  dropDeadWorkers,
  JOBS_CHANNEL,
  livingWorkers,
  markDraining,
  registerWorker,
  removeWorker,
} from '@darkroom/db/jobs'
import {
  clearAlarm,
  clearAlarms,
  countCrashes,
  findQuarantine,
  hasQuarantine,
  listQuarantine,
  openAlarms,
  quarantineContent,
  raiseAlarm,
  releaseQuarantine,
} from '@darkroom/db/operations'
import { ensureProject } from '@darkroom/db/projects'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { confirmedAsset, useTestDatabase } from '../../db/test/database.ts'
import { listQueueStates, pauseQueues, resumeQueues } from '../src/sql/index.ts'

const test = useTestDatabase()

const db = () => test.database.db

describe('queue states', () => {
  afterEach(() => db().execute(sql`DELETE FROM queue_states`))

  it('keep the first reason of a pause, and forget it when the queue goes on', async () => {
    await pauseQueues(db(), { queues: ['video', 'image'], by: 'alarm', reason: 'STORE_CREDENTIALS' })
    await pauseQueues(db(), { queues: ['image'], by: 'operator', reason: 'later' })
    expect(await listQueueStates(db())).toMatchObject([
      { queue: 'image', pausedBy: 'alarm', reason: 'STORE_CREDENTIALS' },
      { queue: 'video', pausedBy: 'alarm', reason: 'STORE_CREDENTIALS' },
    ])
    expect(await resumeQueues(db(), ['image', 'audio'])).toMatchObject([{ queue: 'image', pausedBy: 'alarm' }])
    expect(await listQueueStates(db())).toMatchObject([
      { queue: 'image', pausedAt: null, pausedBy: null, reason: null },
      { queue: 'video', pausedAt: expect.any(Date) },
    ])
    await pauseQueues(db(), { queues: ['image'], by: 'operator', reason: null })
    expect(await listQueueStates(db())).toMatchObject([{ pausedBy: 'operator', reason: null }, {}])
  })

  it('wake the dispatcher for each queue that goes on', async () => {
    const heard: string[] = []
    const stop = await test.database.listen(JOBS_CHANNEL, queue => heard.push(queue))
    await resumeQueues(db(), ['image', 'audio'])
    await expect.poll(() => heard.toSorted()).toEqual(['audio', 'image'])
    await stop()
  })

  it('take pauses from many at once', async () => {
    const pauses = Array.from({ length: 10 }, (_, n) =>
      pauseQueues(db(), {
        queues: n % 2 ? ['image', 'video'] : ['video', 'image'],
        by: 'operator',
        reason: String(n),
      }),
    )
    await Promise.all(pauses)
    const reasons = (await listQueueStates(db())).map(state => state.reason)
    expect(reasons).toHaveLength(2)
  })
})

describe('alarms', () => {
  afterEach(() => db().execute(sql`DELETE FROM alarms`))

  const raise = (subject?: string) =>
    raiseAlarm(db(), { code: 'CLOCK_SKEW', ...(subject && { subject }), message: `of ${subject}` })

  it('are one row while they last, which counts', async () => {
    expect([await raise(), await raise(), await raise()]).toEqual([true, false, false])
    expect(await openAlarms(db())).toMatchObject([{ code: 'CLOCK_SKEW', subject: '', count: 3 }])
  })

  it('are new again after they were cleared', async () => {
    await raise()
    expect(await clearAlarms(db(), { code: 'CLOCK_SKEW' })).toBe(1)
    expect(await openAlarms(db())).toEqual([])
    expect(await raise()).toBe(true)
  })

  it('are cleared by code and subject, or one by one', async () => {
    for (const subject of ['a', 'b', 'c']) await raise(subject)
    expect(await clearAlarms(db(), { code: 'CLOCK_SKEW', subject: 'a' })).toBe(1)
    const [b] = await openAlarms(db())
    expect([await clearAlarm(db(), b?.id ?? ''), await clearAlarm(db(), b?.id ?? '')]).toEqual([true, false])
    expect(await openAlarms(db())).toMatchObject([{ subject: 'c' }])
  })

  it('raised by many at once are new to one of them', async () => {
    const news = await Promise.all(Array.from({ length: 10 }, () => raise()))
    expect(news.filter(Boolean)).toHaveLength(1)
  })
})

describe('workers', () => {
  const worker = () => ({ id: newId(), host: 'a', version: '1', queues: ['image' as const], lacks: [], slots: 2 })
  const silentFor = (id: string, interval: string) =>
    db().execute(sql`UPDATE workers SET seen_at = now() - ${interval}::interval WHERE id = ${id}`)

  it('live for 30 seconds after each sign of life, by the clock of the database', async () => {
    const one = worker()
    await registerWorker(db(), one)
    await silentFor(one.id, '31 seconds')
    expect(await livingWorkers(db())).toEqual([])
    await registerWorker(db(), one)
    expect(await livingWorkers(db())).toMatchObject([one])
    await markDraining(db(), one.id)
    expect(await livingWorkers(db())).toMatchObject([{ id: one.id, drainingAt: expect.any(Date) }])
    await removeWorker(db(), one.id)
    expect(await livingWorkers(db())).toEqual([])
  })

  it('are forgotten an hour after their last sign of life, and register again when they thaw', async () => {
    const one = worker()
    await registerWorker(db(), one)
    await silentFor(one.id, '61 minutes')
    await dropDeadWorkers(db())
    expect(await livingWorkers(db())).toEqual([])
    await registerWorker(db(), one)
    await registerWorker(db(), one)
    expect(await livingWorkers(db())).toHaveLength(1)
    await removeWorker(db(), one.id)
  })
})

describe('quarantine', () => {
  const SHA = 'a'.repeat(64)
  afterEach(() => db().execute(sql`DELETE FROM quarantine`))
  const content = (projectId: string | null, sha256 = SHA) => ({ projectId, sha256, crashes: 3, reason: 'it crashes.' })

  it('of a project keeps the content back there alone, and of all projects everywhere', async () => {
    const other = await ensureProject(db(), 'other')
    await quarantineContent(db(), content(test.projectId))
    expect(await findQuarantine(db(), test.projectId, SHA)).toMatchObject({ crashes: 3, reason: 'it crashes.' })
    expect(await findQuarantine(db(), other.id, SHA)).toBeNull()
    expect([await hasQuarantine(db(), test.projectId), await hasQuarantine(db(), other.id)]).toEqual([true, false])
    await quarantineContent(db(), content(null))
    expect(await findQuarantine(db(), other.id, SHA)).toMatchObject({ projectId: null })
    expect(await hasQuarantine(db(), other.id)).toBe(true)
    expect(await listQuarantine(db(), { projectId: other.id, after: null, limit: 10 })).toHaveLength(1)
  })

  it('takes a content once, also from many at once', async () => {
    const rows = await Promise.all(Array.from({ length: 5 }, () => quarantineContent(db(), content(test.projectId))))
    expect(new Set(rows.map(row => row.id)).size).toBe(1)
  })

  it('refuses a project that is not there', async () => {
    await expect(quarantineContent(db(), content(newId()))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is released once, by who may', async () => {
    const { id } = await quarantineContent(db(), content(test.projectId))
    const other = await ensureProject(db(), 'other')
    expect(await releaseQuarantine(db(), { id, projectId: other.id })).toBeNull()
    expect(await releaseQuarantine(db(), { id, projectId: test.projectId })).toMatchObject({ id })
    expect(await releaseQuarantine(db(), { id, projectId: null })).toBeNull()
    expect(await findQuarantine(db(), test.projectId, SHA)).toBeNull()
    expect((await quarantineContent(db(), content(test.projectId))).id).not.toBe(id)
  })

  it('counts the runs of a content that ended its process, since it was last released', async () => {
    const sha = 'c'.repeat(64)
    const { job } = await confirmedAsset(test)
    await db().execute(sql`UPDATE jobs SET source_sha256 = ${sha} WHERE id = ${job.id}`)
    const run = (outcome: string, code: string | null) =>
      db().execute(sql`
        INSERT INTO job_attempts (id, job_id, attempt, lease_token, host, outcome, error) VALUES
        (${newId()}, ${job.id}, 1, ${newId()}, 'a', ${outcome}, ${code && JSON.stringify({ code })}::text::jsonb)`)
    await run('failed', 'WORKER_CRASHED')
    await run('lost its lease', null)
    await run('failed', 'CORRUPT_FILE')
    await run('done', null)
    expect(await countCrashes(db(), test.projectId, sha)).toBe(1)
    const { id } = await quarantineContent(db(), content(test.projectId, sha))
    await releaseQuarantine(db(), { id, projectId: null })
    expect(await countCrashes(db(), test.projectId, sha)).toBe(0)
    await run('failed', 'WORKER_CRASHED')
    expect(await countCrashes(db(), test.projectId, sha)).toBe(1)
  })
})
