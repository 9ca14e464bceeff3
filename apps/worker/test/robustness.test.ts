import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId, silentLogger } from '@darkroom/core'
import { doomObjects, findPurgeable, insertObjects } from '@darkroom/db/assets'
import { createDatabase } from '@darkroom/db/client'
import { claimJob, noteProgress } from '@darkroom/jobs/sql'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { trackProgress } from '../src/process-asset/progress.ts'
import { purgeObjects } from '../src/purge-objects.ts'
import { openTempDir } from '../src/temp-dir.ts'
import { assetOf, eventually, jobOf, PRIVATE_BUCKET, SMALL_PNG, untilStatus, uploaded, useBed } from './harness.ts'

const bed = useBed()

describe('a database that refuses connections', () => {
  it('fails the attempt to lead and nothing else', async () => {
    const nowhere = createDatabase('postgres://x:y@127.0.0.1:1/z')
    const lost: string[] = []
    await expect(nowhere.tryAdvisoryLock('lock', () => lost.push('lost'))).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    })
    expect(lost).toEqual([])
    await nowhere.close()
  })
})

describe('the folder of a run', () => {
  it('is made again with all above it, when a cleaner of temporary folders removed them', async () => {
    const root = join(bed.tempDir, 'cleaned')
    const tempDir = await openTempDir(root)
    await rm(root, { recursive: true })
    const folder = tempDir.folderOf(newId())
    await tempDir.create(folder)
    await rm(folder, { recursive: true })
    await tempDir.close()
  })
})

describe('progress', () => {
  it('is written at most once a second, however often it is reported', async () => {
    const { job, asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
    const { db } = bed.database
    const claimed = await claimJob(db, { jobId: job.id, host: 'test', leaseSec: 600 })
    if (!claimed) throw new Error('nobody else claims it')
    const run = {
      ...claimed,
      noteProgress: (progress: number, stage: string) => noteProgress(db, claimed.lease, progress, stage),
    }
    const tracker = trackProgress({ logger: silentLogger }, run, 2)
    const start = performance.now()
    for (let step = 1; step <= 200; step++) {
      tracker.report({ value: step / 200, stage: 'render' })
      await sleep(12)
    }
    await eventually(async () => (await jobOf(bed, asset.id)).progress).toBeGreaterThan(0.5)
    const written = (await assetOf(bed, asset.id)).revision - run.asset.revision
    expect(written).toBeGreaterThanOrEqual(2)
    expect(written).toBeLessThanOrEqual((performance.now() - start) / 1000)
  })
})

describe('a doomed object that the store does not let go', () => {
  it('holds up no other, and makes way', async () => {
    const worker = await bed.startWorker()
    const { asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
    await untilStatus(bed, asset.id, 'ready')
    await worker.close()

    const { db } = bed.database
    const owner = { projectId: asset.projectId, assetId: asset.id }
    const rows = await insertObjects(db, [
      { ...owner, bucket: 'no-such-bucket-anywhere', key: `uploads/${newId()}` },
      { ...owner, bucket: PRIVATE_BUCKET, key: `uploads/${newId()}` },
    ])
    const ids = rows.map(row => row.id)
    await doomObjects(db, ids)
    const due = (await findPurgeable(db, 100)).filter(object => ids.includes(object.id))
    await expect(purgeObjects(bed, due)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    const left = await db.execute(
      sql`SELECT bucket, purge_at = purge_until AS purged, purge_at > now() AS later FROM objects WHERE id IN ${ids} ORDER BY bucket`,
    )
    expect([...left]).toEqual([
      { bucket: PRIVATE_BUCKET, purged: true, later: true },
      { bucket: 'no-such-bucket-anywhere', purged: false, later: true },
    ])
  })
})
