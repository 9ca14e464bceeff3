import { setTimeout as sleep } from 'node:timers/promises'
import { appError } from '@darkroom/contracts'
import { newId, silentLogger } from '@darkroom/core'
import { startDeletion } from '@darkroom/db/deletion'
import { originalKey, variantKey } from '@darkroom/storage'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { type Orphan, removeOrphan, scanOrphans } from '../src/index.ts'
import { scanOrphansDaily } from '../src/maintenance/scan-orphans-daily.ts'
import { mergeByKey } from '../src/orphans/merge-by-key.ts'
import { openTempDir } from '../src/temp-dir.ts'
import {
  type Bed,
  PRIVATE_BUCKET,
  PUBLIC_BUCKET,
  purgeSecondPass,
  SMALL_PNG,
  untilStatus,
  uploaded,
  useBed,
  variantsInStore,
} from './harness.ts'

const bed = useBed()

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)
const settings = { privateBucket: PRIVATE_BUCKET, publicBucket: PUBLIC_BUCKET }
async function scan(graceMs = 0): Promise<Orphan[]> {
  const found: Orphan[] = []
  for await (const orphan of scanOrphans({ ...bed, settings }, { graceMs })) found.push(orphan)
  return found
}

describe('the comparison of rows and store', () => {
  it('finds nothing where all is well, then both directions, and removes what nobody accounts for', async () => {
    const worker = await bed.startWorker()
    const assets = await Promise.all([1, 2, 3].map(() => uploaded(bed, SMALL_PNG, { contentType: 'image/png' })))
    for (const { asset } of assets) await untilStatus(bed, asset.id, 'ready')
    await worker.close()
    expect(await scan()).toEqual([])

    const put = { body: SMALL_PNG, byteSize: SMALL_PNG.length, contentType: 'image/png' }
    const foreign = { bucket: PRIVATE_BUCKET, key: originalKey(bed.projectId, newId()) }
    await bed.store.put({ ...foreign, ...put })
    const [first, second] = await variantsInStore(bed, assets[0]?.asset.id ?? '')
    if (!first?.object || !second?.object) throw new Error('it has no variants')
    const doubled = { bucket: second.object.bucket, key: second.object.key }
    const signed = await bed.store.presignPut({ ...doubled, contentType: 'image/png', byteSize: 3, expiresInSec: 60 })
    await fetch(signed.url, { method: 'PUT', headers: signed.headers, body: 'two' })
    await bed.store.deleteAll(first.object)
    const open = { bucket: PUBLIC_BUCKET, key: variantKey(bed.projectId, newId()) }
    await bed.store.createMultipartUpload({ ...open, contentType: 'image/png' })

    const found = await scan()
    expect(found).toHaveLength(4)
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...foreign, type: 'object_without_row', byteSize: SMALL_PNG.length }),
        expect.objectContaining({ ...doubled, type: 'object_without_row', byteSize: 3 }),
        expect.objectContaining({ type: 'missing_object', key: first.object.key, assetId: first.object.assetId }),
        expect.objectContaining({ ...open, type: 'open_multipart' }),
      ]),
    )
    // What is young may be on its way into a row's state.
    expect((await scan(3_600_000)).map(({ type }) => type)).toEqual(['missing_object'])

    const removed = []
    for (const orphan of found) removed.push(await removeOrphan(bed.store, orphan))
    expect(removed.filter(Boolean)).toHaveLength(3)
    expect((await scan()).map(({ type }) => type)).toEqual(['missing_object'])
    expect((await bed.store.head(second.object))?.byteSize).toBe(second.variant.byteSize)
  })
})

