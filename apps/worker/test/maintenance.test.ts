import { silentLogger } from '@darkroom/core'
import { readUsage } from '@darkroom/db/projects'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { startMaintenance } from '../src/maintenance/index.ts'
import { purgeDoomed } from '../src/maintenance/purge-doomed.ts'
import { openTempDir } from '../src/temp-dir.ts'
import {
  assetOf,
  confirm,
  deliver,
  eventually,
  expectStoreAndRowsAgree,
  jobOf,
  PHOTO,
  PRIVATE_BUCKET,
  PUBLIC_BUCKET,
  purgeSecondPass,
  putBytes,
  SMALL_PNG,
  strayVersions,
  untilStatus,
  uploaded,
  useBed,
} from './harness.ts'

const bed = useBed()

const running = new Set<ReturnType<typeof startMaintenance>>()
const maintenanceDeps = async () => {
  const settings = { host: 'test', privateBucket: PRIVATE_BUCKET, publicBucket: PUBLIC_BUCKET, cdn: null }
  return {
    ...bed,
    tempDir: await openTempDir(bed.tempDir),
    logger: silentLogger,
    settings: {
      ...settings,
      timeoutMs: { image: 60_000, video: 60_000, audio: 60_000, document: 60_000 },
      engines: { sharp: '0', libvips: '0', ffmpeg: null },
      failedSourceDays: 7,
      manifestDelaySec: 300,
      verifyDailyFiles: 0,
      backups: null,
      sweepAfterSec: 120,
      expectsEvents: false,
    },
  }
}
/** Every task once, at least. */
const maintain = async () => running.add(startMaintenance(await maintenanceDeps()))

afterEach(async () => {
  for (const maintenance of running) await maintenance.close()
  running.clear()
})

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)
const versionsOf = async (key: string) => (await strayVersions(bed, key)).length

describe('an upload in parts that was opened twice', () => {
  const openUploads = async (key: string) => {
    const found: string[] = []
    for await (const { uploadId } of bed.store.listMultipartUploads({ bucket: PRIVATE_BUCKET, prefix: key }))
      found.push(uploadId)
    return found
  }

  it('leaves nothing open once the other one was confirmed and promoted', async () => {
    const { upload, location } = await deliver(bed, SMALL_PNG, { contentType: 'image/png' })
    await bed.store.deleteAll(location)
    const open = () => bed.store.createMultipartUpload({ ...location, contentType: 'image/png' })
    // The API died before it had written down the first one.
    const [, uploadId] = [await open(), await open()]
    expect(await openUploads(location.key)).toHaveLength(2)
    const url = await bed.store.presignPart({
      ...location,
      uploadId,
      partNumber: 1,
      byteSize: SMALL_PNG.length,
      expiresInSec: 60,
    })
    expect((await fetch(url, { method: 'PUT', body: new Uint8Array(SMALL_PNG) })).status).toBe(200)
    const parts = await bed.store.listParts({ ...location, uploadId })
    await bed.store.completeMultipartUpload({
      ...location,
      uploadId,
      parts: parts ?? [],
      byteSize: SMALL_PNG.length,
    })
    await confirm(bed, { upload, location, url, headers: {} })
    const worker = await bed.startWorker()
    await untilStatus(bed, upload.assetId, 'ready')
    await worker.close()
    await purgeSecondPass(bed)
    expect(await openUploads(location.key)).toEqual([])
  })
})

