import { newId } from '@darkroom/core'
import { findAsset, pendingPurges, variantsOfAsset } from '@darkroom/db/assets'
import { startDeletion } from '@darkroom/db/deletion'
import { findJob, reprocessAsset } from '@darkroom/db/jobs'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { confirmedAsset, useTestDatabase } from '../../db/test/database.ts'
import {
  changeAssetOfRun,
  claimJob,
  completeRun,
  endJob,
  fenced,
  findLostLeases,
  planRun,
  publishVariant,
  renewLeases,
  requeueJob,
  requeueLostJob,
  returnJob,
} from '../src/sql/index.ts'
import { runPlan } from './run-plan.ts'

const test = useTestDatabase()

const claim = (jobId: string, leaseSec = 15) =>
  test.database.db.transaction(tx => claimJob(tx, { jobId, host: 'test', leaseSec }))

async function claimed(leaseSec?: number) {
  const { job } = await confirmedAsset(test)
  const won = await claim(job.id, leaseSec)
  if (!won) throw new Error('nobody else claims it')
  return won
}

const touch = (tx: Parameters<typeof changeAssetOfRun>[0], lease: Parameters<typeof changeAssetOfRun>[1]) =>
  changeAssetOfRun(tx, lease, { event: 'asset.touched' })

describe('claimJob', () => {
  it('gives a job to one of many that claim it at once', async () => {
    const { job } = await confirmedAsset(test)
    const claims = await Promise.all(Array.from({ length: 10 }, () => claim(job.id)))
    expect(claims.filter(Boolean)).toHaveLength(1)
  })

  it('gives a job whose lease ran out to the next, and counts the attempt', async () => {
    const first = await claimed(0)
    const second = await claim(first.job.id)
    expect(second?.job.attempt).toBe(2)
    expect(second?.lease.leaseToken).not.toBe(first.lease.leaseToken)
  })

  it('does not give out a job that is not due, has ended or is unknown', async () => {
    const { job, lease } = await claimed()
    const { db } = test.database
    await fenced(db, lease, tx =>
      returnJob(tx, lease, { delayMs: 60_000, lane: 'retry', countsAsAttempt: true, end: { outcome: 'failed' } }),
    )
    expect(await claim(job.id)).toBeNull()
    expect(await claim(newId())).toBeNull()
  })
})

describe('a job that is claimed again', () => {
  it('counts from its new attempt, whenever the first began', async () => {
    const { db } = test.database
    const { job } = await claimed(0)
    await db.execute(sql`UPDATE jobs SET started_at = now() - interval '1 day' WHERE id = ${job.id}`)
    const again = await claim(job.id)
    expect(Date.now() - Number(again?.job.startedAt)).toBeLessThan(60_000)
  })
})

describe('fenced', () => {
  it('lets the run that holds the lease write', async () => {
    const { lease, asset } = await claimed()
    const changed = await fenced(test.database.db, lease, tx => touch(tx, lease))
    expect(changed.revision).toBe(asset.revision + 1)
  })

  it('stops a run whose job was taken over, and rolls back what it wrote', async () => {
    const { db } = test.database
    const stale = await claimed(0)
    const taken = await claim(stale.job.id)
    await expect(fenced(db, stale.lease, tx => touch(tx, stale.lease))).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect((await findAsset(db, test.projectId, stale.asset.id))?.revision).toBe(taken?.asset.revision)
  })

  it('stops a run whose asset was deleted', async () => {
    const { db } = test.database
    const { lease, asset } = await claimed()
    await db.transaction(tx => startDeletion(tx, asset.id))
    await expect(fenced(db, lease, tx => touch(tx, lease))).rejects.toMatchObject({ code: 'LEASE_LOST' })
  })

  it('holds back a takeover until a write that is under way has committed', async () => {
    const { db } = test.database
    const { lease, job, asset } = await claimed(0)
    let takeover: ReturnType<typeof claim> | undefined
    await fenced(db, lease, async tx => {
      takeover = claim(job.id)
      await tx.execute(sql`SELECT pg_sleep(0.2)`)
      await touch(tx, lease)
    })
    // One for the write, one for the takeover that followed it.
    expect((await takeover)?.asset.revision).toBe(asset.revision + 2)
  })
})

