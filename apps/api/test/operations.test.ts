import type { FailureGroups, History, Incidents, UsageDays } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { registerWorker, removeWorker } from '@darkroom/db/jobs'
import { raiseAlarm, recordSample, recordUsageDay } from '@darkroom/db/operations'
import { findFinishedPreview, finishPreview, takePreview } from '@darkroom/db/presets'
import { foldUsage } from '@darkroom/db/projects'
import { pauseQueues, resumeQueues } from '@darkroom/jobs/sql'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { call, confirmedUpload, createKey, createUpload, problemOf, readyAsset, unknownId } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
let operator: { key: string }
beforeAll(async () => {
  operator = await createKey(api.deps, { project: null })
})

const read = async <T>(path: string, key = operator.key): Promise<T> => {
  const answer = await api.call('GET', path, { key })
  expect([answer.statusCode, path]).toEqual([200, path])
  return answer.json<T>()
}

async function failedJob(code: string): Promise<string> {
  const { job } = await confirmedUpload(api)
  const error = JSON.stringify({ code, message: 'it did not work', retryable: false })
  await api.deps.database.db.execute(sql`
    UPDATE jobs SET status = 'failed', finished_at = now(), error = ${error}::jsonb WHERE id = ${job.id}`)
  return job.id
}

/** Asks an API whose answers nobody asked for before. */
async function incidents(): Promise<Incidents['items']> {
  const app = await api.variant({})
  const answer = await call(app, 'GET', '/v1/admin/incidents', { key: operator.key })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<Incidents>().items
}

const WORKER = { host: 'h', version: '0', slots: 2, queues: ['image' as const], lacks: [] }

describe('failures', () => {
  it('are grouped by code, with an example, since when, whom they hit, and what to do', async () => {
    const [first] = [await failedJob('STORE_UNAVAILABLE'), await failedJob('STORE_UNAVAILABLE')]
    const { key: foreign } = await createKey(api.deps, { project: 'foreign' })
    const { items } = await read<FailureGroups>('/v1/admin/failures')
    const group = items.find(({ code }) => code === 'STORE_UNAVAILABLE')
    expect(group).toMatchObject({ class: 'transient', jobs: 2, lastHour: 2, assets: 2, projects: 1 })
    expect(group?.example).toMatchObject({ status: 'failed', filename: 'photo.jpg', projectId: api.projectId })
    expect(group?.example.id).not.toBe(first)
    expect(group?.action).toContain('readyz')
    expect((await read<FailureGroups>('/v1/admin/failures', api.key)).items).toHaveLength(items.length)
    expect((await read<FailureGroups>('/v1/admin/failures', foreign)).items).toEqual([])
  })

  it('are those since a time, where one is named', async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString()
    expect((await read<FailureGroups>(`/v1/admin/failures?after=${soon}`)).items).toEqual([])
  })
})

