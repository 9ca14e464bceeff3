import { setTimeout as sleep } from 'node:timers/promises'
import type { Asset, Job } from '@darkroom/contracts'
import { newId, silentLogger, systemClock } from '@darkroom/core'
import { transitionAsset } from '@darkroom/db/assets'
import { registerWorker } from '@darkroom/db/jobs'
import { claimJob } from '@darkroom/jobs/sql'
import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAssetFeed, createEta } from '../src/index.ts'
import { call, confirmedUpload, createKey, createUpload, readyAsset, type TestApi } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

// Over a socket: whether the client is still there cannot be seen without one.
const api = useTestApi()
let url: string
beforeAll(async () => {
  url = await api.app.listen({ host: '127.0.0.1', port: 0 })
})

/** Of a wait of 30 seconds: far below it, and a busy machine takes its time. */
const SOON_MS = 15_000

async function timed(path: string, headers: Record<string, string> = {}, base = url) {
  const start = performance.now()
  const answer = await fetch(`${base}${path}`, { headers: { authorization: `Bearer ${api.key}`, ...headers } })
  return {
    status: answer.status,
    etag: answer.headers.get('etag'),
    text: await answer.text(),
    ms: performance.now() - start,
  }
}

const tagOf = ({ revision }: Asset) => ({ 'if-none-match': `W/"${revision}"` })
const patch = (id: string) => api.call('PATCH', `/v1/assets/${id}`, { body: { tags: ['changed'] } })

