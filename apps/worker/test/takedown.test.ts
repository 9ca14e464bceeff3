import { newId, silentLogger } from '@darkroom/core'
import { markPurged } from '@darkroom/db/assets'
import { startDeletion, takeDown } from '@darkroom/db/deletion'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WorkerSettings } from '../src/deps.ts'
import { purgeCdn } from '../src/maintenance/purge-cdn.ts'
import { openTempDir } from '../src/temp-dir.ts'
import { startCloudflare } from './cloudflare.ts'
import {
  assetOf,
  attemptsOf,
  confirm,
  deliver,
  PRIVATE_BUCKET,
  PUBLIC_BUCKET,
  SMALL_PNG,
  sha256,
  untilStatus,
  uploaded,
  useBed,
} from './harness.ts'

const bed = useBed()
let cloudflare: Awaited<ReturnType<typeof startCloudflare>>
beforeAll(async () => {
  cloudflare = await startCloudflare()
})
afterAll(async () => {
  cloudflare.close()
})

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)
const png = { contentType: 'image/png' }

describe('content that was taken down', () => {
  it('is refused by the worker after it was hashed, and not kept', async () => {
    const worker = await bed.startWorker()
    const first = await uploaded(bed, SMALL_PNG, png)
    const asset = await untilStatus(bed, first.asset.id, 'ready')
    expect(asset.sha256).toBe(sha256(SMALL_PNG))
    await bed.database.db.transaction(tx => takeDown(tx, { asset, isEverywhere: false, reason: 'test' }))
    const again = await uploaded(bed, SMALL_PNG, png)
    const refused = await untilStatus(bed, again.asset.id, 'failed')
    expect(refused).toMatchObject({
      error: { code: 'CONTENT_BLOCKED', retryable: false },
      originalObjectId: null,
      sourceExpiresAt: null,
    })
    expect(await attemptsOf(bed, again.asset.id)).toEqual(['1 failed CONTENT_BLOCKED'])
    const states = await execute(sql`SELECT DISTINCT state FROM objects WHERE asset_id = ${again.asset.id}`)
    expect([...states]).toEqual([{ state: 'doomed' }])
    await worker.close()
  })

  it('is refused also when it had been copied as an original while it waited', async () => {
    const delivered = await deliver(bed, SMALL_PNG, png)
    const { asset } = await confirm(bed, delivered)
    await execute(sql`
      UPDATE assets SET original_object_id = uploads.object_id FROM uploads
      WHERE uploads.asset_id = assets.id AND assets.id = ${asset.id}`)
    const worker = await bed.startWorker()
    const refused = await untilStatus(bed, asset.id, 'failed')
    expect([refused.error?.code, refused.originalObjectId]).toEqual(['CONTENT_BLOCKED', null])
    await worker.close()
  })
})