describe('incidents', () => {
  it('say that nobody works, since when, whom it affects, and what to do', async () => {
    await confirmedUpload(api)
    const found = (await incidents()).find(({ kind }) => kind === 'workers')
    expect(found).toMatchObject({
      severity: 'fault',
      title: 'No worker is running',
      since: expect.any(String),
      affected: { projects: 1, projectIds: [api.projectId] },
      nextStep: expect.stringContaining('darkroom start'),
    })
    const id = newId()
    await registerWorker(api.deps.database.db, { id, ...WORKER })
    expect((await incidents()).filter(({ kind }) => kind === 'workers')).toEqual([])
    await removeWorker(api.deps.database.db, id)
  })

  it('say that a queue is paused, and that jobs of it wait', async () => {
    const { db } = api.deps.database
    await pauseQueues(db, { queues: ['image'], by: 'operator', reason: 'moving' })
    const found = (await incidents()).find(({ kind }) => kind === 'paused')
    expect(found).toMatchObject({ severity: 'fault', about: 'image', detail: expect.stringContaining('moving') })
    await resumeQueues(db, ['image'])
  })

  it('have every open alarm, and failures that are not of the file', async () => {
    const { db } = api.deps.database
    await raiseAlarm(db, { code: 'STORE_CAP_EXCEEDED', message: 'full' })
    await failedJob('NO_SPACE')
    await failedJob('CORRUPT_FILE')
    const items = await incidents()
    expect(items.find(({ kind }) => kind === 'alarm')).toMatchObject({ severity: 'fault', code: 'STORE_CAP_EXCEEDED' })
    const codes = items.filter(({ kind }) => kind === 'failures').map(({ code }) => code)
    expect(codes).toContain('NO_SPACE')
    expect(codes).not.toContain('CORRUPT_FILE')
    await db.execute(sql`UPDATE alarms SET cleared_at = now()`)
  })

  it('name a project that has reached its quota, a webhook that fails, and the canary that failed', async () => {
    const { db } = api.deps.database
    // A project of its own: an API keeps a project's limits for a moment, and the next test would still meet this one.
    const { projectId: full } = await createKey(api.deps, { project: 'full' })
    await db.execute(sql`UPDATE projects SET quota_bytes = 1 WHERE id = ${full}`)
    await db.execute(sql`INSERT INTO usage_totals (project_id, bytes) VALUES (${full}, 100)
      ON CONFLICT (project_id) DO UPDATE SET bytes = usage_totals.bytes + 100`)
    const body = { url: 'https://example.com/hook?token=secret' }
    const { id } = (await api.call('POST', '/v1/webhooks', { body })).json<{ id: string }>()
    await db.execute(sql`UPDATE webhook_endpoints SET failing_since = now() - interval '1 hour' WHERE id = ${id}`)
    const items = await incidents()
    expect(items.find(({ kind }) => kind === 'quota')).toMatchObject({ severity: 'fault', about: full })
    expect(items.find(({ kind }) => kind === 'webhook')).toMatchObject({
      about: id,
      title: 'A webhook fails: example.com',
    })
    expect(JSON.stringify(items)).not.toContain('secret')
  })
})

describe('the history', () => {
  it('has every interval, with what rows and samples say of it', async () => {
    await readyAsset(api)
    const { db } = api.deps.database
    const load = { cpus: 2, load: 1, memoryBytes: 5, freeBytes: 25, totalBytes: 100 }
    const id = newId()
    await registerWorker(db, { id, ...WORKER, load })
    await recordSample(db, { databaseMs: 3, storeMs: null })
    await recordSample(db, { databaseMs: 1, storeMs: 12 })
    await removeWorker(db, id)
    const { points, bucketSec } = await read<History>('/v1/admin/history?range=1h')
    expect([points.length, bucketSec]).toEqual([60, 60])
    const sum = (of: (point: History['points'][number]) => number) =>
      points.reduce((total, point) => total + of(point), 0)
    expect(sum(({ ready }) => ready)).toBe(1)
    expect(sum(({ succeeded }) => succeeded)).toBe(1)
    const ready = points.find(point => point.ready > 0)
    expect(ready?.readyP95Ms).toBeGreaterThanOrEqual(ready?.previewP50Ms ?? Number.POSITIVE_INFINITY)
    const sampled = points.filter(({ queued }) => queued !== null)
    expect(sampled.at(-1)).toMatchObject({
      databaseMs: 1,
      storeMs: 12,
      storeFailed: 0,
      workers: 1,
      load: 0.5,
      memory: 0.75,
    })
    expect(points.filter(({ queued }) => queued === null).length).toBeGreaterThan(50)
  })

  it.each([
    ['6h', 72],
    ['24h', 96],
    ['7d', 84],
  ])('of %s has %i points', async (range, length) => {
    expect((await read<History>(`/v1/admin/history?range=${range}`)).points).toHaveLength(length)
  })
})

describe('usage by day', () => {
  it('has each day, with what was stored in the end and what was added', async () => {
    const { db } = api.deps.database
    await createUpload(api)
    await foldUsage(db, 5000)
    await recordUsageDay(db)
    await recordUsageDay(db)
    const { days } = await read<UsageDays>('/v1/usage/days?days=3', api.key)
    expect(days).toHaveLength(3)
    expect(days[0]).toMatchObject({ bytes: null, uploads: 0, uploadedBytes: 0 })
    expect(days[2]?.bytes).toBeGreaterThan(0)
    expect(days[2]?.uploads).toBeGreaterThan(0)
    expect(await read<UsageDays>(`/v1/admin/projects/${api.projectId}/usage/days?days=3`)).toEqual({
      projectId: api.projectId,
      days,
    })
  })
})

