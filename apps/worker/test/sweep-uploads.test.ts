import { silentLogger } from '@darkroom/core'
import { openAlarms } from '@darkroom/db/operations'
import { takeUploadsToCheck } from '@darkroom/db/uploads'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { sweepUploads } from '../src/maintenance/sweep-uploads.ts'
import { assetOf, confirm, type Delivered, deliver, PHOTO, strayVersions, useBed } from './harness.ts'

const SWEEP_AFTER_SEC = 120

const bed = useBed()
afterEach(async () => {
  bed.b2.faults.clear()
  bed.b2.requests.clear()
  await execute(sql`UPDATE uploads SET aborted_at = now() WHERE confirmed_at IS NULL`)
  await execute(sql`DELETE FROM alarms`)
})

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)
const sweep = ({ expectsEvents = false, sweepAfterSec = SWEEP_AFTER_SEC } = {}) =>
  sweepUploads.run(
    { ...bed, logger: silentLogger, settings: { sweepAfterSec, expectsEvents } },
    new AbortController().signal,
  )

/** Makes an upload that old, as if nobody had looked at it. */
const age = ({ upload }: Delivered, seconds: number) =>
  execute(
    sql`UPDATE uploads SET created_at = now() - make_interval(secs => ${seconds}),
        next_check_at = now() - make_interval(secs => ${seconds}) + interval '2 minutes' WHERE id = ${upload.id}`,
  )
const makeDue = ({ upload }: Delivered) =>
  execute(sql`UPDATE uploads SET next_check_at = now() WHERE id = ${upload.id}`)
const statusOf = async ({ upload }: Delivered) => (await assetOf(bed, upload.assetId)).status
const secondsToCheck = async ({ upload }: Delivered) => {
  const [row] = await execute(
    sql`SELECT extract(epoch FROM next_check_at - now())::int AS seconds FROM uploads WHERE id = ${upload.id}`,
  )
  return Number(row?.seconds)
}
const heads = () => bed.b2.requests.count({ operation: 'HeadObject' })

async function removeBytes({ location }: Delivered): Promise<void> {
  await bed.store.deleteAll(location)
  bed.b2.requests.clear()
}

describe('an upload whose client never confirmed', () => {
  it('is confirmed by the sweeper, which says so and when it saw the bytes', async () => {
    const delivered = await deliver(bed, PHOTO)
    await age(delivered, SWEEP_AFTER_SEC + 1)
    await sweep()
    expect(await statusOf(delivered)).toBe('processing')
    const [row] = await execute(
      sql`SELECT bytes_seen_at IS NOT NULL AS seen, data FROM uploads u JOIN events e ON e.asset_id = u.asset_id
          WHERE u.id = ${delivered.upload.id} AND e.type = 'asset.processing'`,
    )
    expect(row).toEqual({ seen: true, data: { by: 'sweeper' } })
  })

  it.each([
    ['before its time', SWEEP_AFTER_SEC - 30, SWEEP_AFTER_SEC, 'awaiting_upload'],
    ['sooner when that is asked for', 15, 10, 'processing'],
    ['later when that is asked for', 200, 300, 'awaiting_upload'],
  ])('is looked at for the first time not %s', async (_name, seconds, sweepAfterSec, expected) => {
    const delivered = await deliver(bed, PHOTO)
    await age(delivered, seconds)
    await sweep({ sweepAfterSec })
    expect(await statusOf(delivered)).toBe(expected)
  })

  it('is looked at halfway to its expiry when that comes first', async () => {
    const delivered = await deliver(bed, PHOTO, { expiresAt: new Date(Date.now() + 60_000) })
    await age(delivered, 20)
    await sweep()
    expect(await statusOf(delivered)).toBe('awaiting_upload')
    await age(delivered, 61)
    await sweep()
    expect(await statusOf(delivered)).toBe('processing')
  })

  it('is left alone once it expired, was given up, or is confirmed', async () => {
    const [expired, aborted, confirmed] = [
      await deliver(bed, PHOTO),
      await deliver(bed, PHOTO),
      await deliver(bed, PHOTO),
    ]
    await execute(sql`UPDATE uploads SET expires_at = now() WHERE id = ${expired.upload.id}`)
    await execute(sql`UPDATE uploads SET aborted_at = now() WHERE id = ${aborted.upload.id}`)
    await confirm(bed, confirmed)
    for (const delivered of [expired, aborted, confirmed]) await age(delivered, 600)
    bed.b2.requests.clear()
    await sweep()
    expect(heads()).toBe(0)
  })
})

