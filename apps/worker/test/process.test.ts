import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  assetOf,
  attemptsOf,
  BOMB_PNG,
  createPreset,
  eventually,
  expectStoreAndRowsAgree,
  jobOf,
  PHOTO,
  PRIVATE_BUCKET,
  PUBLIC_BUCKET,
  putBytes,
  readAll,
  runFolders,
  SMALL_PNG,
  STRIP_PNG,
  sha256,
  untilStatus,
  uploaded,
  useBed,
  variantsInStore,
} from './harness.ts'
import { imageSize } from './image-size.ts'

const bed = useBed()
beforeAll(async () => {
  await bed.startWorker()
})
afterEach(async () => {
  await eventually(() => runFolders(bed)).toEqual([])
  await expectStoreAndRowsAgree(bed)
})

describe('a project that is private', () => {
  it('has its variants in the private bucket', async () => {
    const setPrivate = (isPrivate: boolean) =>
      bed.database.db.execute(sql`UPDATE projects SET is_private = ${isPrivate}`)
    await setPrivate(true)
    try {
      const { asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
      await untilStatus(bed, asset.id, 'ready')
      const rows = await bed.database.db.execute(sql`SELECT DISTINCT bucket FROM objects
        WHERE asset_id = ${asset.id} AND state = 'live'`)
      expect(rows).toEqual([{ bucket: PRIVATE_BUCKET }])
      const [variant] = await variantsInStore(bed, asset.id)
      const { bucket, key } = variant?.object ?? { bucket: '', key: '' }
      const signed = await fetch(await bed.store.presignGet({ bucket, key, expiresInSec: 60 }))
      expect(signed.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
    } finally {
      await setPrivate(false)
    }
  })
})

describe('a photo that was uploaded and confirmed', () => {
  it('becomes ready with five variants that are in the store as their rows say', async () => {
    const { asset } = await uploaded(bed, PHOTO, { sha256: sha256(PHOTO) })
    const ready = await untilStatus(bed, asset.id, 'ready')
    expect(ready).toMatchObject({
      kind: 'image',
      contentType: 'image/jpeg',
      width: 1700,
      height: 2600,
      animated: false,
    })
    expect(ready.sha256).toBe(sha256(PHOTO))
    expect(ready.placeholder).toMatchObject({
      thumbhash: expect.any(String),
      dominantColor: expect.stringMatching(/^#/),
    })
    expect(Number(ready.firstPreviewAt)).toBeLessThanOrEqual(Number(ready.readyAt))

    const made = await variantsInStore(bed, asset.id)
    const sizes = made.map(({ bytes }) => imageSize(bytes ?? Buffer.alloc(0)))
    expect(Object.fromEntries(made.map(({ variant }, index) => [variant.name, sizes[index]]))).toEqual({
      thumb: { type: 'image/webp', width: 256, height: 256 },
      small: { type: 'image/webp', width: 418, height: 640 },
      medium: { type: 'image/webp', width: 837, height: 1280 },
      large: { type: 'image/webp', width: 1339, height: 2048 },
      'medium-jpeg': { type: 'image/jpeg', width: 837, height: 1280 },
    })
    for (const [index, { variant, object, bytes }] of made.entries()) {
      const size = sizes[index]
      expect(variant).toMatchObject({
        status: 'ready',
        byteSize: bytes?.length,
        width: size?.width,
        height: size?.height,
      })
      expect(variant.sha256).toBe(bytes && sha256(bytes))
      expect(object).toMatchObject({ state: 'live', bucket: PUBLIC_BUCKET, sha256: variant.sha256 })
      const served = await fetch(`${bed.b2.url}/${object?.bucket}/${object?.key}`)
      expect(served.status).toBe(200)
      expect(served.headers.get('content-type')).toBe(variant.contentType)
      expect(variant.contentType).toBe(size?.type)
      expect(served.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    }
  })

  it('is promoted to where no client can write, as the type that was found, and its upload is removed', async () => {
    const { asset, location } = await uploaded(bed, PHOTO)
    const { originalObjectId } = await untilStatus(bed, asset.id, 'ready')
    const [original] = await bed.database.db.execute(sql`SELECT * FROM objects WHERE id = ${originalObjectId}`)
    expect(original).toMatchObject({ state: 'live', bucket: PRIVATE_BUCKET, content_type: 'image/jpeg' })
    expect(original?.key).toMatch(new RegExp(`^originals/${bed.projectId}/${asset.id}/[\\w-]{22}$`))
    const ref = { bucket: PRIVATE_BUCKET, key: String(original?.key) }
    expect(sha256(await readAll(bed.store, ref))).toBe(sha256(PHOTO))
    expect(await bed.store.head(ref)).toMatchObject({ contentType: 'image/jpeg', versionId: original?.version_id })
    await eventually(() => bed.store.head(location)).toBeNull()
  })

  it('keeps its bytes when others are put to the same URL after the confirm', async () => {
    const { asset, location, url, headers } = await uploaded(bed, PHOTO)
    expect((await putBytes({ url, headers }, randomBytes(PHOTO.length))).status).toBe(200)
    const ready = await untilStatus(bed, asset.id, 'ready')
    expect(ready.sha256).toBe(sha256(PHOTO))
    expect((await putBytes({ url, headers }, randomBytes(PHOTO.length))).status).toBe(200)
    const [original] = await bed.database.db.execute<{ key: string }>(
      sql`SELECT key FROM objects WHERE id = ${ready.originalObjectId}`,
    )
    const bytes = await readAll(bed.store, { bucket: PRIVATE_BUCKET, key: original?.key ?? '' })
    expect(sha256(bytes)).toBe(sha256(PHOTO))
    await expectStoreAndRowsAgree(bed)
    expect(await bed.store.head(location)).toBeNull()
  })

  it('that is smaller than a variant is not enlarged', async () => {
    const { asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
    await untilStatus(bed, asset.id, 'ready')
    const made = await variantsInStore(bed, asset.id)
    expect(made.map(({ bytes }) => imageSize(bytes ?? Buffer.alloc(0)).width)).toEqual([30, 40, 40, 40, 40])
  })

  it('leaves one event for every revision', async () => {
    const { asset } = await uploaded(bed, PHOTO)
    const { revision } = await untilStatus(bed, asset.id, 'ready')
    const events = await bed.database.db.execute(
      sql`SELECT seq, type FROM events WHERE asset_id = ${asset.id} ORDER BY seq`,
    )
    expect(events.map(event => event.seq)).toEqual(Array.from({ length: revision }, (_, index) => index + 1))
    const types = events.map(event => event.type)
    expect(types.slice(0, 4)).toEqual(['asset.created', 'asset.processing', 'job.started', 'asset.inspected'])
    expect(types.indexOf('asset.original_stored')).toBeLessThan(types.indexOf('variant.ready'))
    expect(types.at(-1)).toBe('asset.ready')
  })

  it('of ten at once all become ready', async () => {
    const all = await Promise.all(
      Array.from({ length: 10 }, () => uploaded(bed, SMALL_PNG, { contentType: 'image/png' })),
    )
    for (const { asset } of all) await untilStatus(bed, asset.id, 'ready')
    for (const { asset } of all) expect(await attemptsOf(bed, asset.id)).toEqual(['1 done'])
  })
})

const half = PHOTO.subarray(0, PHOTO.length / 2)
const noImage = Buffer.concat([PHOTO.subarray(0, 20), randomBytes(2000)])

describe('a file that is not what it should be fails with its code, once and for good', () => {
  it.each([
    ['a PNG that says it is a JPEG', 'TYPE_MISMATCH', SMALL_PNG, 'image/jpeg', undefined, false],
    [
      'HTML that says it is a JPEG',
      'TYPE_MISMATCH',
      Buffer.from('<html><script>alert(1)</script>'),
      'image/jpeg',
      undefined,
      false,
    ],
    ['noise', 'UNRECOGNIZED_TYPE', Buffer.from('ff00ff00ff00ff00', 'hex'), 'image/jpeg', undefined, false],
    ['half a JPEG', 'TRUNCATED_FILE', half, 'image/jpeg', undefined, true],
    ['the beginning of a JPEG and noise', 'CORRUPT_FILE', noImage, 'image/jpeg', undefined, true],
    ['121 megapixels', 'TOO_MANY_PIXELS', BOMB_PNG, 'image/png', undefined, true],
    ['other bytes than were declared', 'CHECKSUM_MISMATCH', SMALL_PNG, 'image/png', 'a'.repeat(64), false],
  ])('%s is %s', async (_title, code, bytes, contentType, declared, isKept) => {
    const upload = await uploaded(bed, bytes, { contentType, ...(declared && { sha256: declared }) })
    const asset = await untilStatus(bed, upload.asset.id, 'failed')
    expect(asset.error).toMatchObject({ code, retryable: false, message: expect.stringMatching(/\w/) })
    expect(await attemptsOf(bed, asset.id)).toEqual([`1 failed ${code}`])
    expect(await jobOf(bed, asset.id)).toMatchObject({ status: 'failed', error: { code }, leaseToken: null })
    const kept = await bed.database.db.execute(
      sql`SELECT 1 FROM objects WHERE asset_id = ${asset.id} AND state = 'live' AND key ~ '^(uploads|originals)/'`,
    )
    expect([kept.length > 0, asset.sourceExpiresAt !== null]).toEqual([isKept, isKept])
    const variants = await variantsInStore(bed, asset.id)
    expect(variants.filter(({ variant }) => variant.status === 'pending')).toEqual([])
  })

  it('bytes that are gone are SOURCE_GONE', async () => {
    bed.b2.faults.set({ kind: 'delay', ms: 60_000, match: { method: 'GET', key: 'uploads/' }, times: 1 })
    const { asset, location } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
    await bed.store.deleteAll(location)
    bed.b2.faults.clear()
    const failed = await untilStatus(bed, asset.id, 'failed')
    expect(failed.error).toMatchObject({ code: 'SOURCE_GONE', retryable: false })
    expect(await attemptsOf(bed, asset.id)).toEqual(['1 failed SOURCE_GONE'])
  })
})

describe('a variant that cannot be made', () => {
  const fine = { name: 'fine', required: true, width: 100, fit: 'inside', format: 'jpeg', quality: 80 } as const
  // The tables of a JPEG alone are larger.
  const impossible = { ...fine, name: 'impossible', width: 16_384, maxBytes: 500 } as const

  it('and is optional leaves the asset partial, with everything else published', async () => {
    const presetId = await createPreset(bed, 'optional', [fine, { ...impossible, required: false }])
    const { asset } = await uploaded(bed, STRIP_PNG, { contentType: 'image/png', presetId })
    const partial = await untilStatus(bed, asset.id, 'partial')
    expect(partial.error).toBeNull()
    expect(partial.readyAt).not.toBeNull()
    const made = await variantsInStore(bed, asset.id)
    expect(made.map(({ variant }) => [variant.name, variant.status, variant.error?.code ?? null])).toEqual([
      ['fine', 'ready', null],
      ['impossible', 'failed', expect.any(String)],
    ])
  })

  it('and is required fails the asset', async () => {
    const presetId = await createPreset(bed, 'required', [fine, { ...impossible, required: true }])
    const { asset } = await uploaded(bed, STRIP_PNG, { contentType: 'image/png', presetId })
    const failed = await untilStatus(bed, asset.id, 'failed')
    expect(failed.error?.code).toEqual(expect.any(String))
    expect(failed.readyAt).toBeNull()
    expect((await assetOf(bed, asset.id)).sourceExpiresAt).not.toBeNull()
  })
})
