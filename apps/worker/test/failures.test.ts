import { setTimeout as sleep } from 'node:timers/promises'
import { QUEUE_NAMES } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { openAlarms, quarantineContent, releaseQuarantine } from '@darkroom/db/operations'
import { resumeQueues } from '@darkroom/jobs/sql'
import type { FaultKind } from '@darkroom/local-b2'
import { sql } from 'drizzle-orm'
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { failLostJob } from '../src/maintenance/fail-lost-job.ts'
import {
  assetOf,
  attemptsOf,
  eventually,
  expectStoreAndRowsAgree,
  jobOf,
  mediaProcesses,
  PHOTO,
  SMALL_PNG,
  sha256,
  untilStatus,
  uploaded,
  useBed,
} from './harness.ts'

const bed = useBed()
beforeAll(async () => {
  await bed.startWorker()
})
afterEach(() => bed.b2.faults.clear())

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)
const smallPng = () => uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
const alarmCodes = async () => (await openAlarms(bed.database.db)).map(({ code }) => code)
/** Backoff is for outages; here it is only waiting. */
const expedite = () => execute(sql`UPDATE jobs SET available_at = now() WHERE status = 'queued'`)

describe('what only a person can fix', () => {
  it.each<[FaultKind, string]>([
    ['cap-exceeded', 'STORE_CAP_EXCEEDED'],
    ['wrong-key', 'STORE_CREDENTIALS'],
  ])('%s pauses every queue, raises an alarm and burns no attempt; resumed, all goes on', async (kind, code) => {
    bed.b2.faults.set({ kind, match: { method: 'GET', key: 'uploads/' } })
    const uploads = [await smallPng(), await smallPng()]
    await eventually(alarmCodes).toContain(code)
    const paused = await execute(sql`SELECT queue, paused_by, reason FROM queue_states WHERE paused_at IS NOT NULL`)
    expect(paused).toHaveLength(QUEUE_NAMES.length)
    expect(paused[0]).toMatchObject({ paused_by: 'alarm', reason: code })
    const waitsUnharmed = async ({ asset }: (typeof uploads)[number]) => {
      const { status, attempt } = await jobOf(bed, asset.id)
      return status === 'queued' && attempt === 0
    }
    for (const upload of uploads) await eventually(() => waitsUnharmed(upload)).toBe(true)
    bed.b2.faults.clear()
    const meanwhile = await smallPng()
    await sleep(2500)
    for (const upload of [...uploads, meanwhile]) expect(await waitsUnharmed(upload)).toBe(true)
    await bed.database.db.transaction(tx => resumeQueues(tx, [...QUEUE_NAMES]))
    for (const { asset } of [...uploads, meanwhile]) await untilStatus(bed, asset.id, 'ready')
    await execute(sql`UPDATE alarms SET cleared_at = now()`)
  })
})