describe('GET /v1/assets/:id?wait', () => {
  it('holds until the asset changes, and is woken without the poll that backs the wake-up', async () => {
    const { asset } = await createUpload(api)
    const { nextChange } = api.deps.feed
    const feed = { ...api.deps.feed, nextChange: (id: string) => nextChange(id, 600_000) }
    const app = await api.variant({ feed })
    const base = await app.listen({ host: '127.0.0.1', port: 0 })
    const waiting = timed(`/v1/assets/${asset.id}?wait=30`, tagOf(asset), base)
    await sleep(600)
    await patch(asset.id)
    const answer = await waiting
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toMatchObject({ tags: ['changed'], revision: asset.revision + 1 })
    expect(answer.ms).toBeGreaterThan(590)
  })

  it('answers 304 when nothing changed for so long', async () => {
    const { asset } = await createUpload(api)
    const answer = await timed(`/v1/assets/${asset.id}?wait=1`, tagOf(asset))
    expect([answer.status, answer.text]).toEqual([304, ''])
    expect(answer.ms).toBeGreaterThan(990)
  })

  it('sends no length with a 304, for which some clients would wait', async () => {
    const { asset } = await createUpload(api)
    const answer = await api.call('GET', `/v1/assets/${asset.id}`, { headers: tagOf(asset) })
    expect([answer.statusCode, answer.headers['content-length']]).toEqual([304, undefined])
  })

  it('answers at once to who has an old tag', async () => {
    const { asset } = await createUpload(api)
    await patch(asset.id)
    const answer = await timed(`/v1/assets/${asset.id}?wait=30`, tagOf(asset))
    expect(answer.status).toBe(200)
    expect(answer.ms).toBeLessThan(SOON_MS)
  })

  it('without a tag answers at once when the asset is settled', async () => {
    const { asset } = await readyAsset(api)
    const answer = await timed(`/v1/assets/${asset.id}?wait=30`)
    expect([answer.status, JSON.parse(answer.text).status]).toEqual([200, 'ready'])
    expect(answer.ms).toBeLessThan(SOON_MS)
  })

  it('without a tag holds while a published asset is worked on again', async () => {
    const { asset } = await readyAsset(api)
    await api.call('POST', `/v1/assets/${asset.id}/reprocess`)
    const answer = await timed(`/v1/assets/${asset.id}?wait=1`)
    expect(JSON.parse(answer.text)).toMatchObject({ status: 'ready', progress: 0, job: { status: 'queued' } })
    expect(answer.ms).toBeGreaterThan(990)
    expect((await api.call('GET', `/v1/assets/${asset.id}`)).headers['retry-after']).toBeDefined()
    await api.deps.database.db.execute(sql`UPDATE jobs SET status = 'succeeded' WHERE asset_id = ${asset.id}`)
    await patch(asset.id)
    const after = await timed(`/v1/assets/${asset.id}?wait=30`)
    expect(JSON.parse(after.text).progress).toBe(1)
    expect(after.ms).toBeLessThan(SOON_MS)
  })

  it('without a tag holds through changes until the asset is settled', async () => {
    const { asset } = await confirmedUpload(api)
    const waiting = timed(`/v1/assets/${asset.id}?wait=30`)
    await sleep(300)
    await patch(asset.id)
    await sleep(300)
    await api.deps.database.db.transaction(async tx => {
      await tx.execute(sql`UPDATE jobs SET status = 'failed' WHERE asset_id = ${asset.id}`)
      await transitionAsset(tx, { assetId: asset.id, to: 'failed', event: 'asset.failed' })
    })
    const answer = await waiting
    expect(JSON.parse(answer.text).status).toBe('failed')
    expect(answer.ms).toBeGreaterThan(590)
    expect(answer.ms).toBeLessThan(SOON_MS)
  })

  it('sees a change whose wake-up was lost', async () => {
    const { asset } = await createUpload(api)
    const waiting = timed(`/v1/assets/${asset.id}?wait=30`, tagOf(asset))
    await sleep(200)
    await api.deps.database.db.execute(sql`UPDATE assets SET revision = revision + 1 WHERE id = ${asset.id}`)
    const answer = await waiting
    expect(answer.status).toBe(200)
    expect(answer.ms).toBeLessThan(SOON_MS)
  })

  it('tells who waits that the asset is gone', async () => {
    const { asset } = await createUpload(api)
    const waiting = timed(`/v1/assets/${asset.id}?wait=30`, tagOf(asset))
    await sleep(200)
    await api.call('DELETE', `/v1/assets/${asset.id}`)
    expect(JSON.parse((await waiting).text).status).toBe('deleting')
  })

  it('serves a hundred who wait for the same asset', async () => {
    const { asset } = await createUpload(api)
    const waiting = Array.from({ length: 100 }, () => timed(`/v1/assets/${asset.id}?wait=30`, tagOf(asset)))
    await sleep(700)
    await patch(asset.id)
    const answers = await Promise.all(waiting)
    expect(new Set(answers.map(answer => answer.status))).toEqual(new Set([200]))
    expect(Math.max(...answers.map(answer => answer.ms))).toBeLessThan(SOON_MS)
  })

  it('stops reading for a client that went away', async () => {
    const { asset } = await createUpload(api)
    let reads = 0
    const feed: TestApi['deps']['feed'] = {
      ...api.deps.feed,
      nextChange: async () => {
        reads += 1
        await sleep(20)
      },
    }
    const app = await api.variant({ feed })
    const base = await app.listen({ host: '127.0.0.1', port: 0 })
    const leave = new AbortController()
    const headers = { authorization: `Bearer ${api.key}`, ...tagOf(asset) }
    const gone = fetch(`${base}/v1/assets/${asset.id}?wait=30`, { headers, signal: leave.signal }).catch(() => 'gone')
    await expect.poll(() => reads).toBeGreaterThan(3)
    leave.abort()
    expect(await gone).toBe('gone')
    const readsFor = async (ms: number) => {
      const before = reads
      await sleep(ms)
      return reads - before
    }
    await expect.poll(() => readsFor(300)).toBe(0)
  })
})

describe('GET /v1/jobs/:id?wait', () => {
  it('is woken when the job is taken up', async () => {
    const { job, asset } = await confirmedUpload(api)
    const first = await timed(`/v1/jobs/${job.id}`)
    expect(JSON.parse(first.text)).toEqual(job)
    const again = await timed(`/v1/jobs/${job.id}`, { 'if-none-match': first.etag ?? '' })
    expect(again.status).toBe(304)
    const waiting = timed(`/v1/jobs/${job.id}?wait=30`, { 'if-none-match': first.etag ?? '' })
    await sleep(200)
    await api.deps.database.db.execute(sql`UPDATE jobs SET status = 'running', attempt = 1 WHERE id = ${job.id}`)
    await patch(asset.id)
    expect((JSON.parse((await waiting).text) as Job).status).toBe('running')
  })
})

