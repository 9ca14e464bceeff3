import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import { newId } from '@darkroom/core'
import { getObject } from '@darkroom/db/assets'
import { startDeletion } from '@darkroom/db/deletion'
import { reprocessAsset } from '@darkroom/db/jobs'
import { openAlarms, stepMove } from '@darkroom/db/operations'
import { changeProject, findMove, findProjectByName } from '@darkroom/db/projects'
import { variantKey } from '@darkroom/storage'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startCloudflare } from './cloudflare.ts'
import {
  assetOf,
  attemptsOf,
  eventually,
  expectStoreAndRowsAgree,
  jobOf,
  PHOTO,
  PRIVATE_BUCKET,
  PUBLIC_BUCKET,
  readAll,
  SMALL_PNG,
  untilStatus,
  uploaded,
  useBed,
  variantsInStore,
} from './harness.ts'

const bed = useBed()
let cloudflare: Awaited<ReturnType<typeof startCloudflare>>
beforeAll(async () => {
  cloudflare = await startCloudflare()
  await bed.startWorker({
    CLOUDFLARE_API_TOKEN: 'secret',
    CLOUDFLARE_ZONE_ID: 'f'.repeat(32),
    CLOUDFLARE_API_URL: cloudflare.url,
    CDN_BASE_URL: 'https://cdn.example',
  })
})
afterAll(async () => {
  await cloudflare.close()
})
beforeEach(() => setPrivate(false))
afterEach(() => bed.b2.faults.clear())

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)
const setPrivate = (isPrivate: boolean) =>
  bed.database.db.transaction(tx => changeProject(tx, bed.projectId, { isPrivate }))
/** So that the next round begins now and may be the last. */
const expedite = () => execute(sql`UPDATE moves SET round_started_at = now(), requested_at = now() - interval '1 hour'`)

async function published(bytes = SMALL_PNG, contentType = 'image/png') {
  const { asset } = await uploaded(bed, bytes, { contentType })
  await untilStatus(bed, asset.id, 'ready')
  return asset
}

const bucketsOf = async (assetId: string) =>
  (
    await execute(sql`SELECT DISTINCT bucket FROM variants JOIN objects ON objects.id = object_id
      WHERE variants.asset_id = ${assetId} AND variants.status = 'ready' AND state = 'live'`)
  ).map(row => row.bucket)

const urlsOf = async (assetId: string) => {
  const files = await variantsInStore(bed, assetId)
  return files.map(({ object }) => `${bed.b2.url}/${PUBLIC_BUCKET}/${object?.key}`)
}
const statusesOf = async (urls: string[]) => [
  ...new Set(await Promise.all(urls.map(async url => (await fetch(url)).status))),
]
const movesOf = async (assetId: string) =>
  (await execute(sql`SELECT status FROM jobs WHERE asset_id = ${assetId} AND name = 'asset.move' ORDER BY id`)).map(
    row => row.status,
  )
const moved = (assetId: string) => eventually(() => bucketsOf(assetId)).toEqual([PRIVATE_BUCKET])

/** A playlist and its video, in the public bucket, as a run would have published them. */
async function withPlaylist(assetId: string): Promise<void> {
  const publish = async (name: string, type: string, extension: string, body: Buffer) => {
    const [id, key] = [newId(), variantKey(bed.projectId, assetId, extension)]
    const pin = await bed.store.put({ bucket: PUBLIC_BUCKET, key, body, byteSize: body.length, contentType: type })
    await execute(sql`INSERT INTO objects (id, project_id, asset_id, bucket, key, state, version_id, etag, bytes, content_type)
      VALUES (${id}, ${bed.projectId}, ${assetId}, ${PUBLIC_BUCKET}, ${key}, 'live', ${pin.versionId}, ${pin.etag}, ${body.length}, ${type})`)
    await execute(sql`INSERT INTO variants (id, project_id, asset_id, name, position, required, status, object_id, content_type, byte_size, fingerprint)
      VALUES (${newId()}, ${bed.projectId}, ${assetId}, ${name}, 9, false, 'ready', ${id}, ${type}, ${body.length}, 'f')`)
    return basename(key)
  }
  const media = await publish('video-media', 'video/mp4', 'mp4', Buffer.from('video'))
  const index = `#EXTM3U\n#EXT-X-MAP:URI="${media}"\n${media}\n`
  await publish('video', 'application/vnd.apple.mpegurl', 'm3u8', Buffer.from(index))
}