describe('the CDN', () => {
  const ZONE = 'f'.repeat(32)
  const cdn = () => ({
    zone: { apiUrl: cloudflare.url, token: 'secret', zoneId: ZONE },
    baseUrl: 'https://cdn.example',
  })
  const tell = async ({ cdn }: Pick<WorkerSettings, 'cdn'>) => {
    const settings: WorkerSettings = {
      host: 'test',
      privateBucket: PRIVATE_BUCKET,
      publicBucket: PUBLIC_BUCKET,
      cdn,
      engines: { sharp: '0', libvips: '0', ffmpeg: null },
      timeoutMs: { image: 60_000, video: 60_000, audio: 60_000, document: 60_000 },
      failedSourceDays: 7,
      manifestDelaySec: 300,
      verifyDailyFiles: 0,
      backups: null,
      sweepAfterSec: 120,
      expectsEvents: false,
    }
    const tempDir = await openTempDir(bed.tempDir)
    return purgeCdn.run({ ...bed, tempDir, logger: silentLogger, settings }, AbortSignal.timeout(20_000))
  }

  /** An asset with so many variants that was deleted; `isPurged` when its objects are gone. */
  async function deleted({ variants = 1, isPurged = true } = {}) {
    const { asset } = await uploaded(bed, SMALL_PNG, png)
    await execute(sql`
      INSERT INTO objects (id, project_id, asset_id, bucket, key, state)
      SELECT gen_random_uuid(), project_id, id, 'b', 'variants/' || id || '/' || lpad(n::text, 3, '0'), 'live'
      FROM assets, generate_series(1, ${variants}) AS n WHERE id = ${asset.id}`)
    await bed.database.db.transaction(tx => startDeletion(tx, asset.id))
    if (isPurged) await execute(sql`UPDATE assets SET purged_at = now() WHERE id = ${asset.id}`)
    cloudflare.seen.length = 0
    return asset.id
  }
  const waiting = async (id: string) => (await execute(sql`SELECT 1 FROM cdn_purges WHERE asset_id = ${id}`)).length > 0
  const isDueNow = () => execute(sql`UPDATE cdn_purges SET available_at = now()`)

  it('is told once, thirty URLs at a time, with the token', async () => {
    const id = await deleted({ variants: 65 })
    await tell({ cdn: cdn() })
    expect(
      cloudflare.seen.map(({ files }) => files.length).reduce((sum, count) => sum + count, 0),
    ).toBeGreaterThanOrEqual(65)
    expect(Math.max(...cloudflare.seen.map(({ files }) => files.length))).toBe(30)
    expect(cloudflare.seen.flatMap(({ files }) => files)).toContain(`https://cdn.example/variants/${id}/065`)
    expect(cloudflare.seen[0]).toMatchObject({ path: `/zones/${ZONE}/purge_cache`, token: 'Bearer secret' })
    expect([await waiting(id), (await assetOf(bed, id)).cdnPurgedAt]).toEqual([false, expect.any(Date)])
    cloudflare.seen.length = 0
    await isDueNow()
    await tell({ cdn: cdn() })
    expect(cloudflare.seen).toEqual([])
  })

  it('is told also of what was replaced long before, and of nothing until the deletion', async () => {
    const { asset } = await uploaded(bed, SMALL_PNG, png)
    const replaced = newId()
    const [before, after] = ['before', 'after'].map(name => `variants/${asset.id}/${name}`)
    await execute(sql`
      INSERT INTO objects (id, project_id, asset_id, bucket, key, state, bytes, purge_until) VALUES
        (${replaced}, ${asset.projectId}, ${asset.id}, ${PUBLIC_BUCKET}, ${before}, 'doomed', 1, now()),
        (gen_random_uuid(), ${asset.projectId}, ${asset.id}, ${PUBLIC_BUCKET}, ${after}, 'live', 1, NULL)`)
    await markPurged(bed.database.db, replaced)
    cloudflare.seen.length = 0
    await tell({ cdn: cdn() })
    expect(cloudflare.seen).toEqual([])
    await bed.database.db.transaction(tx => startDeletion(tx, asset.id))
    await execute(sql`UPDATE assets SET purged_at = now() WHERE id = ${asset.id}`)
    await tell({ cdn: cdn() })
    const urls = cloudflare.seen.flatMap(({ files }) => files).toSorted()
    expect(urls).toEqual([`https://cdn.example/${after}`, `https://cdn.example/${before}`])
    expect(await waiting(asset.id)).toBe(false)
  })

  it('is not told before the objects are gone, for it would fetch them again', async () => {
    const id = await deleted({ isPurged: false })
    await tell({ cdn: cdn() })
    expect([cloudflare.seen.length, await waiting(id)]).toEqual([0, true])
    await execute(sql`UPDATE assets SET purged_at = now() WHERE id = ${id}`)
    await tell({ cdn: cdn() })
    expect(await waiting(id)).toBe(false)
  })

  it.each([
    [429, 'UNAVAILABLE'],
    [500, 'UNAVAILABLE'],
    [403, 'CDN_REFUSED'],
  ])('that answers %i is told again later', async (status, code) => {
    const id = await deleted()
    cloudflare.answers.push(status)
    await expect(tell({ cdn: cdn() })).rejects.toMatchObject({ code })
    expect(await waiting(id)).toBe(true)
    await tell({ cdn: cdn() })
    expect(cloudflare.seen).toHaveLength(1)
    await isDueNow()
    await tell({ cdn: cdn() })
    expect([cloudflare.seen.length, await waiting(id)]).toEqual([2, false])
  })

  it('that does not answer is told again later', async () => {
    const id = await deleted()
    const nobody = { ...cdn(), zone: { ...cdn().zone, apiUrl: 'http://127.0.0.1:1' } }
    await expect(tell({ cdn: nobody })).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await waiting(id)).toBe(true)
    await isDueNow()
    await tell({ cdn: cdn() })
    expect(await waiting(id)).toBe(false)
  })

  it('is told nothing when there is none, and nothing piles up', async () => {
    const id = await deleted()
    await tell({ cdn: null })
    expect([cloudflare.seen.length, await waiting(id), (await assetOf(bed, id)).cdnPurgedAt]).toEqual([0, false, null])
  })

  it('is told by one of two workers', async () => {
    await deleted()
    await Promise.all([tell({ cdn: cdn() }), tell({ cdn: cdn() })])
    expect(cloudflare.seen).toHaveLength(1)
  })

  it.each([
    ['a token without a zone', { CLOUDFLARE_API_TOKEN: 'x' }, 'CLOUDFLARE_ZONE_ID'],
    ['a zone without a token', { CLOUDFLARE_ZONE_ID: ZONE }, 'CLOUDFLARE_API_TOKEN'],
    ['both without URLs', { CLOUDFLARE_API_TOKEN: 'x', CLOUDFLARE_ZONE_ID: ZONE }, 'CDN_BASE_URL'],
  ])('with %s stops the worker from starting', async (_title, env, named) => {
    await expect(bed.startWorker(env)).rejects.toThrow(named)
  })
})