describe('leases', () => {
  it('are renewed for those that still hold them only', async () => {
    const mine = await claimed()
    const lost = await claimed(0)
    await claim(lost.job.id)
    const kept = await renewLeases(test.database.db, [mine.lease.leaseToken, lost.lease.leaseToken], 3600)
    expect([...kept]).toEqual([mine.lease.leaseToken])
    const rows = await test.database.db.execute(sql`
      SELECT id, lease_until > now() + interval '59 minutes' AS "isRenewed" FROM jobs
      WHERE id IN (${mine.job.id}, ${lost.job.id})`)
    expect(new Map(rows.map(row => [row.id, row.isRenewed]))).toEqual(
      new Map([
        [mine.job.id, true],
        [lost.job.id, false],
      ]),
    )
  })

  it('that ran out are found, and their jobs are queued again once', async () => {
    const { db } = test.database
    const { job } = await claimed(0)
    const found = (await findLostLeases(db, 100)).find(lost => lost.job.id === job.id)
    if (!found) throw new Error('a lost lease was not found')
    const requeued = await Promise.all([1, 2].map(() => db.transaction(tx => requeueLostJob(tx, found.job))))
    expect(found.losses).toBe(1)
    expect(requeued.filter(Boolean)).toHaveLength(1)
    expect(await findJob(db, test.projectId, job.id)).toMatchObject({
      status: 'queued',
      lane: 'interactive',
      attempt: 1,
    })
  })

  it('that ran out before a requeue do not count', async () => {
    const { db } = test.database
    const { job } = await claimed(0)
    await claim(job.id, 0)
    const lossesOf = async () => (await findLostLeases(db, 100)).find(lost => lost.job.id === job.id)?.losses
    expect(await lossesOf()).toBe(2)
    await db.transaction(tx => requeueJob(tx, { id: job.id, projectId: null }))
    await claim(job.id, 0)
    expect(await lossesOf()).toBe(1)
  })
})

describe('variants', () => {
  it('are published one by one, and a re-run makes only what does not stand', async () => {
    const { db } = test.database
    const { lease, asset } = await claimed()
    const plan = () => ({ ...runPlan(['thumb', 'medium']), skipped: [{ name: 'animation', required: false }] })
    const first = plan()
    const made = await planRun(db, lease, first)
    expect([...made]).toEqual(first.variants.map(variant => variant.objectId))
    expect(await findAsset(db, test.projectId, asset.id)).toMatchObject({ width: 20, facts: { orientation: 1 } })
    const [objectId = ''] = made
    const [object] = await db.execute(sql`SELECT state, lease_token FROM objects WHERE id = ${objectId}`)
    expect(object).toEqual({ state: 'writing', lease_token: lease.leaseToken })
    const written = {
      name: 'thumb',
      objectId,
      versionId: 'v',
      etag: 'e',
      contentType: 'image/webp',
      byteSize: 5,
      width: 10,
      height: 10,
      sha256: 's',
      fingerprint: 'f-thumb',
    }
    await publishVariant(db, lease, written, { progress: 0.5, warnings: [] })
    expect(await variantsOfAsset(db, asset.id)).toMatchObject([
      { name: 'thumb', status: 'ready', objectId },
      { name: 'medium', status: 'pending' },
      { name: 'animation', status: 'skipped', objectId: null },
    ])
    const again = plan()
    expect([...(await planRun(db, lease, again))]).toEqual([again.variants[1]?.objectId])
    expect((await findAsset(db, test.projectId, asset.id))?.firstPreviewAt).not.toBeNull()
    await claim(lease.jobId, 0)
    const stale = { ...lease, leaseToken: newId() }
    await expect(publishVariant(db, stale, written, { progress: 0.6, warnings: [] })).rejects.toMatchObject({
      code: 'LEASE_LOST',
    })
    await expect(planRun(db, stale, plan())).rejects.toMatchObject({ code: 'LEASE_LOST' })
  })
})

