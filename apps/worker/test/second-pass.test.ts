import { findPurgeable } from '@darkroom/db/assets'
import { startDeletion } from '@darkroom/db/deletion'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { purgeObjects } from '../src/purge-objects.ts'
import {
  assetOf,
  type Delivered,
  eventually,
  putBytes,
  SMALL_PNG,
  strayVersions,
  untilStatus,
  uploaded,
  useBed,
} from './harness.ts'

// A URL that was signed can still write its key after the object was removed. So it is removed twice, and its row, without
// which nobody would look there again, goes with the second time only.

const bed = useBed()

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)

/** As the maintenance of a worker does every few seconds. */
const purge = async () => purgeObjects(bed, await findPurgeable(bed.database.db, 100))

async function rowOf({ location }: Delivered): Promise<'none' | 'waits' | 'due'> {
  const [row] = await execute(sql`SELECT purge_at > now() AS waits FROM objects WHERE key = ${location.key}`)
  if (!row) return 'none'
  return row.waits ? 'waits' : 'due'
}

const inStore = async ({ location }: Delivered): Promise<number> => (await strayVersions(bed, location.key)).length

async function writeLate(delivered: Delivered): Promise<void> {
  expect((await putBytes(delivered, SMALL_PNG)).status).toBe(200)
  expect(await inStore(delivered)).toBe(1)
}

/** Its URL has run out. */
const endOfUrl = ({ upload }: Delivered) =>
  execute(sql`UPDATE objects SET purge_at = now() - interval '1 s', purge_until = now() - interval '1 s'
    WHERE asset_id = ${upload.assetId} AND state = 'doomed'`)

describe('the upload of an asset that is ready', () => {
  it('is removed again when its URL has run out, with what was written in between, and only then forgotten', async () => {
    const delivered = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
    const worker = await bed.startWorker()
    await untilStatus(bed, delivered.upload.assetId, 'ready')
    await worker.close()
    await purge()
    expect([await rowOf(delivered), await inStore(delivered)]).toEqual(['waits', 0])
    await writeLate(delivered)
    await purge()
    expect([await rowOf(delivered), await inStore(delivered)]).toEqual(['waits', 1])
    await endOfUrl(delivered)
    await purge()
    expect([await rowOf(delivered), await inStore(delivered)]).toEqual(['none', 0])
  })
})

describe('an asset that is deleted', () => {
  it('is so after the second pass, which removes what was written since the first', async () => {
    const delivered = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
    const { assetId } = delivered.upload
    const worker = await bed.startWorker()
    await untilStatus(bed, assetId, 'ready')
    await bed.database.db.transaction(tx => startDeletion(tx, assetId))
    await eventually(async () => (await assetOf(bed, assetId)).purgedAt).not.toBeNull()
    await eventually(() => rowOf(delivered)).toBe('waits')
    await eventually(() => inStore(delivered)).toBe(0)
    await writeLate(delivered)
    expect(await assetOf(bed, assetId)).toMatchObject({ status: 'deleting', receipt: null })

    await endOfUrl(delivered)
    // The run of the first pass may still be about to put its job back, so the job is brought forward until it has ended.
    await eventually(async () => {
      await execute(sql`UPDATE jobs SET available_at = now() WHERE asset_id = ${assetId} AND status = 'queued'`)
      return (await assetOf(bed, assetId)).status
    }).toBe('deleted')
    const deleted = await assetOf(bed, assetId)
    await worker.close()
    expect(deleted.receipt).toMatchObject({ secondPassAt: expect.any(String) })
    expect([await rowOf(delivered), await inStore(delivered)]).toEqual(['none', 0])
  })
})