describe('the preview of a variant', () => {
  const definition = { image: { variants: [{ name: 'thumb', width: 8, format: 'webp' }] } }
  const ask = (body: unknown, key = api.key) => api.call('POST', '/v1/presets/preview', { key, body })
  const rows = () => api.deps.database.db.execute(sql`SELECT 1 FROM preset_previews`)
  const ENGINES = { sharp: '1', libvips: '1', ffmpeg: null }

  it('is what a worker made of the asset, and leaves nothing behind', async () => {
    const { db } = api.deps.database
    const { asset } = await readyAsset(api)
    expect(problemOf(await ask({ assetId: asset.id, definition }))).toBe('503 UNAVAILABLE')
    const id = newId()
    await registerWorker(db, { id, ...WORKER, engines: ENGINES })
    const answer = ask({ assetId: asset.id, definition })
    const taken = await expect
      .poll(() => takePreview(db, ['image']))
      .not.toBeNull()
      .then(() => null)
    expect(taken).toBeNull()
    const [row] = await db.execute<{ id: string }>(sql`SELECT id FROM preset_previews`)
    expect(await findFinishedPreview(db, row?.id ?? '')).toBeNull()
    await finishPreview(db, row?.id ?? '', { body: 'AAAA', contentType: 'image/webp', width: 8, height: 6 })
    expect((await answer).json()).toMatchObject({
      outcome: 'made',
      file: { contentType: 'image/webp', width: 8, height: 6, byteSize: 3, base64: 'AAAA' },
      error: null,
    })
    expect(await rows()).toHaveLength(0)
    await removeWorker(db, id)
  })

  it.each([
    [
      'two variants',
      { image: { variants: [...definition.image.variants, { name: 'b', format: 'webp' }] } },
      'one variant',
    ],
    ['a field that is wrong', { image: { variants: [{ name: 'thumb', width: 0, format: 'webp' }] } }, 'width'],
  ])('is refused for %s, at its field', async (_what, wrong, said) => {
    const { asset } = await readyAsset(api)
    const answer = await ask({ assetId: asset.id, definition: wrong })
    expect(problemOf(answer)).toBe('400 INVALID_REQUEST')
    expect(answer.body).toContain(said)
  })

  it('is for assets of the own project whose original was read, and for keys that may write presets', async () => {
    const { key: foreign } = await createKey(api.deps, { project: 'foreign' })
    const { key: reader } = await createKey(api.deps, { scopes: ['read'] })
    const { asset } = await createUpload(api)
    expect(problemOf(await ask({ assetId: unknownId(), definition }))).toBe('404 NOT_FOUND')
    expect(problemOf(await ask({ assetId: asset.id, definition }, foreign))).toBe('404 NOT_FOUND')
    expect(problemOf(await ask({ assetId: asset.id, definition }, reader))).toBe('403 FORBIDDEN')
    expect(problemOf(await ask({ assetId: asset.id, definition }))).toBe('409 ASSET_NOT_READY')
  })

  it('is refused while three of the project are under way', async () => {
    const { db } = api.deps.database
    const { asset } = await readyAsset(api)
    const worker = newId()
    await registerWorker(db, { id: worker, ...WORKER, engines: ENGINES })
    const open = [1, 2, 3].map(() => ask({ assetId: asset.id, definition }))
    await expect.poll(rows).toHaveLength(3)
    expect(problemOf(await ask({ assetId: asset.id, definition }))).toBe('429 RATE_LIMITED')
    for (const { id } of await db.execute<{ id: string }>(sql`SELECT id FROM preset_previews`))
      await finishPreview(db, id, { error: { code: 'CORRUPT_FILE', message: 'It is damaged.' } })
    const answers = await Promise.all(open)
    expect(answers.map(answer => answer.json<{ outcome: string }>().outcome)).toEqual(['failed', 'failed', 'failed'])
    await removeWorker(db, worker)
  })
})
