import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PresetDefinition } from '@darkroom/contracts'
import {
  type BackfillRecord,
  changeBackfill,
  createBackfill,
  findBackfill,
  readPlannable,
} from '@darkroom/db/backfills'
import { startDeletion } from '@darkroom/db/deletion'
import { livingWorkers } from '@darkroom/db/jobs'
import { createPresetVersion, getPreset } from '@darkroom/db/presets'
import { Facts, fingerprint, plan } from '@darkroom/media/plan'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  assetOf,
  type Bed,
  eventually,
  expectStoreAndRowsAgree,
  jobOf,
  PHOTO,
  PUBLIC_BUCKET,
  SMALL_PNG,
  STRIP_PNG,
  startBed,
  untilStatus,
  uploaded,
  variantsInStore,
} from './harness.ts'

let bed: Bed
beforeEach(async () => {
  bed = await startBed()
})
afterEach(() => bed.close())

type Variants = { name: string; width: number; format: string; required?: boolean; maxBytes?: number }[]
const FIRST: Variants = [
  { name: 'kept', width: 20, format: 'webp' },
  { name: 'changed', width: 24, format: 'webp' },
  { name: 'dropped', width: 12, format: 'webp' },
]
const SECOND: Variants = [
  { name: 'kept', width: 20, format: 'webp' },
  { name: 'changed', width: 16, format: 'webp' },
  { name: 'added', width: 10, format: 'jpeg' },
]
/** The tables of a JPEG alone are larger. */
const TOO_LARGE = { width: 16_384, format: 'jpeg', maxBytes: 500 }
const IMPOSSIBLE: Variants = [...SECOND, { name: 'impossible', ...TOO_LARGE, required: true }]

async function version(variants: Variants): Promise<string> {
  const definition = PresetDefinition.parse({ image: { variants } })
  const { preset } = await bed.database.db.transaction(tx =>
    createPresetVersion(tx, { projectId: bed.projectId, name: 'tested', definition }),
  )
  return preset.id
}

/** Assets that are ready by a preset. */
async function readyAssets(count: number, presetId: string, bytes = SMALL_PNG): Promise<string[]> {
  const ids: string[] = []
  for (let each = 0; each < count; each++)
    ids.push((await uploaded(bed, bytes, { contentType: 'image/png', presetId })).asset.id)
  for (const id of ids) await untilStatus(bed, id, 'ready')
  return ids
}

async function apply(presetId: string, options: { canary?: number; ratePerMinute?: number; tag?: string } = {}) {
  const { canary = 0, ratePerMinute = null, ...filter } = options
  const selection = { projectId: bed.projectId, from: { name: 'tested', version: null }, filter }
  return (await createBackfill(bed.database.db, { selection, presetId, canary, ratePerMinute })).id
}

async function backfillOf(id: string): Promise<BackfillRecord> {
  const row = await findBackfill(bed.database.db, bed.projectId, id)
  if (!row) throw new Error('no such backfill')
  return row
}
const statusOf = async (id: string) => (await backfillOf(id)).status
const change = (id: string, action: 'pause' | 'resume' | 'cancel') =>
  changeBackfill(bed.database.db, { projectId: bed.projectId, id, action })

/** Jobs that a backfill made, by asset. */
async function jobsByAsset(): Promise<Record<string, number>> {
  const rows = await bed.database.db.execute<{ asset_id: string; jobs: number }>(
    sql`SELECT asset_id, count(*)::int AS jobs FROM jobs WHERE preset_id IS NOT NULL GROUP BY 1`,
  )
  return Object.fromEntries(rows.map(row => [row.asset_id, row.jobs]))
}
const onceEach = (ids: string[]) => Object.fromEntries(ids.map(id => [id, 1]))

const published = async (id: string) =>
  (await variantsInStore(bed, id)).map(({ variant }) => `${variant.name} ${variant.width} ${variant.status}`)

/** Fetches every URL of published variants that it ever saw, again and again; answers those that were once not there. */
function watchUrls() {
  const seen = new Set<string>()
  const missing = new Set<string>()
  const stop = new AbortController()
  const look = async () => {
    const rows = await bed.database.db.execute<{ key: string }>(
      sql`SELECT key FROM variants JOIN objects ON objects.id = object_id WHERE variants.status = 'ready' AND bucket = ${PUBLIC_BUCKET}`,
    )
    for (const { key } of rows) seen.add(`${bed.b2.url}/${PUBLIC_BUCKET}/${key}`)
    for (const url of seen) {
      const answer = await fetch(url)
      await answer.arrayBuffer()
      if (answer.status !== 200) missing.add(`${answer.status} ${url}`)
    }
  }
  const done = (async () => {
    while (!stop.signal.aborted) await look()
    await look()
  })()
  return {
    async end() {
      stop.abort()
      await done
      return { seen: seen.size, missing: [...missing] }
    },
  }
}

