import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { reprocessAsset } from '@darkroom/db/jobs'
import { cancelJob, requeueJob } from '@darkroom/jobs/sql'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mountSmallDisk } from './full-disk.ts'
import {
  assetOf,
  attemptsOf,
  CRASHING_WORKER,
  createPreset,
  eventually,
  expectStoreAndRowsAgree,
  jobOf,
  PHOTO,
  untilStatus,
  uploaded,
  useBed,
  variantsInStore,
} from './harness.ts'

const bed = useBed()
let presetId: string
beforeAll(async () => {
  presetId = await createPreset(bed, 'small and huge', [
    { name: 'small', width: 100, format: 'webp', required: true },
    { name: 'huge', width: 1700, format: 'png' },
  ])
})
afterEach(() => bed.b2.faults.clear())

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)
/** Backoff is for outages; here it is only waiting. */
const expedite = () => execute(sql`UPDATE jobs SET available_at = now() WHERE status = 'queued'`)
const photo = () => uploaded(bed, PHOTO, { presetId })

/** What of an asset a client sees of its variants: name, status, why not, and whether that is tried again. */
const variantsOf = async (assetId: string) =>
  (await variantsInStore(bed, assetId)).map(({ variant: { name, status, error } }) =>
    [name, status, ...(error ? [error.code, error.retryable] : [])].join(' '),
  )
const objectsByName = async (assetId: string) =>
  new Map((await variantsInStore(bed, assetId)).map(({ variant, object }) => [variant.name, object?.id ?? null]))
const eventsOf = async (assetId: string, type: string) =>
  (await execute(sql`SELECT data FROM events WHERE asset_id = ${assetId} AND type = ${type} ORDER BY seq`)).map(
    ({ data }) => data as Record<string, unknown>,
  )

/** A busy machine may come to a second attempt before the test has ended what the first one failed of. */
async function expectTriedUntilDone(assetId: string, code: string) {
  const attempts = await attemptsOf(bed, assetId)
  const failed = attempts.slice(0, -1)
  expect(failed.length).toBeGreaterThan(0)
  expect(failed).toEqual(failed.map((_, index) => `${index + 1} incomplete ${code}`))
  expect(attempts.at(-1)).toBe(`${attempts.length} done`)
}

const disk = mountSmallDisk('256k')
afterAll(() => {
  if (typeof disk !== 'string') disk[Symbol.dispose]()
})

describe.skipIf(typeof disk === 'string')(`a disk that is full${typeof disk === 'string' ? `: ${disk}` : ''}`, () => {
  it('costs an optional variant an attempt: the rest is published at once, and it follows when there is room', async () => {
    if (typeof disk === 'string') throw new Error(disk)
    const worker = await bed.startWorker({ WORKER_TEMP_DIR: disk.folder })
    const { asset } = await photo()
    const partial = await untilStatus(bed, asset.id, 'partial')
    expect(partial).toMatchObject({ error: null, readyAt: expect.any(Date) })
    // At once: it is tried again in a second or two.
    const job = await jobOf(bed, asset.id)
    expect(await variantsOf(asset.id)).toEqual(['small ready', 'huge failed NO_SPACE true'])
    expect(job).toMatchObject({ status: 'queued', lane: 'retry', attempt: 1, error: { code: 'NO_SPACE' } })
    const [first] = await eventsOf(asset.id, 'asset.partial')
    expect(first).toEqual({ retryAt: job.availableAt.toISOString() })
    const before = await objectsByName(asset.id)

    disk.grow()
    await expedite()
    await untilStatus(bed, asset.id, 'ready')
    expect(await variantsOf(asset.id)).toEqual(['small ready', 'huge ready'])
    expect((await objectsByName(asset.id)).get('small')).toBe(before.get('small'))
    await expectTriedUntilDone(asset.id, 'NO_SPACE')
    expect(await jobOf(bed, asset.id)).toMatchObject({ id: job.id, status: 'succeeded', error: null })
    await worker.close()
    await expectStoreAndRowsAgree(bed)
  })
})

/** Of the optional variant only, the other one is no PNG; longer than a request is repeated. */
const outage = () => bed.b2.faults.set({ kind: 'slow-down', match: { method: 'PUT', key: /^variants\/.*\.png$/ } })