describe('an upload that was not confirmed in time', () => {
  it('expires, and every version of what was put is removed, at once and once more when the URL has run out', async () => {
    const delivered = await deliver(bed, PHOTO)
    await putBytes(delivered, PHOTO)
    const { upload, location } = delivered
    expect(await versionsOf(location.key)).toBe(2)
    await execute(sql`UPDATE uploads SET expires_at = now() WHERE id = ${upload.id}`)
    await execute(sql`UPDATE assets SET expires_at = now() WHERE id = ${upload.assetId}`)
    await maintain()
    await untilStatus(bed, upload.assetId, 'expired')
    // The purge may have looked before the object was given up.
    await maintain()
    await eventually(() => versionsOf(location.key)).toBe(0)

    await putBytes(delivered, PHOTO)
    const [row] = await execute(sql`SELECT state, purge_until, purge_at FROM objects WHERE key = ${location.key}`)
    expect(row?.state).toBe('doomed')
    expect(Date.parse(String(row?.purge_until))).toBeGreaterThan(upload.presignExpiresAt.getTime() + 4 * 60_000)
    await expectStoreAndRowsAgree(bed)
  })

  it('cannot be confirmed any more', async () => {
    const delivered = await deliver(bed, PHOTO)
    await execute(sql`UPDATE uploads SET expires_at = now() WHERE id = ${delivered.upload.id}`)
    await expect(confirm(bed, delivered)).rejects.toThrow()
  })

  it('does not take one with it that was', async () => {
    const { asset } = await uploaded(bed, PHOTO)
    await execute(sql`UPDATE uploads SET expires_at = now() WHERE asset_id = ${asset.id}`)
    const late = await deliver(bed, PHOTO)
    await execute(sql`UPDATE uploads SET expires_at = now() WHERE id = ${late.upload.id}`)
    await execute(sql`UPDATE assets SET expires_at = now() WHERE id = ${late.upload.assetId}`)
    await maintain()
    await untilStatus(bed, late.upload.assetId, 'expired')
    expect((await assetOf(bed, asset.id)).status).toBe('processing')
  })
})

describe('what was remembered of requests', () => {
  it('is forgotten when it no longer counts', async () => {
    const claim = (key: string, age: string) =>
      execute(sql`INSERT INTO idempotency_keys (project_id, route, key, fingerprint, claim_token, claimed_at)
        VALUES (gen_random_uuid(), 'POST /', ${key}, '', gen_random_uuid(), now() - ${age}::interval)`)
    const count = (subject: string, age: string) =>
      execute(
        sql`INSERT INTO rate_windows (subject, count, started_at) VALUES (${subject}, 1, now() - ${age}::interval)`,
      )
    for (const [name, age] of [
      ['old', '25 hours'],
      ['young', '10 seconds'],
    ] as const) {
      await claim(name, age)
      await count(name, age)
    }
    await maintain()
    const kept = async () => [
      ...(await execute(sql`SELECT key AS name FROM idempotency_keys`)).map(row => row.name),
      ...(await execute(sql`SELECT subject AS name FROM rate_windows`)).map(row => row.name),
    ]
    await eventually(kept).toEqual(['young', 'young'])
  })
})

describe('what projects have', () => {
  it('is counted from the rows once a day, and added up', async () => {
    const { asset } = await uploaded(bed, PHOTO)
    await execute(sql`DELETE FROM usage_deltas WHERE project_id = ${asset.projectId}`)
    await execute(sql`DELETE FROM usage_totals WHERE project_id = ${asset.projectId}`)
    await execute(sql`DELETE FROM task_leases WHERE task = 'usage'`)
    const [there] = await execute(
      sql`SELECT count(*)::int AS objects FROM objects WHERE project_id = ${asset.projectId} AND state = 'live'`,
    )
    expect(Number(there?.objects)).toBeGreaterThan(0)
    await maintain()
    await eventually(async () => (await readUsage(bed.database.db, asset.projectId)).objects).toBe(there?.objects)
    // The task that adds up may have come before; it comes again.
    await maintain()
    const unfolded = () => execute(sql`SELECT id FROM usage_deltas WHERE project_id = ${asset.projectId}`)
    await eventually(async () => (await unfolded()).length).toBe(0)
  })
})