describe('an object that is removed while the comparison is under way', () => {
  it('is not missing', async () => {
    const worker = await bed.startWorker()
    const { asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
    await untilStatus(bed, asset.id, 'ready')
    await worker.close()
    const missing = async (store: Bed['store']) => {
      const found: Orphan[] = []
      for await (const orphan of scanOrphans({ ...bed, store, settings })) found.push(orphan)
      return found.filter(orphan => orphan.type === 'missing_object' && orphan.assetId === asset.id)
    }
    const removing: Bed['store'] = {
      ...bed.store,
      async *listVersions(input, options) {
        if (input.bucket === PUBLIC_BUCKET && input.prefix === 'variants/') {
          // Until the rows have been read.
          await sleep(500)
          await bed.database.db.transaction(tx => startDeletion(tx, asset.id))
          await purgeSecondPass(bed)
        }
        yield* bed.store.listVersions(input, options)
      },
    }
    expect(await missing(removing)).toEqual([])
  })
})

describe('what changes while the comparison is under way', () => {
  const scanWith = async (listVersions: Bed['store']['listVersions']) => {
    const found: Orphan[] = []
    const store = { ...bed.store, listVersions }
    for await (const orphan of scanOrphans({ ...bed, store, settings }, { graceMs: 0 })) found.push(orphan)
    return found
  }

  it('is not missing when it was published after its part of the store was listed', async () => {
    const worker = await bed.startWorker()
    const { asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
    await untilStatus(bed, asset.id, 'ready')
    await worker.close()
    const found = await scanWith(async function* (input, options) {
      for await (const version of bed.store.listVersions(input, options))
        if (!version.key.includes(asset.id)) yield version
    })
    expect(found.filter(orphan => orphan.key.includes(asset.id))).toEqual([])
  })

  it('is not without a row when that came after the rows around it were read', async () => {
    const { asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
    const key = variantKey(bed.projectId, asset.id, 'png')
    const place = { bucket: PRIVATE_BUCKET, key }
    const pin = await bed.store.put({
      ...place,
      body: SMALL_PNG,
      byteSize: SMALL_PNG.length,
      contentType: 'image/png',
    })
    const without = (await scan()).filter(orphan => orphan.key === key)
    expect(without).toMatchObject([{ type: 'object_without_row' }])
    const found = await scanWith(async function* (input, options) {
      // Until the rows have been read.
      await sleep(500)
      if (input.bucket === PRIVATE_BUCKET && input.prefix === 'variants/')
        await execute(sql`INSERT INTO objects (id, project_id, asset_id, bucket, key, state, version_id)
          VALUES (${newId()}, ${bed.projectId}, ${asset.id}, ${PRIVATE_BUCKET}, ${key}, 'live', ${pin.versionId})`)
      yield* bed.store.listVersions(input, options)
    })
    expect(found.filter(orphan => orphan.key === key)).toEqual([])
  })

  it('may be the table: no lock is held while the store is listed', async () => {
    const { asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
    await execute(sql`
      INSERT INTO objects (id, project_id, asset_id, bucket, key)
      SELECT gen_random_uuid(), project_id, id, ${PRIVATE_BUCKET}, 'originals/' || project_id || '/' || id || '/' || n
      FROM assets, generate_series(1, 1500) AS n WHERE id = ${asset.id}`)
    const isFree = () =>
      bed.database.db
        .transaction(tx => tx.execute(sql`LOCK TABLE objects IN ACCESS EXCLUSIVE MODE NOWAIT`))
        .then(() => true)
        .catch(() => false)
    await scanWith(async function* (input, options) {
      if (input.prefix === 'originals/') {
        await sleep(300)
        await expect.poll(isFree, { timeout: 10_000 }).toBe(true)
      }
      yield* bed.store.listVersions(input, options)
    })
  })
})

describe('the daily comparison', () => {
  it('is done by one process, and anew where it failed or its process died', async () => {
    let scans = 0
    const counting: Bed['store'] = {
      ...bed.store,
      listVersions(input, options) {
        if (input.bucket === PRIVATE_BUCKET && input.prefix === 'uploads/') scans += 1
        return bed.store.listVersions(input, options)
      },
    }
    const failing: Bed['store'] = {
      ...bed.store,
      listVersions() {
        throw appError('STORE_UNAVAILABLE')
      },
    }
    const daily = async (store: Bed['store']) =>
      scanOrphansDaily.run(
        {
          database: bed.database,
          store,
          faults: bed.faults,
          logger: silentLogger,
          tempDir: await openTempDir(bed.tempDir),
          settings: {
            ...settings,
            host: 'test',
            cdn: null,
            engines: { sharp: '0', libvips: '0', ffmpeg: null },
            timeoutMs: { image: 60_000, video: 60_000, audio: 60_000, document: 60_000 },
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
    // Workers of other tests have had their turn.
    await execute(sql`DELETE FROM task_leases WHERE task = 'orphans'`)
    await expect(daily(failing)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await Promise.all([daily(counting), daily(counting)])
    await daily(counting)
    expect(scans).toBe(1)
    const isOpen = (seconds: number) =>
      execute(sql`UPDATE task_leases SET open_until = now() + make_interval(secs => ${seconds}) WHERE task = 'orphans'`)
    await isOpen(30)
    await daily(counting)
    expect(scans).toBe(1)
    await isOpen(-1)
    await daily(counting)
    expect(scans).toBe(2)
    await execute(sql`UPDATE task_leases SET begun_at = now() - interval '25 hours' WHERE task = 'orphans'`)
    await daily(counting)
    expect(scans).toBe(3)
  })
})

describe('mergeByKey', () => {
  const stream = async function* (keys: string[]) {
    for (const key of keys) yield { key }
  }
  const merged = async (rows: string[], versions: string[]) => {
    const found: [number, number][] = []
    for await (const { rows: r, versions: v } of mergeByKey(stream(rows), stream(versions)))
      found.push([r.length, v.length])
    return found
  }

  it.each<[string[], string[], [number, number][]]>([
    [[], [], []],
    [
      ['a', 'b'],
      [],
      [
        [1, 0],
        [1, 0],
      ],
    ],
    [
      [],
      ['a', 'a', 'b'],
      [
        [0, 2],
        [0, 1],
      ],
    ],
    [
      ['a', 'c'],
      ['a', 'a', 'b', 'c'],
      [
        [1, 2],
        [0, 1],
        [1, 1],
      ],
    ],
    // By bytes: an upper-case letter before `_` before a lower-case one.
    [
      ['B', '_', 'a'],
      ['B', '_', 'a'],
      [
        [1, 1],
        [1, 1],
        [1, 1],
      ],
    ],
  ])('of rows %j and versions %j pairs what has the same key', async (rows, versions, expected) => {
    expect(await merged(rows, versions)).toEqual(expected)
  })
})