describe('a worker that is killed over a variant that failed', () => {
  it.each([
    ['final.before-commit', 'processing', 'running', '1 lost its lease'],
    ['final.after-commit', 'partial', 'queued', '1 incomplete STORE_UNAVAILABLE'],
  ])('at %s leaves the asset %s and its job to another, who makes it', async (crashpoint, status, of, attempt) => {
    outage()
    const { asset } = await photo()
    const child = spawn(process.execPath, [CRASHING_WORKER], {
      env: bed.env({ DARKROOM_CRASHPOINT: crashpoint }),
      stdio: 'ignore',
    })
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
    expect([(await assetOf(bed, asset.id)).status, (await jobOf(bed, asset.id)).status]).toEqual([status, of])
    expect(await variantsOf(asset.id)).toEqual(['small ready', 'huge failed STORE_UNAVAILABLE true'])
    bed.b2.faults.clear()
    // It is dead, so nobody renews it.
    await execute(sql`UPDATE jobs SET lease_until = now() - interval '1 s' WHERE status = 'running'`)
    await expedite()
    const worker = await bed.startWorker()
    await untilStatus(bed, asset.id, 'ready')
    expect(await attemptsOf(bed, asset.id)).toEqual([attempt, '2 done'])
    await worker.close()
    await expectStoreAndRowsAgree(bed)
  })
})

describe('a store that does not take an optional variant', () => {
  beforeAll(() => bed.startWorker())

  it('leaves the asset partial until it takes it, which is soon', async () => {
    outage()
    const { asset } = await photo()
    await untilStatus(bed, asset.id, 'partial')
    expect(await variantsOf(asset.id)).toEqual(['small ready', 'huge failed STORE_UNAVAILABLE true'])
    bed.b2.faults.clear()
    await untilStatus(bed, asset.id, 'ready')
    await expectTriedUntilDone(asset.id, 'STORE_UNAVAILABLE')
    await expectStoreAndRowsAgree(bed)
  })

  it('for all attempts fails the job, not the asset, and says that nobody tries it again; requeued it is made', async () => {
    outage()
    const { asset, job } = await photo()
    await execute(sql`UPDATE jobs SET max_attempts = 2 WHERE id = ${job.id}`)
    await untilStatus(bed, asset.id, 'partial')
    await expedite()
    await eventually(async () => (await jobOf(bed, asset.id)).status).toBe('failed')
    expect((await jobOf(bed, asset.id)).error).toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(await assetOf(bed, asset.id)).toMatchObject({ status: 'partial', error: null })
    expect(await variantsOf(asset.id)).toEqual(['small ready', 'huge failed STORE_UNAVAILABLE false'])
    expect(await eventsOf(asset.id, 'asset.partial')).toEqual([{ retryAt: expect.any(String) }, {}])

    bed.b2.faults.clear()
    await bed.database.db.transaction(tx => requeueJob(tx, { id: job.id, projectId: bed.projectId }))
    await untilStatus(bed, asset.id, 'ready')
    await expectStoreAndRowsAgree(bed)
  })

  it('keeps the file of before in its place through a reprocess, which goes on by itself', async () => {
    const { asset } = await photo()
    const ready = await untilStatus(bed, asset.id, 'ready')
    const before = await objectsByName(asset.id)
    outage()
    await bed.database.db.transaction(tx =>
      reprocessAsset(tx, { asset: ready, queue: 'image', onlyVariants: ['small', 'huge'] }),
    )
    await eventually(() => attemptsOf(bed, asset.id)).toContain('1 incomplete STORE_UNAVAILABLE')
    expect((await assetOf(bed, asset.id)).status).toBe('ready')
    expect(await variantsOf(asset.id)).toEqual(['small ready', 'huge ready STORE_UNAVAILABLE true'])
    const between = await objectsByName(asset.id)
    expect(between.get('huge')).toBe(before.get('huge'))
    expect(between.get('small')).not.toBe(before.get('small'))

    bed.b2.faults.clear()
    await eventually(async () => (await jobOf(bed, asset.id)).status).toBe('succeeded')
    const after = await objectsByName(asset.id)
    expect(after.get('huge')).not.toBe(before.get('huge'))
    // Made by the attempt before, so not once more.
    expect(after.get('small')).toBe(between.get('small'))
    expect(await variantsOf(asset.id)).toEqual(['small ready', 'huge ready'])
    await expectStoreAndRowsAgree(bed)
  })

  it('and whose job is cancelled meanwhile is not said to be tried again', async () => {
    outage()
    const { asset, job } = await photo()
    await untilStatus(bed, asset.id, 'partial')
    await execute(sql`UPDATE jobs SET available_at = now() + interval '1 hour' WHERE id = ${job.id}`)
    await bed.database.db.transaction(tx => cancelJob(tx, { id: job.id, projectId: bed.projectId, keepSourceDays: 7 }))
    expect((await assetOf(bed, asset.id)).status).toBe('partial')
    expect(await variantsOf(asset.id)).toEqual(['small ready', 'huge failed STORE_UNAVAILABLE false'])
  })
})
