import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '@darkroom/core'
import { startDeletion } from '@darkroom/db'
import { originalKey, variantKey } from '@darkroom/storage'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Orphan, removeOrphan, scanOrphans } from '../src/index.ts'
import { mergeByKey } from '../src/orphans/merge-by-key.ts'
import {
  type Bed,
  PRIVATE_BUCKET,
  PUBLIC_BUCKET,
  purgeSecondPass,
  SMALL_PNG,
  startBed,
  untilStatus,
  uploaded,
  variantsInStore,
} from './harness.ts'

let bed: Bed
beforeAll(async () => {
  bed = await startBed()
})
afterAll(() => bed.close())

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
