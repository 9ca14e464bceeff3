import { objectsOfAsset } from '@darkroom/db/assets'
import type { Fault } from '@darkroom/local-b2'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  attemptsOf,
  eventually,
  jobOf,
  missingVersions,
  PHOTO,
  purgeSecondPass,
  runFolders,
  sha256,
  strayVersions,
  untilStatus,
  uploaded,
  useBed,
  variantsInStore,
} from './harness.ts'

const bed = useBed()
beforeAll(async () => {
  await bed.startWorker()
})
afterEach(() => bed.b2.faults.clear())

const DOWNLOAD = { method: 'GET', key: 'uploads/' }
const VARIANT = { method: 'PUT', key: 'variants/' }
const PROMOTION = { method: 'PUT', key: 'originals/' }

async function processUnder(fault: Fault) {
  bed.b2.faults.set(fault)
  const { asset } = await uploaded(bed, PHOTO)
  const ready = await untilStatus(bed, asset.id, 'ready')
  expect(ready.sha256).toBe(sha256(PHOTO))
  for (const { variant, bytes } of await variantsInStore(bed, asset.id)) {
    expect([variant.name, variant.status, bytes && sha256(bytes)]).toEqual([variant.name, 'ready', variant.sha256])
  }
  await eventually(() => runFolders(bed)).toEqual([])
  return asset
}

/** `bucket/key` of everything of an asset that is live. */
const publishedKeys = async (assetId: string) =>
  (await objectsOfAsset(bed.database.db, assetId)).map(({ bucket, key }) => `${bucket}/${key}`)

describe('a fault that passes is waited out inside the run', () => {
  it.each<[string, Fault]>([
    ['503 on the download', { kind: 'slow-down', match: DOWNLOAD, times: 2 }],
    ['a reset of the download', { kind: 'reset', match: DOWNLOAD, times: 2 }],
    ['503 on a variant', { kind: 'slow-down', match: VARIANT, times: 3 }],
    ['a reset of a variant', { kind: 'reset', match: VARIANT, times: 2 }],
    ['503 on the promotion', { kind: 'slow-down', match: PROMOTION, times: 2 }],
    ['503 on the clean-up', { kind: 'slow-down', match: { method: 'DELETE' }, times: 2 }],
  ])('%s', async (_title, fault) => {
    const asset = await processUnder(fault)
    expect(await attemptsOf(bed, asset.id)).toEqual(['1 done'])
    await purgeSecondPass(bed)
    expect(await strayVersions(bed, asset.id)).toEqual([])
    expect(await missingVersions(bed)).toEqual([])
  })

  it.each<[string, Fault]>([
    ['of a variant', { kind: 'lost-response', match: VARIANT, times: 1 }],
    ['of the promotion', { kind: 'lost-response', match: PROMOTION, times: 1 }],
  ])('an answer %s that is lost leaves only keys that have a row', async (_title, fault) => {
    const asset = await processUnder(fault)
    expect(await attemptsOf(bed, asset.id)).toEqual(['1 done'])
    // What the first answer was about is an older version of the same bytes, under a key that is published.
    await purgeSecondPass(bed)
    const keys = await publishedKeys(asset.id)
    for (const version of await strayVersions(bed, asset.id)) expect(keys).toContain(version.split(' ')[0])
  })
})

describe('a fault that lasts longer than a run costs an attempt', () => {
  it.each<[string, Fault]>([
    ['503 on the download', { kind: 'slow-down', match: DOWNLOAD, times: 4 }],
    ['503 on every variant', { kind: 'slow-down', match: VARIANT, times: 20 }],
    ['503 on the promotion', { kind: 'slow-down', match: PROMOTION, times: 4 }],
  ])('%s', async (_title, fault) => {
    const asset = await processUnder(fault)
    expect(await attemptsOf(bed, asset.id)).toEqual(['1 failed STORE_UNAVAILABLE', '2 done'])
    expect(await jobOf(bed, asset.id)).toMatchObject({ lane: 'retry', status: 'succeeded', error: null })
    await purgeSecondPass(bed)
    expect(await strayVersions(bed, asset.id)).toEqual([])
    expect(await missingVersions(bed)).toEqual([])
  })
})

it('a body that is cut off is read again', async () => {
  const asset = await processUnder({ kind: 'truncate', match: DOWNLOAD, bytes: 5000, times: 1 })
  const reads = bed.b2.requests.list({ operation: 'GetObject' }).filter(({ key }) => key?.includes(`/${asset.id}/`))
  expect(reads.filter(({ key }) => key?.startsWith('uploads/'))).toHaveLength(2)
})

describe('a byte that is turned over', () => {
  const flip = (times?: number) =>
    bed.b2.faults.set({ kind: 'flip-byte', match: DOWNLOAD, bytes: 20_000, ...(times && { times }) })

  it.each([
    ['declared its SHA-256', { sha256: sha256(PHOTO) }],
    ['declared nothing', {}],
  ])('on the way is never taken for the file of a client that %s', async (_title, options) => {
    flip(1)
    const { asset } = await uploaded(bed, PHOTO, options)
    expect((await untilStatus(bed, asset.id, 'ready')).sha256).toBe(sha256(PHOTO))
    expect(await attemptsOf(bed, asset.id)).toEqual(['1 done'])
  })

  it('where it lies is CHECKSUM_MISMATCH for a client that declared its SHA-256', async () => {
    flip()
    const { asset } = await uploaded(bed, PHOTO, { sha256: sha256(PHOTO) })
    const failed = await untilStatus(bed, asset.id, 'failed')
    expect(failed.error?.code).toBe('CHECKSUM_MISMATCH')
  })
})

it('a store that asks for a pause gets it', async () => {
  bed.b2.faults.set({ kind: 'slow-down', match: DOWNLOAD, retryAfterSec: 3600, times: 1 })
  const { asset } = await uploaded(bed, PHOTO)
  await eventually(async () => (await jobOf(bed, asset.id)).lane).toBe('retry')
  const job = await jobOf(bed, asset.id)
  expect(job).toMatchObject({ status: 'queued', attempt: 1, error: { code: 'STORE_UNAVAILABLE', retryable: true } })
  expect(job.availableAt.getTime() - Date.now()).toBeGreaterThan(3_500_000)
})