describe('a file that kills the process that works on it', () => {
  it('is in quarantine after the third time, in its project; others go on, and so does it after its release', async () => {
    let isPoison = true
    onTestFinished(() => {
      isPoison = false
    })
    const killing = (async () => {
      while (isPoison) {
        const [running] = await execute(
          sql`SELECT 1 FROM jobs JOIN assets ON assets.id = jobs.asset_id
              WHERE jobs.status = 'running' AND assets.content_type = 'image/jpeg'`,
        )
        if (running) for (const pid of mediaProcesses()) kill(pid)
        await sleep(20)
      }
    })()
    const { asset } = await uploaded(bed, PHOTO)
    const impatient = setInterval(() => void expedite(), 200)
    const failed = await untilStatus(bed, asset.id, 'failed')
    clearInterval(impatient)
    isPoison = false
    await killing
    expect(failed.error?.code).toBe('WORKER_CRASHED')
    const attempts = await attemptsOf(bed, asset.id)
    expect(attempts).toHaveLength(3)
    for (const attempt of attempts) expect(attempt).toContain('failed WORKER_CRASHED')
    expect(await alarmCodes()).toContain('QUARANTINED')

    const again = await uploaded(bed, PHOTO)
    expect((await untilStatus(bed, again.asset.id, 'failed')).error?.code).toBe('QUARANTINED')
    expect(await attemptsOf(bed, again.asset.id)).toEqual(['1 failed QUARANTINED'])
    const harmless = await smallPng()
    await untilStatus(bed, harmless.asset.id, 'ready')

    const [entry] = await execute(sql`SELECT id FROM quarantine WHERE sha256 = ${sha256(PHOTO)}`)
    await releaseQuarantine(bed.database.db, { id: String(entry?.id), projectId: null })
    const released = await uploaded(bed, PHOTO)
    await untilStatus(bed, released.asset.id, 'ready')
    await expectStoreAndRowsAgree(bed)
  })

  it('is kept out of every project when an operator says so', async () => {
    const content = { projectId: null, sha256: sha256(SMALL_PNG), crashes: 0, reason: 'test' }
    const { id } = await quarantineContent(bed.database.db, content)
    const { asset } = await smallPng()
    expect((await untilStatus(bed, asset.id, 'failed')).error?.code).toBe('QUARANTINED')
    await releaseQuarantine(bed.database.db, { id, projectId: null })
  })

  it('and its whole worker is given up after the fifth time', async () => {
    const { asset, job } = await smallPng()
    await untilStatus(bed, asset.id, 'ready')
    await execute(sql`UPDATE assets SET status = 'processing' WHERE id = ${asset.id}`)
    for (let attempt = 2; attempt <= 5; attempt++) {
      await execute(
        sql`INSERT INTO job_attempts (id, job_id, attempt, lease_token, host, finished_at, outcome)
            VALUES (${newId()}, ${job.id}, ${attempt}, ${newId()}, 'gone', now(), 'lost its lease')`,
      )
    }
    await execute(
      sql`UPDATE jobs SET status = 'running', attempt = 6, lease_token = ${newId()}, lease_until = now() - interval '1 s',
            source_sha256 = ${sha256(SMALL_PNG)} WHERE id = ${job.id}`,
    )
    await eventually(async () => (await assetOf(bed, asset.id)).error?.code).toBe('WORKER_CRASHED')
    expect(
      await execute(sql`SELECT 1 FROM quarantine WHERE sha256 = ${sha256(SMALL_PNG)} AND released_at IS NULL`),
    ).toHaveLength(1)
    const alarms = (await openAlarms(bed.database.db)).filter(({ subject }) => subject === sha256(SMALL_PNG))
    expect(alarms).toMatchObject([
      { code: 'QUARANTINED', message: expect.stringContaining('after 6 crashes: The worker') },
    ])
    await execute(sql`UPDATE quarantine SET released_at = now()`)
  })
})

describe('a job whose worker is found to be gone', () => {
  it('stays with a worker that came back in the meantime', async () => {
    const { asset, job } = await smallPng()
    await untilStatus(bed, asset.id, 'ready')
    const leaseToken = newId()
    await execute(
      sql`UPDATE jobs SET status = 'running', lease_token = ${leaseToken}, lease_until = now() + interval '1 h' WHERE id = ${job.id}`,
    )
    await failLostJob(bed.database.db, { job: await jobOf(bed, asset.id), isPoison: false }, { failedSourceDays: 7 })
    expect(await jobOf(bed, asset.id)).toMatchObject({ status: 'running', leaseToken })
    await execute(
      sql`UPDATE jobs SET status = 'succeeded', lease_token = NULL, lease_until = NULL WHERE id = ${job.id}`,
    )
  })
})

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

describe('a slot that is kept', () => {
  it('lets the single upload of another project pass a backlog that fills every other slot', async () => {
    bed.b2.faults.set({
      kind: 'delay',
      ms: 60_000,
      match: { method: 'GET', key: `uploads/${bed.projectId}` },
      times: 2,
    })
    const backlog = await Promise.all(Array.from({ length: 6 }, smallPng))
    await eventually(async () => (await execute(sql`SELECT 1 FROM jobs WHERE status = 'running'`)).length).toBe(2)
    const projectId = newId()
    await execute(sql`INSERT INTO projects (id, name) VALUES (${projectId}, 'single')`)
    const single = await uploaded({ ...bed, projectId }, SMALL_PNG, { contentType: 'image/png' })
    await eventually(
      async () => (await execute(sql`SELECT 1 FROM jobs WHERE id = ${single.job.id} AND is_reserved`)).length,
    ).toBe(1)
    await untilStatus({ ...bed, projectId }, single.asset.id, 'ready')
    for (const { asset } of backlog) expect((await assetOf(bed, asset.id)).status).toBe('processing')
    bed.b2.faults.clear()
    for (const { asset } of backlog) await untilStatus(bed, asset.id, 'ready')
  })
})
