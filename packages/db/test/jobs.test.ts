import { newId } from '@darkroom/core'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  changeAssetOfRun,
  claimJob,
  endJob,
  ensureProject,
  fenced,
  findAsset,
  findDispatchable,
  findJob,
  findLostLeases,
  insertObjects,
  markDispatched,
  planVariants,
  publishVariant,
  renewLeases,
  requeueLostJob,
  returnJob,
  startDeletion,
  variantsOfAsset,
} from '../src/index.ts'
import { confirmedAsset, openTestDatabase, type TestDatabase } from './database.ts'

let test: TestDatabase
beforeAll(async () => {
  test = await openTestDatabase()
})
afterAll(() => test.drop())

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
    const kept = await renewLeases(test.database.db, [mine.lease.leaseToken, lost.lease.leaseToken], 15)
    expect([...kept]).toEqual([mine.lease.leaseToken])
  })

  it('that ran out are found, and their jobs put back in line once', async () => {
    const { db } = test.database
    const { job } = await claimed(0)
    const found = (await findLostLeases(db, 100)).find(lost => lost.id === job.id)
    if (!found) throw new Error('a lost lease was not found')
    const requeued = await Promise.all([1, 2].map(() => db.transaction(tx => requeueLostJob(tx, found))))
    expect(requeued.filter(Boolean)).toHaveLength(1)
    expect(await findJob(db, test.projectId, job.id)).toMatchObject({ status: 'queued', lane: 'retry', attempt: 1 })
  })
})

describe('variants', () => {
  it('are published one by one, and a re-run makes only what does not stand', async () => {
    const { db } = test.database
    const { lease, asset } = await claimed()
    const planned = ['thumb', 'medium'].map(name => ({
      name,
      required: true,
      contentType: 'image/webp',
      width: 10,
      height: 10,
      fingerprint: `f-${name}`,
    }))
    const toMake = await fenced(db, lease, tx => planVariants(tx, lease, planned))
    expect([...toMake]).toEqual(['thumb', 'medium'])
    const [object] = await insertObjects(db, [
      { projectId: asset.projectId, assetId: asset.id, bucket: 'b', key: `variants/${newId()}` },
    ])
    if (!object) throw new Error('INSERT returned no row')
    const written = {
      name: 'thumb',
      objectId: object.id,
      versionId: 'v',
      etag: 'e',
      contentType: 'image/webp',
      byteSize: 5,
      width: 10,
      height: 10,
      sha256: 's',
      fingerprint: 'f-thumb',
    }
    await publishVariant(db, lease, written, 0.5)
    expect(await variantsOfAsset(db, asset.id)).toMatchObject([
      { name: 'thumb', status: 'ready', objectId: object.id },
      { name: 'medium', status: 'pending' },
    ])
    expect([...(await fenced(db, lease, tx => planVariants(tx, lease, planned)))]).toEqual(['medium'])
    expect((await findAsset(db, test.projectId, asset.id))?.firstPreviewAt).not.toBeNull()
    await claim(lease.jobId, 0)
    await expect(publishVariant(db, { ...lease, leaseToken: newId() }, written, 0.6)).rejects.toMatchObject({
      code: 'LEASE_LOST',
    })
  })
})

describe('findDispatchable', () => {
  it('goes round robin over projects, so that a backlog of one does not hold up another', async () => {
    const other = await ensureProject(test.database.db, 'other')
    for (let index = 0; index < 5; index++) await confirmedAsset(test)
    const { job } = await confirmedAsset({ ...test, projectId: other.id })
    const due = await findDispatchable(test.database.db, { queue: 'image', limit: 3, staleAfterSec: 10 })
    expect(due.map(entry => entry.id)).toContain(job.id)
  })

  it('hands a job out again when nobody claimed it', async () => {
    const { db } = test.database
    const { job } = await confirmedAsset(test)
    const all = { queue: 'image', limit: 1000, staleAfterSec: 10 } as const
    const entry = (await findDispatchable(db, all)).find(candidate => candidate.id === job.id)
    if (!entry) throw new Error('a due job was not found')
    expect(await markDispatched(db, entry)).toBe(1)
    expect(await markDispatched(db, entry)).toBeNull()
    expect((await findDispatchable(db, all)).map(candidate => candidate.id)).not.toContain(job.id)
    expect((await findDispatchable(db, { ...all, staleAfterSec: 0 })).map(candidate => candidate.id)).toContain(job.id)
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