it('an API that closes lets those go who wait', async () => {
  const { asset } = await createUpload(api)
  const feed = await createAssetFeed(api.deps.database)
  const app: FastifyInstance = await api.variant({ feed })
  const base = await app.listen({ host: '127.0.0.1', port: 0 })
  const headers = { authorization: `Bearer ${api.key}`, ...tagOf(asset) }
  const waiting = fetch(`${base}/v1/assets/${asset.id}?wait=30`, { headers }).then(
    answer => answer.status,
    () => 'cut off',
  )
  await sleep(300)
  const start = performance.now()
  await feed.close()
  await app.close()
  expect(performance.now() - start).toBeLessThan(SOON_MS)
  expect([304, 'cut off']).toContain(await waiting)
})

describe('where runs took 40 seconds, and one worker has one slot', () => {
  const execute = (query: ReturnType<typeof sql>) => api.deps.database.db.execute(query)
  const worker = (id: string, slots: number) =>
    registerWorker(api.deps.database.db, { id, slots, host: 'h', version: '0', queues: ['image'], lacks: [] })
  const [alive, dead] = [newId(), newId()]
  beforeAll(async () => {
    await readyAsset(api)
    await execute(sql`UPDATE jobs SET started_at = finished_at - interval '40 s' WHERE status = 'succeeded'`)
    await worker(dead, 50)
    await execute(sql`UPDATE workers SET seen_at = now() - interval '1 minute' WHERE id = ${dead}`)
  })
  beforeEach(() => execute(sql`UPDATE jobs SET status = 'cancelled' WHERE status IN ('queued', 'running')`))

  /** `Retry-After` of asset and job, and how many seconds the asset says are left. */
  async function told({ asset, job }: { asset: Asset; job: Job }): Promise<[number, number, number]> {
    await worker(alive, 1)
    const eta = createEta(api.deps.database, systemClock, silentLogger)
    const app = await api.variant({ eta })
    const read = (path: string) => call(app, 'GET', path, { key: api.key })
    const ofAsset = () => read(`/v1/assets/${asset.id}`)
    const readyAt = async () => (await ofAsset()).json<Asset>().estimatedReadyAt
    await expect.poll(readyAt).not.toBeNull()
    const left = (Date.parse((await readyAt()) ?? '') - Date.now()) / 1000
    const retries = [await ofAsset(), await read(`/v1/jobs/${job.id}`)].map(({ headers }) =>
      Number(headers['retry-after']),
    )
    return [retries[0] ?? 0, retries[1] ?? 0, Math.ceil(left / 10) * 10]
  }

  it('one that is next is told to come back after half of that', async () => {
    expect(await told(await confirmedUpload(api))).toEqual([20, 20, 40])
  })

  it('waits for two others of its project, and comes back after half a minute at most', async () => {
    await confirmedUpload(api)
    await confirmedUpload(api)
    expect(await told(await confirmedUpload(api))).toEqual([30, 30, 120])
  })

  it('does not wait for backfills, nor for what is not due', async () => {
    for (let count = 0; count < 3; count++) await confirmedUpload(api)
    await execute(sql`UPDATE jobs SET lane = 'backfill' WHERE status = 'queued'`)
    await confirmedUpload(api)
    await execute(
      sql`UPDATE jobs SET available_at = now() + interval '1 hour' WHERE lane = 'interactive' AND status = 'queued'`,
    )
    expect(await told(await confirmedUpload(api))).toEqual([20, 20, 40])
  })

  it('waits for one of another project for each of its own', async () => {
    const { key } = await createKey(api.deps, { project: 'crowd' })
    const theirs: TestApi = { ...api, call: (method, path, options) => api.call(method, path, { key, ...options }) }
    for (let count = 0; count < 3; count++) await confirmedUpload(theirs)
    expect(await told(await confirmedUpload(api))).toEqual([30, 30, 80])
  })

  it('one that runs goes by its present attempt', async () => {
    const { asset, job } = await confirmedUpload(api)
    await execute(sql`UPDATE jobs SET started_at = now() - interval '1 day', attempt = 1 WHERE id = ${job.id}`)
    await claimJob(api.deps.database.db, { jobId: job.id, host: 'h', leaseSec: 600 })
    expect(await told({ asset, job })).toEqual([20, 20, 40])
  })
})