describe('a project that becomes private', () => {
  it('has what it published moved, byte by byte, and nothing of it left where everybody sees it', async () => {
    const asset = await published(PHOTO, 'image/jpeg')
    const before = await variantsInStore(bed, asset.id)
    const urls = await urlsOf(asset.id)
    expect(await statusesOf(urls)).toEqual([200])
    const { revision } = await assetOf(bed, asset.id)
    await setPrivate(true)
    await moved(asset.id)
    const after = await variantsInStore(bed, asset.id)
    expect(after.map(({ variant, bytes }) => [variant.name, variant.sha256, bytes])).toEqual(
      before.map(({ variant, bytes }) => [variant.name, variant.sha256, bytes]),
    )
    const keys = new Set(before.map(({ object }) => object?.key))
    for (const { object } of after) {
      expect(keys.has(object?.key)).toBe(false)
      const { bucket, key } = object ?? { bucket: '', key: '' }
      const signed = await fetch(await bed.store.presignGet({ bucket, key, expiresInSec: 60 }))
      expect(signed.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
    }
    await eventually(() => statusesOf(urls)).toEqual([404])
    const asset2 = await assetOf(bed, asset.id)
    expect([asset2.status, asset2.revision > revision]).toEqual(['ready', true])
    await expectStoreAndRowsAgree(bed)
  })

  it('ends its job in the commit that tells of it, so that nobody keeps a tag that says it runs', async () => {
    const asset = await published()
    await setPrivate(true)
    await moved(asset.id)
    await eventually(async () => (await jobOf(bed, asset.id)).status).toBe('succeeded')
    const { id } = await jobOf(bed, asset.id)
    const [row] = await execute(sql`SELECT jobs.xmin = assets.xmin AS in_one FROM jobs, assets
      WHERE jobs.id = ${id} AND assets.id = ${asset.id}`)
    expect(row).toEqual({ in_one: true })
  })

  it('tells of the end of a job also where nothing was left to move', async () => {
    const asset = await published()
    await execute(sql`INSERT INTO jobs (id, project_id, asset_id, name, queue, generation)
      SELECT ${newId()}, project_id, id, 'asset.move', 'system', generation FROM assets WHERE id = ${asset.id}`)
    await eventually(async () => {
      const { name, status } = await jobOf(bed, asset.id)
      return [name, status]
    }).toEqual(['asset.move', 'succeeded'])
    const { revision } = await assetOf(bed, asset.id)
    const last = await execute(sql`SELECT type, seq FROM events WHERE asset_id = ${asset.id} ORDER BY seq DESC LIMIT 1`)
    expect([...last]).toEqual([{ type: 'job.skipped', seq: revision }])
  })

  it('has playlists that name the copies', async () => {
    const asset = await published()
    await withPlaylist(asset.id)
    await setPrivate(true)
    await moved(asset.id)
    const files = new Map((await variantsInStore(bed, asset.id)).map(file => [file.variant.name, file]))
    const media = basename(files.get('video-media')?.object?.key ?? '')
    expect(files.get('video')?.bytes?.toString()).toBe(`#EXTM3U\n#EXT-X-MAP:URI="${media}"\n${media}\n`)
    await expectStoreAndRowsAgree(bed)
  })

  it('has the CDN told of the old files, once the store does not have them any more', async () => {
    const asset = await published()
    const told = () => cloudflare.seen.flatMap(({ files }) => files)
    const urls = (await urlsOf(asset.id)).map(url =>
      url.replace(`${bed.b2.url}/${PUBLIC_BUCKET}`, 'https://cdn.example'),
    )
    await setPrivate(true)
    await moved(asset.id)
    await eventually(() => urls.filter(url => !told().includes(url))).toEqual([])
    expect((await assetOf(bed, asset.id)).cdnPurgedAt).toBeNull()
    const left = sql`SELECT FROM cdn_purges WHERE asset_id = ${asset.id}`
    await eventually(async () => (await execute(left)).length).toBe(0)
  })

  it('is done when a round that began late enough found nothing', async () => {
    const asset = await published()
    await setPrivate(true)
    await moved(asset.id)
    expect((await findMove(bed.database.db, bed.projectId))?.finishedAt).toBeNull()
    await eventually(async () => {
      await expedite()
      return (await findMove(bed.database.db, bed.projectId))?.finishedAt
    }).toEqual(expect.any(Date))
    await setPrivate(true)
    expect((await findMove(bed.database.db, bed.projectId))?.finishedAt).toBeNull()
  })

  it('catches what a run publishes that was planned before', async () => {
    bed.b2.faults.set({ kind: 'delay', ms: 60_000, match: { method: 'PUT', key: 'variants/' } })
    const { asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
    const planned = sql`SELECT FROM objects WHERE asset_id = ${asset.id} AND bucket = ${PUBLIC_BUCKET}`
    await eventually(async () => (await execute(planned)).length > 0).toBe(true)
    await setPrivate(true)
    bed.b2.faults.clear()
    await untilStatus(bed, asset.id, 'ready')
    await eventually(async () => {
      await expedite()
      return bucketsOf(asset.id)
    }).toEqual([PRIVATE_BUCKET])
    await expectStoreAndRowsAgree(bed)
  })

  it('loses nothing when the run dies between copies: the next one does it again', async () => {
    const asset = await published(PHOTO, 'image/jpeg')
    bed.b2.faults.set({ kind: 'delay', ms: 60_000, match: { operation: 'CopyObject' } })
    await setPrivate(true)
    await eventually(async () => (await jobOf(bed, asset.id)).name).toBe('asset.move')
    await eventually(async () => (await jobOf(bed, asset.id)).status).toBe('running')
    // As if the process were gone: its lease has run out, and what it still writes is of nobody.
    const stolen = sql`UPDATE jobs SET lease_token = ${randomUUID()}, lease_until = now() - interval '1 s'`
    await execute(sql`${stolen} WHERE asset_id = ${asset.id} AND status = 'running'`)
    bed.b2.faults.clear()
    await moved(asset.id)
    await eventually(async () => (await jobOf(bed, asset.id)).status).toBe('succeeded')
    expect((await attemptsOf(bed, asset.id)).length).toBeGreaterThan(2)
    for (const { variant, bytes } of await variantsInStore(bed, asset.id)) expect(bytes?.length).toBe(variant.byteSize)
    await eventually(async () => {
      const rows = await execute(sql`SELECT FROM objects WHERE asset_id = ${asset.id} AND state = 'writing'`)
      return rows.length
    }).toBe(0)
    await expectStoreAndRowsAgree(bed)
  })

  it('leaves behind what the store has lost, says so, and ends', async () => {
    const asset = await published(PHOTO, 'image/jpeg')
    const before = await variantsInStore(bed, asset.id)
    const lost = before[0]
    if (!lost?.object) throw new Error('it has no variants')
    await bed.store.deleteAll(lost.object)
    await setPrivate(true)
    await moved(asset.id)
    expect((await assetOf(bed, asset.id)).status).toBe('partial')
    const after = new Map((await variantsInStore(bed, asset.id)).map(file => [file.variant.name, file]))
    expect(after.get(lost.variant.name)).toMatchObject({
      variant: { status: 'failed', objectId: null, error: { code: 'STORE_NOT_FOUND' } },
      bytes: null,
    })
    for (const { variant, bytes } of before.slice(1)) expect(after.get(variant.name)?.bytes).toEqual(bytes)
    const alarms = (await openAlarms(bed.database.db)).filter(({ subject }) => subject === asset.id)
    expect(alarms).toMatchObject([
      { code: 'OBJECT_MISSING', message: expect.stringContaining(`${lost.variant.name} (STORE_NOT_FOUND)`) },
    ])
    await eventually(async () => {
      await expedite()
      return (await findMove(bed.database.db, bed.projectId))?.finishedAt
    }).toEqual(expect.any(Date))
    expect(await movesOf(asset.id)).toEqual(['succeeded'])
    await expectStoreAndRowsAgree(bed)
    await bed.database.db.transaction(async tx =>
      reprocessAsset(tx, { asset: await assetOf(bed, asset.id), queue: 'image' }),
    )
    await untilStatus(bed, asset.id, 'ready')
    const again = await variantsInStore(bed, asset.id)
    expect(again.map(({ variant }) => variant.name)).toEqual(before.map(({ variant }) => variant.name))
    for (const { variant, bytes } of again) expect(bytes?.length).toBe(variant.byteSize)
  })

  it('leaves behind a playlist that is too large to name the copies', async () => {
    const asset = await published()
    await withPlaylist(asset.id)
    await execute(sql`UPDATE objects SET bytes = 8000001 WHERE asset_id = ${asset.id} AND key LIKE '%.m3u8'`)
    await setPrivate(true)
    await moved(asset.id)
    const variants = (await variantsInStore(bed, asset.id)).map(({ variant }) => variant)
    expect(variants.filter(({ error }) => error !== null)).toMatchObject([
      { name: 'video', status: 'failed', error: { code: 'OUTPUT_TOO_LARGE' } },
    ])
    expect((await assetOf(bed, asset.id)).status).toBe('partial')
    await expectStoreAndRowsAgree(bed)
  })

  it('tries one that failed for good again in an hour, and raises an alarm', async () => {
    const asset = await published()
    bed.b2.faults.set({ kind: 'slow-down', match: { operation: 'CopyObject' } })
    await setPrivate(true)
    await eventually(async () => (await jobOf(bed, asset.id)).lane).toBe('retry')
    await execute(sql`UPDATE jobs SET max_attempts = attempt + 1, available_at = now() WHERE asset_id = ${asset.id}
      AND name = 'asset.move'`)
    await eventually(() => movesOf(asset.id)).toEqual(['failed'])
    bed.b2.faults.clear()
    const alarms = (await openAlarms(bed.database.db)).filter(({ subject }) => subject === asset.id)
    expect(alarms).toMatchObject([
      { code: 'STORE_UNAVAILABLE', message: expect.stringContaining('are still in the public bucket') },
    ])
    const step = () => bed.database.db.transaction(tx => stepMove(tx, bed.projectId, { publicBucket: PUBLIC_BUCKET }))
    for (let round = 0; round < 3; round++) {
      await expedite()
      while (await step());
    }
    expect(await movesOf(asset.id)).toEqual(['failed'])
    expect((await findMove(bed.database.db, bed.projectId))?.finishedAt).toBeNull()
    await execute(sql`UPDATE jobs SET finished_at = now() - interval '61 minutes' WHERE asset_id = ${asset.id}`)
    await eventually(async () => {
      await expedite()
      return movesOf(asset.id)
    }).toEqual(['failed', 'succeeded'])
    expect(await bucketsOf(asset.id)).toEqual([PRIVATE_BUCKET])
  })

  it('waits for a store that does not answer, and stays as it was until then', async () => {
    const asset = await published()
    bed.b2.faults.set({ kind: 'slow-down', match: { operation: 'CopyObject' } })
    await setPrivate(true)
    await eventually(async () => (await jobOf(bed, asset.id)).lane).toBe('retry')
    expect(await bucketsOf(asset.id)).toEqual([PUBLIC_BUCKET])
    expect(await statusesOf(await urlsOf(asset.id))).toEqual([200])
    bed.b2.faults.clear()
    await moved(asset.id)
  })

  it('deletes an asset that is being moved like any other', async () => {
    const asset = await published()
    bed.b2.faults.set({ kind: 'delay', ms: 1000, match: { operation: 'CopyObject' } })
    await setPrivate(true)
    await eventually(async () => (await jobOf(bed, asset.id)).status).toBe('running')
    await bed.database.db.transaction(tx => startDeletion(tx, asset.id))
    await eventually(async () => (await assetOf(bed, asset.id)).purgedAt).toEqual(expect.any(Date))
    await eventually(async () => {
      const open = await execute(
        sql`SELECT FROM jobs WHERE asset_id = ${asset.id} AND name = 'asset.move' AND status = 'running'`,
      )
      return open.length
    }).toBe(0)
    bed.b2.faults.clear()
    await eventually(async () => {
      const live = await execute(sql`SELECT FROM objects WHERE asset_id = ${asset.id} AND state <> 'doomed'`)
      return live.length
    }).toBe(0)
    await expectStoreAndRowsAgree(bed)
  })

  it('has nothing to move where there is no public bucket', async () => {
    await execute(
      sql`INSERT INTO projects (id, name, is_private) VALUES (${newId()}, 'single', true) ON CONFLICT DO NOTHING`,
    )
    const single = await findProjectByName(bed.database.db, 'single')
    const id = single?.id ?? ''
    // In one transaction, or the worker, who has a public bucket, may see the row first.
    await bed.database.db.transaction(async tx => {
      // The column has milliseconds: what is rounded up lies in the future of its own transaction.
      await tx.execute(sql`INSERT INTO moves (project_id, requested_at, round_started_at)
        VALUES (${id}, now() - interval '1 hour', now() - interval '1 second')`)
      await stepMove(tx, id, { publicBucket: null })
    })
    expect((await findMove(bed.database.db, id))?.finishedAt).toEqual(expect.any(Date))
  })

  it('makes one job of an asset, however many look at it at once', async () => {
    const assets = [await published(), await published(), await published()]
    bed.b2.faults.set({ kind: 'delay', ms: 500, match: { operation: 'CopyObject' } })
    await setPrivate(true)
    const step = () => bed.database.db.transaction(tx => stepMove(tx, bed.projectId, { publicBucket: PUBLIC_BUCKET }))
    await Promise.all(Array.from({ length: 5 }, step))
    for (const { id } of assets) await moved(id)
    const rows = await execute(sql`SELECT asset_id, count(*)::int AS jobs FROM jobs
      WHERE name = 'asset.move' AND asset_id IN ${assets.map(({ id }) => id)} GROUP BY 1`)
    expect(rows.map(({ jobs }) => jobs)).toEqual([1, 1, 1])
  })
})

describe('a project that is public again', () => {
  it('publishes nothing by itself, and what is reprocessed', async () => {
    const asset = await published()
    await setPrivate(true)
    await moved(asset.id)
    await eventually(async () => (await jobOf(bed, asset.id)).status).toBe('succeeded')
    await setPrivate(false)
    expect(await findMove(bed.database.db, bed.projectId)).toBeNull()
    const row = await assetOf(bed, asset.id)
    expect(await bucketsOf(asset.id)).toEqual([PRIVATE_BUCKET])
    await bed.database.db.transaction(tx => reprocessAsset(tx, { asset: row, queue: 'image' }))
    await eventually(() => bucketsOf(asset.id)).toEqual([PUBLIC_BUCKET])
    const [first] = await variantsInStore(bed, asset.id)
    const object = first?.variant.objectId && (await getObject(bed.database.db, first.variant.objectId))
    if (!object) throw new Error('no variant')
    expect((await fetch(`${bed.b2.url}/${PUBLIC_BUCKET}/${object.key}`)).status).toBe(200)
    expect(await readAll(bed.store, object)).toEqual(first.bytes)
  })
})