describe('a job whose worker is gone', () => {
  const lose = (assetId: string, attempt: number) =>
    execute(
      sql`UPDATE jobs SET status = 'running', attempt = ${attempt}, lease_token = gen_random_uuid(),
          lease_until = now() - interval '1 s' WHERE asset_id = ${assetId}`,
    )

  it('is queued again', async () => {
    const { asset } = await uploaded(bed, PHOTO)
    await lose(asset.id, 1)
    await maintain()
    await eventually(async () => (await jobOf(bed, asset.id)).status).toBe('queued')
    expect(await jobOf(bed, asset.id)).toMatchObject({ lane: 'interactive', attempt: 1, leaseToken: null })
  })

  it('fails with it after the last attempt that it had', async () => {
    const { asset } = await uploaded(bed, PHOTO)
    await lose(asset.id, 8)
    await maintain()
    const failed = await untilStatus(bed, asset.id, 'failed')
    expect(failed.error?.code).toBe('WORKER_CRASHED')
    expect(await jobOf(bed, asset.id)).toMatchObject({ status: 'failed', error: { code: 'WORKER_CRASHED' } })
  })

  it('is left alone while its lease holds', async () => {
    const { asset } = await uploaded(bed, PHOTO)
    const { asset: other } = await uploaded(bed, PHOTO)
    await lose(asset.id, 1)
    await lose(other.id, 1)
    await execute(sql`UPDATE jobs SET lease_until = now() + interval '60 s' WHERE asset_id = ${asset.id}`)
    await maintain()
    await eventually(async () => (await jobOf(bed, other.id)).status).toBe('queued')
    expect((await jobOf(bed, asset.id)).status).toBe('running')
  })
})

describe('an asset that failed', () => {
  it('loses its source when it was kept long enough, and not before', async () => {
    const [old, young] = [await uploaded(bed, PHOTO), await uploaded(bed, PHOTO)]
    for (const { asset } of [old, young]) {
      await execute(sql`UPDATE jobs SET status = 'failed' WHERE asset_id = ${asset.id}`)
      await execute(
        sql`UPDATE assets SET status = 'failed', source_expires_at = now() + interval '1 h' WHERE id = ${asset.id}`,
      )
    }
    await execute(sql`UPDATE assets SET source_expires_at = now() WHERE id = ${old.asset.id}`)
    await maintain()
    await eventually(async () => (await assetOf(bed, old.asset.id)).sourceExpiresAt).toBeNull()
    await maintain()
    await eventually(() => bed.store.head(old.location)).toBeNull()
    expect(await bed.store.head(young.location)).not.toBeNull()
  })
})

describe('FAILED_SOURCE_DAYS', () => {
  it('ends before the rule of the store ends uploads', async () => {
    await expect(bed.startWorker({ FAILED_SOURCE_DAYS: '22' })).rejects.toThrow(/FAILED_SOURCE_DAYS.*at most 21/)
    const worker = await bed.startWorker({ FAILED_SOURCE_DAYS: '21' })
    await worker.close()
  })
})

describe('what was given up', () => {
  it('is removed without a pause, however much it is', async () => {
    const { asset } = await uploaded(bed, PHOTO)
    await execute(sql`
      INSERT INTO objects (id, project_id, asset_id, bucket, key, state, purge_at, purge_until)
      SELECT gen_random_uuid(), ${bed.projectId}, ${asset.id}, ${PUBLIC_BUCKET}, 'variants/gone-' || n, 'doomed', now(), now()
      FROM generate_series(1, 450) AS n`)
    const left = async () => (await execute(sql`SELECT 1 FROM objects WHERE key LIKE 'variants/gone-%'`)).length
    await purgeDoomed.run(await maintenanceDeps(), AbortSignal.timeout(60_000))
    expect(await left()).toBe(0)
  })
})

describe('a deletion with time to undo it', () => {
  it('begins when that is over, and not of what was restored', async () => {
    const [due, restored, later] = [
      await uploaded(bed, SMALL_PNG),
      await uploaded(bed, SMALL_PNG),
      await uploaded(bed, SMALL_PNG),
    ]
    await execute(sql`UPDATE assets SET delete_at = now() - interval '1 second' WHERE id = ${due.asset.id}`)
    await execute(sql`UPDATE assets SET delete_at = NULL WHERE id = ${restored.asset.id}`)
    await execute(sql`UPDATE assets SET delete_at = now() + interval '1 hour' WHERE id = ${later.asset.id}`)
    await maintain()
    await eventually(async () => (await assetOf(bed, due.asset.id)).status).toBe('deleting')
    expect(await jobOf(bed, due.asset.id)).toMatchObject({ name: 'asset.delete' })
    for (const kept of [restored, later]) expect((await assetOf(bed, kept.asset.id)).deletedAt).toBeNull()
  })
})
