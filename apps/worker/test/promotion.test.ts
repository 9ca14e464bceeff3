import { createHash } from 'node:crypto'
import { silentLogger } from '@darkroom/core'
import { findAsset, getObject, pauseQueues } from '@darkroom/db'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { promoteWaiting } from '../src/maintenance/promote-waiting.ts'
import {
  assetOf,
  type Bed,
  expectStoreAndRowsAgree,
  PRIVATE_BUCKET,
  PUBLIC_BUCKET,
  putBytes,
  readAll,
  SMALL_PNG,
  startBed,
  untilStatus,
  uploaded,
} from './harness.ts'

let bed: Bed
beforeAll(async () => {
  bed = await startBed()
})
afterAll(() => bed.close())

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)
const promote = () =>
  promoteWaiting.run(
    {
      ...bed,
      logger: silentLogger,
      settings: {
        ...{
          host: 'test',
          privateBucket: PRIVATE_BUCKET,
          publicBucket: PUBLIC_BUCKET,
          cdn: null,
          timeoutMs: { image: 60_000, video: 60_000, audio: 60_000, document: 60_000 },
          engines: { sharp: '0', libvips: '0', ffmpeg: null },
        },
        ...{ failedSourceDays: 7, sweepAfterSec: 120, expectsEvents: false },
      },
    },
    AbortSignal.timeout(10_000),
  )
const confirmedLongAgo = (assetId: string) =>
  execute(sql`UPDATE assets SET confirmed_at = now() - interval '50 minutes' WHERE id = ${assetId}`)

it('puts confirmed bytes where no client can write while every queue is paused, and they are processed from there', async () => {
  await pauseQueues(bed.database.db, { queues: ['image'], by: 'operator', reason: 'test' })
  const delivered = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
  const { asset } = delivered
  await promote()
  expect((await assetOf(bed, asset.id)).originalObjectId).toBeNull()
  await confirmedLongAgo(asset.id)
  await Promise.all([promote(), promote()])
  const { originalObjectId } = await assetOf(bed, asset.id)
  const original = originalObjectId && (await getObject(bed.database.db, originalObjectId))
  if (!original) throw new Error('it was not promoted')
  expect(original).toMatchObject({ state: 'live', bytes: SMALL_PNG.length })
  expect(original.key).toMatch(/^originals\//)
  expect(
    createHash('sha256')
      .update(await readAll(bed.store, original))
      .digest('hex'),
  ).toBe(createHash('sha256').update(SMALL_PNG).digest('hex'))
  await putBytes(delivered, SMALL_PNG)
  await execute(sql`UPDATE queue_states SET paused_at = NULL`)
  const worker = await bed.startWorker()
  const ready = await untilStatus(bed, asset.id, 'ready')
  expect(ready.originalObjectId).toBe(originalObjectId)
  await worker.close()
  await expectStoreAndRowsAgree(bed)
})

it('leaves alone what a worker has begun', async () => {
  const { asset, job } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
  await confirmedLongAgo(asset.id)
  await execute(sql`UPDATE jobs SET status = 'running', lease_until = now() + interval '1 h' WHERE id = ${job.id}`)
  await promote()
  expect((await findAsset(bed.database.db, bed.projectId, asset.id))?.originalObjectId).toBeNull()
})