describe('an upload without bytes', () => {
  it('is looked at again when it is twice as old', async () => {
    const delivered = await deliver(bed, PHOTO)
    await removeBytes(delivered)
    await age(delivered, 300)
    await sweep()
    await sweep()
    expect(heads()).toBe(1)
    expect(await secondsToCheck(delivered)).toBeGreaterThan(270)
    expect(await secondsToCheck(delivered)).toBeLessThan(330)
  })

  it('is looked at once more a minute before it expires, and then no more', async () => {
    const delivered = await deliver(bed, PHOTO)
    await removeBytes(delivered)
    await age(delivered, 7200)
    const expireIn = (seconds: number) =>
      execute(
        sql`UPDATE uploads SET expires_at = now() + make_interval(secs => ${seconds}) WHERE id = ${delivered.upload.id}`,
      )
    await expireIn(600)
    await sweep()
    expect(await secondsToCheck(delivered)).toBeGreaterThan(510)
    expect(await secondsToCheck(delivered)).toBeLessThan(570)
    await expireIn(59)
    await makeDue(delivered)
    await sweep()
    await sweep()
    expect(heads()).toBe(2)
  })

  it('is looked at in a minute when the store did not answer', async () => {
    const delivered = await deliver(bed, PHOTO)
    await age(delivered, 7200)
    bed.b2.faults.set({ kind: 'slow-down', retryAfterSec: 60 })
    await sweep()
    expect(await secondsToCheck(delivered)).toBeLessThanOrEqual(60)
    bed.b2.faults.clear()
    await makeDue(delivered)
    await sweep()
    expect(await statusOf(delivered)).toBe('processing')
  })

  it('loses bytes of a wrong size', async () => {
    const delivered = await deliver(bed, PHOTO)
    await removeBytes(delivered)
    await bed.store.put({ ...delivered.location, body: Buffer.from('short'), byteSize: 5, contentType: 'image/jpeg' })
    await age(delivered, 300)
    await sweep()
    expect(await statusOf(delivered)).toBe('awaiting_upload')
    expect(await strayVersions(bed, delivered.upload.assetId)).toEqual([])
  })
})

describe('an upload in parts', () => {
  it('is put together once all parts are there', async () => {
    const delivered = await deliver(bed, PHOTO)
    await removeBytes(delivered)
    const ref = {
      ...delivered.location,
      uploadId: await bed.store.createMultipartUpload({ ...delivered.location, contentType: 'image/jpeg' }),
    }
    await execute(
      sql`UPDATE uploads SET type = 'multipart', part_size = ${PHOTO.length}, part_count = 1,
          store_upload_id = ${ref.uploadId} WHERE id = ${delivered.upload.id}`,
    )
    await age(delivered, 300)
    await sweep()
    expect(await statusOf(delivered)).toBe('awaiting_upload')
    const url = await bed.store.presignPart({ ...ref, partNumber: 1, byteSize: PHOTO.length, expiresInSec: 60 })
    expect((await fetch(url, { method: 'PUT', body: new Uint8Array(PHOTO) })).status).toBe(200)
    await makeDue(delivered)
    await sweep({ expectsEvents: true })
    expect(await statusOf(delivered)).toBe('processing')
    // It was not an object before, so there was nothing to tell of.
    expect(await openAlarms(bed.database.db)).toEqual([])
  })
})

describe('many sweepers at once', () => {
  it('take each upload once', async () => {
    const delivered = await Promise.all(Array.from({ length: 30 }, () => deliver(bed, PHOTO)))
    for (const each of delivered) await age(each, 300)
    const take = () => takeUploadsToCheck(bed.database.db, { firstAfterSec: SWEEP_AFTER_SEC, limit: 20 })
    const taken = (await Promise.all([take(), take(), take(), take()])).flat().map(upload => upload.id)
    expect(taken.sort()).toEqual(delivered.map(({ upload }) => upload.id).sort())
  })

  it('make one job of an upload that the client confirms at the same moment', async () => {
    const delivered = await deliver(bed, PHOTO)
    await age(delivered, 300)
    await Promise.all([sweep(), confirm(bed, delivered).catch(() => undefined), makeDue(delivered).then(() => sweep())])
    const [row] = await execute(
      sql`SELECT count(*)::int AS jobs FROM jobs WHERE asset_id = ${delivered.upload.assetId}`,
    )
    expect(row?.jobs).toBe(1)
  })
})

describe('a store that is to tell of objects', () => {
  const found = async () => {
    const delivered = await deliver(bed, PHOTO)
    await age(delivered, 300)
    return delivered
  }
  const alarmCodes = async () => (await openAlarms(bed.database.db)).map(alarm => alarm.code)
  /** The store's clock is the machine's, so the bytes are made older by asking later. */
  const laterSweep = async () => {
    const store = {
      ...bed.store,
      head: async (...args: Parameters<typeof bed.store.head>) => {
        const head = await bed.store.head(...args)
        return head && { ...head, lastModified: new Date(Date.now() - 61_000) }
      },
    }
    const settings = { sweepAfterSec: SWEEP_AFTER_SEC, expectsEvents: true }
    await sweepUploads.run({ ...bed, store, logger: silentLogger, settings }, new AbortController().signal)
  }

  it('raises an alarm when the sweeper found what it did not tell', async () => {
    await found()
    await found()
    await laterSweep()
    expect(await openAlarms(bed.database.db)).toMatchObject([{ code: 'EVENTS_SILENT', count: 2 }])
  })

  it('is given a minute', async () => {
    await found()
    await sweep({ expectsEvents: true })
    expect(await alarmCodes()).toEqual([])
  })

  it('is not silent when its event waits to be processed', async () => {
    const { location } = await found()
    await execute(
      sql`INSERT INTO inbox (event_id, type, bucket, key) VALUES ('e', 'b2:ObjectCreated:Upload', ${location.bucket}, ${location.key})`,
    )
    await laterSweep()
    expect(await alarmCodes()).toEqual([])
  })

  it('is expected to say nothing where events are not set up', async () => {
    await found()
    await sweep()
    expect(await alarmCodes()).toEqual([])
  })
})