it('a run keeps facts and engines by which anybody can tell that nothing has to be made again', async () => {
  const presetId = await version(FIRST)
  await bed.startWorker()
  const { asset } = await uploaded(bed, PHOTO, { presetId })
  await untilStatus(bed, asset.id, 'ready')
  const { db } = bed.database
  const selection = { projectId: bed.projectId, from: { name: 'tested', version: null }, filter: {} }
  const page = { after: null, lastAssetId: asset.id, oneOf: 1, limit: 10 }
  const [found] = await readPlannable(db, selection, page)
  const [worker] = await livingWorkers(db)
  if (!found || !worker?.engines) throw new Error('facts and engines are there')
  const { engines } = worker
  const facts = Facts.parse(found.facts)
  expect(facts.details).toEqual((await assetOf(bed, asset.id)).facts)
  const { definition } = await getPreset(db, presetId)
  const wanted = plan(facts, PresetDefinition.parse(definition)).variants.map(variant => [
    variant.name,
    fingerprint(found.sha256 ?? '', facts.kind, variant, engines),
  ])
  expect(found.standing.map(({ name, fingerprint }) => [name, fingerprint]).toSorted()).toEqual(wanted.toSorted())
})

describe('a backfill', () => {
  it('swaps every asset once, by two workers, while no URL that was given out is missing', async () => {
    const first = await version(FIRST)
    await bed.startWorker()
    const ids = await readyAssets(6, first)
    const before = await variantsInStore(bed, ids[0] ?? '')
    const beforeDeletion = await variantsInStore(bed, ids[5] ?? '')
    const watch = watchUrls()
    await bed.startWorker()
    const second = await version(SECOND)
    const id = await apply(second)
    await eventually(() => statusOf(id)).toBe('completed')
    const { seen, missing } = await watch.end()
    expect(missing).toEqual([])
    expect(seen).toBe(6 * (3 + 2))

    expect(await backfillOf(id)).toMatchObject({
      total: 6,
      started: 6,
      succeeded: 6,
      failed: 0,
      skipped: {},
      failures: {},
    })
    expect(await jobsByAsset()).toEqual(onceEach(ids))
    for (const asset of ids) {
      expect(new Set(await published(asset))).toEqual(new Set(['kept 20 ready', 'changed 16 ready', 'added 10 ready']))
      expect(await assetOf(bed, asset)).toMatchObject({ presetId: second, status: 'ready' })
      expect((await jobOf(bed, asset)).lane).toBe('backfill')
    }
    const after = await variantsInStore(bed, ids[0] ?? '')
    const kept = (all: typeof after) => all.find(({ variant }) => variant.name === 'kept')?.object?.id
    expect(kept(after)).toBe(kept(before))
    // A deletion takes what was replaced a moment ago with the rest.
    await bed.database.db.transaction(tx => startDeletion(tx, ids[5] ?? ''))
    for (const { object } of beforeDeletion)
      await eventually(async () => (await fetch(`${bed.b2.url}/${PUBLIC_BUCKET}/${object?.key}`)).status).toBe(404)
    // What was replaced and dropped is collected when its time has come.
    await expectStoreAndRowsAgree(bed)
    const gone = before.filter(({ variant }) => variant.name !== 'kept')
    for (const { object } of gone)
      expect((await fetch(`${bed.b2.url}/${PUBLIC_BUCKET}/${object?.key}`)).status).toBe(404)

    const again = await apply(second)
    await eventually(() => statusOf(again)).toBe('completed')
    expect(await backfillOf(again)).toMatchObject({ started: 0, skipped: { current: 5, deleted: 1 } })
  })

  it('whose worker is killed goes on where it was, and makes no job twice', async () => {
    const first = await version(FIRST)
    const worker = await bed.startWorker()
    const ids = await readyAssets(10, first)
    await worker.close()
    const id = await apply(await version(SECOND))

    const main = join(import.meta.dirname, '../src/main.ts')
    const env = bed.env({ WORKER_GRACE_SEC: '0' })
    // Held up at the store, so that it is killed with jobs done, jobs running and jobs queued.
    bed.b2.faults.set({ kind: 'delay', ms: 400, match: { method: 'PUT', key: 'variants/' } })
    const doomed = spawn(process.execPath, [main], { env, stdio: 'ignore' })
    await eventually(async () => (await backfillOf(id)).succeeded).toBeGreaterThan(0)
    doomed.kill('SIGKILL')
    await once(doomed, 'exit')
    const left = await backfillOf(id)
    expect(left).toMatchObject({ status: 'running' })
    expect(left.succeeded).toBeLessThan(10)
    bed.b2.faults.clear()

    await bed.startWorker()
    await expect.poll(() => statusOf(id), { timeout: 90_000, interval: 100 }).toBe('completed')
    expect(await jobsByAsset()).toEqual(onceEach(ids))
    expect(await backfillOf(id)).toMatchObject({ started: 10, succeeded: 10, failed: 0 })
    await expectStoreAndRowsAgree(bed)
  })

  it('lets an upload overtake it', async () => {
    const first = await version(FIRST)
    await bed.startWorker()
    const ids = await readyAssets(12, first)
    bed.b2.faults.set({ kind: 'delay', ms: 1500, match: { method: 'GET', key: 'originals/' } })
    const id = await apply(await version(SECOND))
    await eventually(async () => (await backfillOf(id)).started).toBe(12)
    const { asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png', presetId: first })
    // It is in the queue now; however busy the machine is, most of the others still are.
    bed.b2.faults.clear()
    await untilStatus(bed, asset.id, 'ready')
    const { finishedAt } = await jobOf(bed, asset.id)
    await eventually(() => statusOf(id)).toBe('completed')
    const later = await Promise.all(ids.map(each => jobOf(bed, each)))
    expect(later.filter(job => Number(job.finishedAt) > Number(finishedAt)).length).toBeGreaterThan(5)
    // It came after the backfill had begun, and is none of its business.
    expect((await assetOf(bed, asset.id)).presetId).toBe(first)
  })

  it('is paused when an optional variant of its canary fails, although the old file still stands', async () => {
    const first = await version(FIRST)
    await bed.startWorker()
    const [asset = ''] = await readyAssets(1, first, STRIP_PNG)
    const second = await version(SECOND.with(1, { name: 'changed', ...TOO_LARGE }))
    const id = await apply(second, { canary: 1 })
    await eventually(() => statusOf(id)).toBe('paused')
    expect(await backfillOf(id)).toMatchObject({ pausedBy: 'canary', partial: 1, succeeded: 0 })
    expect(await assetOf(bed, asset)).toMatchObject({ presetId: second, status: 'partial' })
    const changed = (await variantsInStore(bed, asset)).find(({ variant }) => variant.name === 'changed')
    expect(changed?.variant).toMatchObject({ status: 'ready', width: 24, error: { code: expect.any(String) } })
    expect(changed?.bytes?.length).toBe(changed?.variant.byteSize)
  })

  it('waits for a variant that the store does not take, and counts as partial what it never takes', async () => {
    const first = await version(FIRST)
    await bed.startWorker()
    const [waiting = '', never = ''] = await readyAssets(2, first)
    bed.b2.faults.set({ kind: 'slow-down', match: { method: 'PUT', key: /^variants\/.*\.jpe?g$/ } })
    const second = await version(SECOND)
    const id = await apply(second)
    for (const each of [waiting, never]) await eventually(async () => (await jobOf(bed, each)).lane).toBe('retry')
    expect(await assetOf(bed, waiting)).toMatchObject({ presetId: first, status: 'ready' })
    const expedite = sql`max_attempts = attempt + 1, available_at = now()`
    await bed.database.db.execute(sql`UPDATE jobs SET ${expedite} WHERE asset_id = ${never} AND status = 'queued'`)
    await eventually(async () => (await jobOf(bed, never)).status).toBe('failed')
    bed.b2.faults.clear()
    await bed.database.db.execute(sql`UPDATE jobs SET available_at = now() WHERE status = 'queued'`)
    await eventually(() => statusOf(id)).toBe('completed')
    expect(await backfillOf(id)).toMatchObject({ succeeded: 1, partial: 1, failed: 0 })
    expect(await assetOf(bed, waiting)).toMatchObject({ presetId: second, status: 'ready' })
    expect(await assetOf(bed, never)).toMatchObject({ presetId: second, status: 'partial' })
  })

  it('whose canary fails is paused with a reason, and nothing that was published is lost', async () => {
    const first = await version(FIRST)
    await bed.startWorker()
    const ids = await readyAssets(4, first, STRIP_PNG)
    const id = await apply(await version(IMPOSSIBLE), { canary: 2 })
    await eventually(() => statusOf(id)).toBe('paused')
    const paused = await backfillOf(id)
    expect(paused).toMatchObject({ pausedBy: 'canary', reason: expect.stringMatching(/of the first .* failed/) })
    expect(paused.started).toBeLessThanOrEqual(2)
    expect(Object.keys(paused.failures)).toHaveLength(1)
    await sleep(2500)
    expect(Object.keys(await jobsByAsset()).length).toBe(paused.started)
    for (const asset of ids) {
      expect(await assetOf(bed, asset)).toMatchObject({ presetId: first, status: 'ready' })
      const names = (await published(asset)).filter(name => name.endsWith('ready'))
      expect(names).toEqual(
        expect.arrayContaining(['kept', 'changed', 'dropped'].map(name => expect.stringContaining(name))),
      )
    }
    await change(id, 'resume')
    await eventually(() => statusOf(id)).toBe('completed')
    expect(await backfillOf(id)).toMatchObject({ started: 4, succeeded: 0, failed: 4 })
    expect(await jobsByAsset()).toEqual(onceEach(ids))

    // The way back: a version without it clears away what the other one left.
    const back = await apply(await version(FIRST))
    await eventually(() => statusOf(back)).toBe('completed')
    expect(await backfillOf(back)).toMatchObject({ succeeded: 4 })
    expect(await published(ids[0] ?? '')).toHaveLength(3)
    await expectStoreAndRowsAgree(bed)
  })

  it('whose canary is fine does the rest, no faster than its rate', async () => {
    const first = await version(FIRST)
    await bed.startWorker()
    const ids = await readyAssets(4, first)
    const id = await apply(await version(SECOND), { canary: 1, ratePerMinute: 60 })
    await eventually(() => statusOf(id)).toBe('completed')
    const row = await backfillOf(id)
    expect(row).toMatchObject({ succeeded: 4 })
    expect(row.canaryPassedAt).not.toBeNull()
    const jobs = await Promise.all(ids.map(each => jobOf(bed, each)))
    const times = jobs.map(job => Number(job.createdAt)).toSorted((a, b) => a - b)
    // The one of the canary had ended before the next was made.
    expect(times[1]).toBeGreaterThan(Number(jobs.find(job => Number(job.createdAt) === times[0])?.finishedAt))
    expect((times[3] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1500)
  })

  it('passes over what it cannot or need not do, and counts it', async () => {
    const first = await version(FIRST)
    const worker = await bed.startWorker()
    const [deleted = '', failed = '', gone = '', tagged = ''] = await readyAssets(4, first)
    await worker.close()
    const { db } = bed.database
    await uploaded(bed, SMALL_PNG, { contentType: 'image/png', presetId: first })
    await db.transaction(tx => startDeletion(tx, deleted))
    await db.execute(sql`UPDATE assets SET status = 'failed' WHERE id = ${failed}`)
    await db.execute(sql`UPDATE assets SET original_object_id = NULL WHERE id = ${gone}`)
    const second = await version(SECOND)
    await uploaded(bed, SMALL_PNG, { contentType: 'image/png', presetId: second })
    const id = await apply(second)
    await bed.startWorker({ WORKER_QUEUES: 'system' })
    await eventually(async () => (await backfillOf(id)).walkedAt !== null).toBe(true)
    expect(await backfillOf(id)).toMatchObject({
      started: 1,
      skipped: { deleted: 1, failed: 1, sourceGone: 1, busy: 2 },
    })
    expect(await jobsByAsset()).toEqual({ [tagged]: 1 })
    expect((await assetOf(bed, gone)).generation).toBe(1)
    expect((await getPreset(db, second)).version).toBe(2)

    // Cancelled while a job is queued: it still counts how that ended.
    await change(id, 'cancel')
    await bed.startWorker()
    await eventually(async () => (await backfillOf(id)).succeeded).toBe(1)
    expect(await statusOf(id)).toBe('cancelled')
  })
})
