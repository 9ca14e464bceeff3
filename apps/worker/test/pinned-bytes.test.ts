import { type AssetRow, getObject } from '@darkroom/db/assets'
import { type ConfirmedBy, findUpload } from '@darkroom/db/uploads'
import { confirmArrived } from '@darkroom/ingest'
import { requeueJob } from '@darkroom/jobs/sql'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import {
  type Delivered,
  deliver,
  eventually,
  jobOf,
  putBytes,
  readAll,
  SMALL_PNG,
  sha256,
  untilStatus,
  useBed,
  variantsInStore,
} from './harness.ts'

// What was confirmed is what is processed, whatever is put to the same URL afterwards, and however often it is confirmed.

const bed = useBed()

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)

/** Another image of as many bytes, as the signature of the URL asks for. */
const OTHER = Buffer.concat([SMALL_PNG.subarray(0, -1), Buffer.from([0])])

async function confirmBy(by: ConfirmedBy, { upload }: Delivered) {
  const found = await findUpload(bed.database.db, bed.projectId, upload.id)
  if (!found) throw new Error(`no upload ${upload.id}`)
  return confirmArrived(bed, found, { by })
}

/** What is served as the original, and what was found to be its digest. */
async function originalOf({ sha256: found, originalObjectId }: AssetRow) {
  const object = originalObjectId === null ? null : await getObject(bed.database.db, originalObjectId)
  return [found, object && sha256(await readAll(bed.store, object))]
}
const FIRST = [sha256(SMALL_PNG), sha256(SMALL_PNG)]

async function confirmedAndSwapped() {
  const delivered = await deliver(bed, SMALL_PNG, { contentType: 'image/png' })
  await confirmBy('client', delivered)
  expect((await putBytes(delivered, OTHER)).status).toBe(200)
  return delivered
}

describe.each(['client', 'event', 'sweeper'] as const)(
  'a second confirm, by the %s, after other bytes were put',
  by => {
    it('pins nothing anew: the first ones are processed', async () => {
      const swapped = await confirmedAndSwapped()
      expect((await confirmBy(by, swapped)).isNew).toBe(false)
      const worker = await bed.startWorker()
      const asset = await untilStatus(bed, swapped.upload.assetId, 'ready')
      await worker.close()
      expect(await originalOf(asset)).toEqual(FIRST)
    })

    it('changes nothing for a job that failed either: requeued, it processes the first ones', async () => {
      const swapped = await confirmedAndSwapped()
      const { assetId } = swapped.upload
      await execute(sql`UPDATE jobs SET max_attempts = 1 WHERE asset_id = ${assetId}`)
      bed.b2.faults.set({ kind: 'slow-down', match: { method: 'GET', key: assetId } })
      const worker = await bed.startWorker()
      await untilStatus(bed, assetId, 'failed')
      bed.b2.faults.clear()
      await confirmBy(by, swapped)
      const { id } = await jobOf(bed, assetId)
      await bed.database.db.transaction(tx => requeueJob(tx, { id, projectId: bed.projectId }))
      const asset = await untilStatus(bed, assetId, 'ready')
      await worker.close()
      expect(await originalOf(asset)).toEqual(FIRST)
    })

    it('where a store has no versions ends in SOURCE_GONE, and never in the other bytes', async () => {
      const swapped = await confirmedAndSwapped()
      const { assetId } = swapped.upload
      await execute(sql`UPDATE objects SET version_id = NULL WHERE asset_id = ${assetId}`)
      await confirmBy(by, swapped)
      const worker = await bed.startWorker()
      await eventually(async () => (await jobOf(bed, assetId)).status).toBe('failed')
      await worker.close()
      expect((await jobOf(bed, assetId)).error).toMatchObject({ code: 'SOURCE_GONE' })
      expect(await variantsInStore(bed, assetId)).toEqual([])
    })
  },
)
