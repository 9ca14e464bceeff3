import { createHash } from 'node:crypto'
import { appError } from '@darkroom/contracts'
import { newId, silentLogger } from '@darkroom/core'
import { doomUnpublished, findAsset, getObject, insertObjects } from '@darkroom/db/assets'
import { storeWaitingOriginal, uploadOfAsset } from '@darkroom/db/uploads'
import { pauseQueues } from '@darkroom/jobs/sql'
import { originalKey } from '@darkroom/storage'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { promoteWaiting } from '../src/maintenance/promote-waiting.ts'
import { openTempDir } from '../src/temp-dir.ts'
import {
  assetOf,
  type Bed,
  expectStoreAndRowsAgree,
  PRIVATE_BUCKET,
  PUBLIC_BUCKET,
  putBytes,
  readAll,
  runFolders,
  SMALL_PNG,
  untilStatus,
  uploaded,
  useBed,
} from './harness.ts'

const bed = useBed()

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)
const promote = async (store: Bed['store'] = bed.store) =>
  promoteWaiting.run(
    {
      ...bed,
      store,
      tempDir: await openTempDir(bed.tempDir),
      logger: silentLogger,
      settings: {
        host: 'test',
        privateBucket: PRIVATE_BUCKET,
        publicBucket: PUBLIC_BUCKET,
        cdn: null,
        timeoutMs: { image: 60_000, video: 60_000, audio: 60_000, document: 60_000 },
        engines: { sharp: '0', libvips: '0', ffmpeg: null },
        failedSourceDays: 7,
        manifestDelaySec: 300,
        verifyDailyFiles: 0,
        backups: null,
        sweepAfterSec: 120,
        expectsEvents: false,
      },
    },
    AbortSignal.timeout(60_000),
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

it('makes nothing an original that a worker has given up since', async () => {
  const { asset, location } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
  const { db } = bed.database
  const to = { bucket: PRIVATE_BUCKET, key: originalKey(bed.projectId, asset.id) }
  const target = { assetId: asset.id, projectId: bed.projectId, contentType: 'image/png', leaseToken: newId() }
  const objectId = newId()
  await insertObjects(db, [{ id: objectId, ...target, ...to }])
  // A worker came, found the object of somebody who was not heard of, and put its job back.
  await doomUnpublished(db, asset.id)
  const copied = { versionId: 'v', etag: 'e', byteSize: SMALL_PNG.length, contentType: 'image/png' }
  expect(await storeWaitingOriginal(db, { ...copied, assetId: asset.id, objectId })).toBe(false)
  expect((await getObject(db, objectId))?.state).toBe('doomed')
  expect(await bed.store.head(location)).not.toBeNull()
  expect((await uploadOfAsset(db, asset.id))?.object?.state).toBe('live')
})

it('goes on with the others when one cannot be copied', async () => {
  const png = { contentType: 'image/png' }
  const [first, second] = [await uploaded(bed, SMALL_PNG, png), await uploaded(bed, SMALL_PNG, png)]
  await execute(sql`UPDATE assets SET confirmed_at = now() - interval '60 minutes' WHERE id = ${first.asset.id}`)
  await confirmedLongAgo(second.asset.id)
  bed.b2.faults.set({
    kind: 'wrong-key',
    match: { method: 'PUT', key: `originals/${bed.projectId}/${first.asset.id}` },
  })
  await expect(promote()).rejects.toMatchObject({ code: 'STORE_CREDENTIALS' })
  expect((await assetOf(bed, second.asset.id)).originalObjectId).not.toBeNull()
  // Put off, so that it does not stand before others.
  await promote()
  bed.b2.faults.clear()
  await execute(sql`UPDATE objects SET created_at = now() - interval '11 minutes' WHERE asset_id = ${first.asset.id}`)
  await promote()
  expect((await assetOf(bed, first.asset.id)).originalObjectId).not.toBeNull()
  await expectStoreAndRowsAgree(bed)
})

it('promotes all that wait, however many they are, and each once, however many workers do', async () => {
  await execute(sql`UPDATE jobs SET status = 'cancelled' WHERE status IN ('queued', 'running')`)
  const waiting: string[] = []
  for (let batch = 0; batch < 9; batch++) {
    const uploads = await Promise.all(
      Array.from({ length: 10 }, () => uploaded(bed, SMALL_PNG, { contentType: 'image/png' })),
    )
    waiting.push(...uploads.map(({ asset }) => asset.id))
  }
  await execute(sql`UPDATE assets SET confirmed_at = now() - interval '50 minutes' WHERE id IN ${waiting}`)
  bed.b2.requests.clear()
  await Promise.all([promote(), promote(), promote()])
  const left = await execute(sql`SELECT FROM assets WHERE id IN ${waiting} AND original_object_id IS NULL`)
  expect(left).toHaveLength(0)
  expect(bed.b2.requests.count({ operation: 'CopyObject' })).toBe(waiting.length)
  await expectStoreAndRowsAgree(bed)
})

it('carries what the store cannot copy', async () => {
  const { asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
  await confirmedLongAgo(asset.id)
  const unable = {
    ...bed.store,
    async copy() {
      throw appError('INTERNAL', 'no digest for its ETag', { context: { copyUnsupported: true } })
    },
  }
  await promote(unable)
  const { originalObjectId } = await assetOf(bed, asset.id)
  const original = originalObjectId && (await getObject(bed.database.db, originalObjectId))
  if (!original) throw new Error('it was not promoted')
  expect(original).toMatchObject({ state: 'live', contentType: 'image/png', bytes: SMALL_PNG.length })
  expect(await readAll(bed.store, original)).toEqual(SMALL_PNG)
  expect(await runFolders(bed)).toEqual([])
  await expectStoreAndRowsAgree(bed)
})
