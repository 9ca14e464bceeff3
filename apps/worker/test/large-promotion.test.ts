import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { newId } from '@darkroom/core'
import { getObject } from '@darkroom/db/assets'
import { createUpload } from '@darkroom/db/uploads'
import { uploadKey } from '@darkroom/storage'
import { isLongForm } from '@darkroom/testing/samples'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import {
  assetOf,
  confirm,
  type Delivered,
  eventually,
  expectStoreAndRowsAgree,
  PRIVATE_BUCKET,
  useBed,
} from './harness.ts'
import type { PromotingLimits } from './promoting-process.ts'

/** The limits of B2 and the sizes as they ship in the long form; small ones otherwise. */
const LIMITS: PromotingLimits = isLongForm ? {} : { maxSingleCopyBytes: 20_000_000, partBytes: 5_000_000 }
const PIECES = isLongForm ? 375 : 4
const KILLS = isLongForm ? 4 : 1
/** What is done with 6 GB, and all of it. */
const [SLOW_MS, TEST_MS] = isLongForm ? [600_000, 3_600_000] : [60_000, 240_000]

const bed = useBed({ maxCopyBytes: LIMITS.maxSingleCopyBytes })

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)

/** No multiple of anything, so that a range that is off by one byte shows. */
const BASE = randomBytes(16_001_003)
const pieces = Array.from({ length: PIECES }, (_, index) => ({
  first: (index * 7919) % 10_007,
  last: BASE.length - 1 - ((index * 104_729) % 100_003),
}))
const totalBytes = pieces.reduce((sum, { first, last }) => sum + last - first + 1, 0)
const sha256OfAll = () => {
  const hash = createHash('sha256')
  for (const { first, last } of pieces) hash.update(BASE.subarray(first, last + 1))
  return hash.digest('hex')
}

/** Puts an object of many pieces of one file, all of them different: the store keeps that file's bytes once, however large the object. */
async function putPieces(key: string): Promise<void> {
  const place = { Bucket: PRIVATE_BUCKET, Key: key }
  const base = { bucket: PRIVATE_BUCKET, key: 'base' }
  await bed.store.put({ ...base, body: BASE, byteSize: BASE.length, contentType: 'video/mp4' })
  const credentials = { accessKeyId: 'localkey', secretAccessKey: 'localsecret' }
  const client = new S3Client({ endpoint: bed.b2.url, region: 'local-000', credentials, forcePathStyle: true })
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(place))
  const Parts: CompletedPart[] = []
  for (const { first, last } of pieces) {
    const PartNumber = Parts.length + 1
    const source = { CopySource: `${PRIVATE_BUCKET}/base`, CopySourceRange: `bytes=${first}-${last}` }
    const copied = await client.send(new UploadPartCopyCommand({ ...place, UploadId, PartNumber, ...source }))
    Parts.push({ PartNumber, ETag: copied.CopyPartResult?.ETag })
  }
  await client.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts } }))
  await bed.store.deleteAll(base)
  client.destroy()
}

/** An upload that was confirmed so long ago that it is promoted without waiting for a worker. */
async function confirmedLongAgo() {
  const { projectId, presetId, database, store } = bed
  const assetId = newId()
  const location = { bucket: PRIVATE_BUCKET, key: uploadKey(projectId, assetId) }
  const expiresAt = new Date(Date.now() + 3_600_000)
  const { upload } = await database.db.transaction(tx =>
    createUpload(tx, {
      ...location,
      projectId,
      assetId,
      preset: { id: presetId },
      uploadId: newId(),
      filename: 'video.mp4',
      contentType: 'image/jpeg',
      byteSize: totalBytes,
      sha256: null,
      presignExpiresAt: expiresAt,
      expiresAt,
    }),
  )
  await putPieces(location.key)
  const delivered: Delivered = { upload, location, url: '', headers: {} }
  const { asset } = await confirm(bed, delivered)
  await execute(sql`UPDATE assets SET confirmed_at = now() - interval '50 minutes' WHERE id = ${asset.id}`)
  expect(await store.head(location)).toMatchObject({ byteSize: totalBytes })
  return asset.id
}

const startPromoting = () => {
  const args = [join(import.meta.dirname, 'promoting-process.ts'), JSON.stringify(LIMITS)]
  return spawn(process.execPath, args, { env: bed.env(), stdio: ['ignore', 'pipe', 'inherit'] })
}

const openUploads = async () => {
  const open: string[] = []
  for await (const { key } of bed.store.listMultipartUploads({ bucket: PRIVATE_BUCKET, prefix: '' })) open.push(key)
  return open
}
const partsCopied = () => bed.b2.requests.list({ operation: 'UploadPartCopy' }).filter(({ status }) => status === 200)

it(
  'copies what is too large for one copy in parts, byte for byte, also after processes were killed over it',
  async () => {
    const assetId = await confirmedLongAgo()
    const openBefore = await openUploads()
    const parts = Math.ceil(totalBytes / (LIMITS.partBytes ?? 100_000_000))

    for (let kill = 1; kill <= KILLS; kill++) {
      bed.b2.requests.clear()
      // Two of its four copies at a time never end, while the others take all that is left.
      bed.b2.faults.set({ kind: 'delay', ms: 3_600_000, times: 2, match: { operation: 'UploadPartCopy' } })
      const child = startPromoting()
      const exited = once(child, 'exit')
      await eventually(() => partsCopied().length, SLOW_MS).toBe(parts - 2)
      child.kill('SIGKILL')
      await exited
      bed.b2.faults.clear()
      expect(await openUploads()).toHaveLength(openBefore.length + kill)
      // So long nobody else takes what somebody has begun.
      await execute(sql`UPDATE objects SET created_at = now() - interval '11 minutes' WHERE asset_id = ${assetId}`)
    }

    bed.b2.requests.clear()
    // One part fails, and only that one is copied again.
    bed.b2.faults.set({ kind: 'lost-response', times: 1, match: { operation: 'UploadPartCopy' } })
    const child = startPromoting()
    const [said] = await Promise.all([text(child.stdout), once(child, 'exit')])
    expect(partsCopied()).toHaveLength(parts)
    expect(bed.b2.requests.count({ operation: 'UploadPartCopy' })).toBe(parts + 1)
    expect(bed.b2.requests.count({ operation: 'CopyObject' })).toBe(0)
    const { originalObjectId } = await assetOf(bed, assetId)
    const original = originalObjectId && (await getObject(bed.database.db, originalObjectId))
    if (!original) throw new Error('it was not promoted')
    const hash = createHash('sha256')
    for await (const chunk of (await bed.store.get({ ...original, etag: undefined })).body) hash.update(chunk)
    expect(hash.digest('hex')).toBe(sha256OfAll())
    const { grownBytes } = JSON.parse(said) as { grownBytes: number }
    if (isLongForm) console.log(`${totalBytes} bytes in ${parts} parts: memory grew by ${grownBytes} bytes`)
    expect(grownBytes).toBeLessThan(100_000_000)

    // What the dead left open goes with the end of the job: random bytes are no photo.
    await execute(sql`UPDATE jobs SET available_at = now(), max_attempts = 1 WHERE asset_id = ${assetId}`)
    const worker = await bed.startWorker()
    await eventually(async () => (await assetOf(bed, assetId)).status, SLOW_MS).toBe('failed')
    await worker.close()
    await eventually(openUploads).toEqual(openBefore)
    await expectStoreAndRowsAgree(bed)
  },
  TEST_MS,
)