describe('a run that may not change a status', () => {
  /** All that the run's statements write, as rows. */
  const rowsOf = async ({ asset, job }: Awaited<ReturnType<typeof claimed>>) => {
    const { db } = test.database
    const [objects, events] = await Promise.all([
      db.execute(sql`SELECT state FROM objects WHERE asset_id = ${asset.id} ORDER BY id`),
      db.execute(sql`SELECT seq, type FROM events WHERE asset_id = ${asset.id} ORDER BY seq`),
    ])
    return {
      asset: await findAsset(db, test.projectId, asset.id),
      job: await findJob(db, test.projectId, job.id),
      variants: await variantsOfAsset(db, asset.id),
      objects: [...objects],
      events: [...events],
    }
  }

  it('publishes nothing of a variant that was given up', async () => {
    const { db } = test.database
    const run = await claimed()
    const plan = runPlan()
    const [objectId = ''] = await planRun(db, run.lease, plan)
    await db.execute(sql`UPDATE variants SET status = 'failed' WHERE asset_id = ${run.asset.id}`)
    const before = await rowsOf(run)
    await expect(
      publishVariant(
        db,
        run.lease,
        {
          name: 'thumb',
          objectId,
          versionId: 'v',
          etag: 'e',
          contentType: 'image/webp',
          byteSize: 5,
          width: 10,
          height: 10,
          sha256: 's',
          fingerprint: 'f',
        },
        { progress: 1, warnings: [] },
      ),
    ).rejects.toThrow(`the variant thumb of ${run.asset.id} cannot become ready`)
    expect(await rowsOf(run)).toEqual(before)
  })

  it('ends neither its asset nor its job', async () => {
    const { db } = test.database
    const run = await claimed()
    await db.execute(sql`UPDATE assets SET status = 'expired' WHERE id = ${run.asset.id}`)
    const before = await rowsOf(run)
    const end = { placeholder: null, warnings: [], planned: [], isWhole: true, peakMemoryBytes: undefined }
    await expect(completeRun(db, run.lease, end)).rejects.toThrow('has a status that no run can end')
    expect(await rowsOf(run)).toEqual(before)
  })
})

describe('a file that another variant points to', () => {
  it('stays, once it is replaced, until what points to it was replaced as well, or the asset is deleted', async () => {
    const { db } = test.database
    const { lease, asset } = await claimed()
    const publish = async (isReferredTo: boolean) => {
      const variant = {
        name: 'step',
        required: true,
        contentType: 'video/mp4',
        width: 10,
        height: 10,
        fingerprint: newId(),
        objectId: newId(),
        bucket: 'b',
        key: `variants/${newId()}`,
        position: 0,
        isFresh: false,
      }
      const facts = {
        ...runPlan().facts,
        kind: 'video' as const,
        contentType: 'video/mp4',
        durationMs: 1,
        animated: null,
      }
      await planRun(db, lease, { facts, probe: {}, variants: [variant], skipped: [], original: null })
      await publishVariant(
        db,
        lease,
        { ...variant, isReferredTo, versionId: 'v', etag: 'e', byteSize: 5, sha256: 's' },
        { progress: 1, warnings: [] },
      )
      return variant.objectId
    }
    const purgeIn = async (id: string) => {
      const [row] = await db.execute<{ sec: number }>(
        sql`SELECT round(extract(epoch FROM purge_at - now()))::float8 AS sec FROM objects WHERE id = ${id}`,
      )
      return row?.sec
    }
    const [first, second] = [await publish(true), await publish(true)]
    expect(await purgeIn(first)).toBe(Number.POSITIVE_INFINITY)
    await completeRun(db, lease, {
      placeholder: null,
      warnings: [],
      planned: ['step'],
      isWhole: true,
      peakMemoryBytes: undefined,
    })
    expect(await purgeIn(first)).toBeCloseTo(900, -2)
    expect(await purgeIn(second)).toBeNull()

    const { job } = await db.transaction(tx => reprocessAsset(tx, { asset, queue: 'image' }))
    const again = await claim(job.id)
    if (!again) throw new Error('nobody else claims it')
    Object.assign(lease, again.lease)
    await publish(true)
    expect(await purgeIn(second)).toBe(Number.POSITIVE_INFINITY)
    await db.transaction(tx => startDeletion(tx, asset.id))
    expect(await pendingPurges(db, asset.id)).toMatchObject({ secondsToLast: null })
    expect(await purgeIn(second)).toBeLessThanOrEqual(0)
  })
})

describe('endJob', () => {
  it('ends a job for good', async () => {
    const { db } = test.database
    const { lease, job } = await claimed()
    await fenced(db, lease, tx => endJob(tx, lease, 'succeeded', { outcome: 'done' }))
    expect(await findJob(db, test.projectId, job.id)).toMatchObject({
      status: 'succeeded',
      progress: 1,
      leaseToken: null,
    })
    expect(await claim(job.id)).toBeNull()
  })
})
