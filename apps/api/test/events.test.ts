import { setTimeout as sleep } from 'node:timers/promises'
import { raiseRevision } from '@darkroom/db/assets'
import { EVENTS_CHANNEL } from '@darkroom/db/events'
import { revokeApiKey } from '@darkroom/db/projects'
import { sql } from 'drizzle-orm'
import { createParser } from 'eventsource-parser'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { issueClientToken } from '../src/auth/client-token.ts'
import { createAssetFeed } from '../src/index.ts'
import { confirmedUpload, createKey, createUpload, readyAsset, type TestApi } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

interface Told {
  id: string | undefined
  event: string | undefined
  data: Record<string, unknown>
}

const api = useTestApi()
let url: string
const open: AbortController[] = []
beforeAll(async () => {
  url = await api.app.listen({ host: '127.0.0.1', port: 0 })
})
afterEach(() => {
  for (const one of open.splice(0)) one.abort()
})

/** Follows as a browser does; `until` resolves with what came, up to and with the first that fits. */
async function follow(path: string, { lastEventId, key = api.key }: { lastEventId?: number; key?: string } = {}) {
  const abort = new AbortController()
  open.push(abort)
  const answer = await fetch(`${url}${path}`, {
    signal: abort.signal,
    headers: {
      authorization: `Bearer ${key}`,
      accept: 'text/event-stream',
      ...(lastEventId !== undefined && { 'last-event-id': String(lastEventId) }),
    },
  })
  const told: Told[] = []
  const parser = createParser({
    onEvent: ({ id, event, data }) => told.push({ id, event, data: JSON.parse(data) }),
  })
  const ended = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of answer.body ?? []) parser.feed(decoder.decode(chunk, { stream: true }))
  })()
  ended.catch(() => undefined)
  const until = async (fits: (one: Told) => boolean) => {
    const deadline = Date.now() + 60_000
    for (;;) {
      const at = told.findIndex(fits)
      if (at >= 0) return told.slice(0, at + 1)
      if (Date.now() > deadline) throw new Error(`only this came: ${JSON.stringify(told)}`)
      await sleep(10)
    }
  }
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    told,
    until,
    ended,
    stop: () => abort.abort(),
  }
}

const patch = (id: string, tag: string) => api.call('PATCH', `/v1/assets/${id}`, { body: { tags: [tag] } })
const isAsset = (tag: string) => (one: Told) => one.event === 'asset' && (one.data.tags as string[]).includes(tag)

describe('GET /v1/assets/:id/events', () => {
  it('begins with the asset as it is, then brings each change and its entry of the log', async () => {
    const { asset } = await createUpload(api)
    const stream = await follow(`/v1/assets/${asset.id}/events`)
    expect([stream.status, stream.type]).toEqual([200, 'text/event-stream'])
    const [first] = await stream.until(one => one.event === 'asset')
    expect(first?.data).toMatchObject({
      id: asset.id,
      revision: asset.revision,
      status: 'awaiting_upload',
      progress: 0,
    })
    await patch(asset.id, 'one')
    const [, entry, changed] = await stream.until(isAsset('one'))
    expect(entry).toMatchObject({ id: String(asset.revision + 1), event: 'asset.updated', data: { assetId: asset.id } })
    expect(changed?.data.revision).toBe(asset.revision + 1)
  })

  it('misses nothing after a lost connection', async () => {
    const { asset } = await createUpload(api)
    const before = await follow(`/v1/assets/${asset.id}/events`)
    await patch(asset.id, 'seen')
    await before.until(isAsset('seen'))
    before.stop()
    for (const tag of ['a', 'b', 'c']) await patch(asset.id, tag)
    const after = await follow(`/v1/assets/${asset.id}/events`, { lastEventId: asset.revision + 1 })
    const told = await after.until(isAsset('c'))
    const ids = told.flatMap(({ id, event }) => (event === 'asset' ? [] : [Number(id)]))
    expect(ids).toEqual([2, 3, 4].map(n => asset.revision + n))
  })

  it('misses nothing when it is taken up again while the asset is read for somebody else', async () => {
    const { asset } = await createUpload(api)
    for (const tag of ['a', 'b', 'c']) await patch(asset.id, tag)
    const other = await follow(`/v1/assets/${asset.id}/events`)
    await other.until(isAsset('c'))
    const { db } = api.deps.database
    const resumed = await db.transaction(async tx => {
      await tx.execute(sql`LOCK TABLE events IN ACCESS EXCLUSIVE MODE`)
      await db.execute(sql`SELECT pg_notify(${EVENTS_CHANNEL}, ${asset.id})`)
      const isRead = async () =>
        (
          await db.execute(
            sql`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          )
        ).length
      await expect.poll(isRead).toBe(1)
      const stream = await follow(`/v1/assets/${asset.id}/events`, { lastEventId: asset.revision })
      await raiseRevision(tx, asset.id, 'asset.updated')
      return stream
    })
    const told = await resumed.until(({ event, data }) => event === 'asset' && data.revision === asset.revision + 4)
    const ids = told.flatMap(({ id, event }) => (event === 'asset' ? [] : [Number(id)]))
    expect(ids).toEqual([1, 2, 3, 4].map(n => asset.revision + n))
  })

  it('begins anew after a Last-Event-ID of more than 31 bits', async () => {
    const { asset } = await createUpload(api)
    const stream = await follow(`/v1/assets/${asset.id}/events`, { lastEventId: 9_999_999_999 })
    await stream.until(one => one.event === 'asset')
    await patch(asset.id, 'told')
    expect((await stream.until(isAsset('told'))).at(-1)?.data.revision).toBe(asset.revision + 1)
  })

  it('is a stream also for whoever does not say that they take one', async () => {
    const { asset } = await createUpload(api)
    const headers = { authorization: `Bearer ${api.key}`, accept: 'text/html' }
    const answer = await fetch(`${url}/v1/assets/${asset.id}/events`, { headers })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
    await answer.body?.cancel()
  })

  it('ends when the asset is settled, and stays open when asked to', async () => {
    const { asset } = await readyAsset(api)
    const done = await follow(`/v1/assets/${asset.id}/events`)
    await done.ended
    expect(done.told.map(({ event }) => event)).toEqual(['asset', 'end'])
    expect(done.told.at(-1)?.data).toEqual({ reason: 'settled' })
    const stays = await follow(`/v1/assets/${asset.id}/events?follow=true`)
    await stays.until(one => one.event === 'asset')
    await patch(asset.id, 'later')
    await stays.until(isAsset('later'))
  })

  it('ends when the asset is deleted', async () => {
    const { asset } = await readyAsset(api)
    const stream = await follow(`/v1/assets/${asset.id}/events?follow=true`)
    await stream.until(one => one.event === 'asset')
    await api.deps.database.db.execute(
      sql`UPDATE assets SET status = 'deleted', purged_at = now(), deleted_at = now(), revision = revision + 1 WHERE id = ${asset.id}`,
    )
    const told = await stream.until(one => one.event === 'end')
    expect(told.at(-1)?.data).toEqual({ reason: 'deleted' })
    await stream.ended
  })

  it('shows an asset no more from the moment it is taken down', async () => {
    const { asset } = await readyAsset(api)
    const stream = await follow(`/v1/assets/${asset.id}/events?follow=true`)
    await stream.until(one => one.event === 'asset')
    await api.call('POST', `/v1/assets/${asset.id}/takedown`, { body: { reason: 'Notice 118' } })
    const told = await stream.until(one => one.event === 'end')
    expect(told.at(-1)?.data).toEqual({ reason: 'deleted' })
    expect(told.filter(({ event }) => event === 'asset')).toHaveLength(1)
  })

  it('answers a page of another origin as any route does', async () => {
    const { asset } = await createUpload(api)
    const page = 'https://page.example.com'
    const headers = { authorization: `Bearer ${api.key}`, origin: page }
    const answer = await fetch(`${url}/v1/assets/${asset.id}/events`, { headers })
    await answer.body?.cancel()
    expect(answer.headers.get('access-control-allow-origin')).toBe(page)
    expect(answer.headers.get('vary')).toContain('Origin')
  })

  describe('looks again whether the client may', () => {
    /** As if the half minute between two looks were over in a moment. */
    beforeEach(() => {
      const real = globalThis.setInterval
      vi.spyOn(globalThis, 'setInterval').mockImplementation(((work: () => void, ms: number) =>
        real(work, ms === 30_000 ? 50 : ms)) as typeof setInterval)
    })
    afterEach(() => {
      vi.restoreAllMocks()
    })

    it('and ends when its key was revoked', async () => {
      const { asset } = await createUpload(api)
      const { key, shortId } = await createKey(api.deps, { scopes: ['read'] })
      const stream = await follow(`/v1/assets/${asset.id}/events`, { key })
      await stream.until(one => one.event === 'asset')
      await revokeApiKey(api.deps.database.db, { shortId })
      expect((await stream.until(one => one.event === 'end')).at(-1)?.data).toEqual({ reason: 'unauthorized' })
      await stream.ended
    })

    it('and ends when its token has', async () => {
      const { asset } = await createUpload(api)
      const { id: assetId, projectId } = asset
      const expiresAt = Math.floor(Date.now() / 1000) + 2
      const token = issueClientToken({ assetId, projectId, expiresAt }, api.deps.settings.secret)
      const stream = await follow(`/v1/assets/${asset.id}/events`, { key: token })
      expect((await stream.until(one => one.event === 'end')).at(-1)?.data).toEqual({ reason: 'unauthorized' })
    })

    it('and counts that against no limit', async () => {
      const { key, projectId } = await createKey(api.deps, { project: 'follows' })
      const mine = {
        call: (...[method, path, options]: Parameters<TestApi['call']>) => api.call(method, path, { key, ...options }),
      }
      const { asset } = await createUpload(mine)
      await api.deps.database.db.execute(sql`UPDATE projects SET requests_per_minute = 5 WHERE id = ${projectId}`)
      await sleep(600)
      const stream = await follow(`/v1/assets/${asset.id}/events`, { key })
      await stream.until(one => one.event === 'asset')
      await sleep(1000)
      const answer = await mine.call('GET', `/v1/assets/${asset.id}`)
      expect([answer.statusCode, answer.headers['ratelimit-remaining']]).toEqual([200, '3'])
    })
  })

  it('goes by the rows where a notification was lost', async () => {
    const { asset } = await createUpload(api)
    const stream = await follow(`/v1/assets/${asset.id}/events`)
    await stream.until(one => one.event === 'asset')
    await api.deps.database.db.execute(
      sql`UPDATE assets SET tags = '{quiet}', revision = revision + 1 WHERE id = ${asset.id}`,
    )
    await stream.until(isAsset('quiet'))
  })

  it('shows a client token its asset and no other', async () => {
    const { asset, clientToken } = await createUpload(api)
    const other = await createUpload(api)
    const own = await follow(`/v1/assets/${asset.id}/events`, { key: clientToken })
    await own.until(one => one.event === 'asset')
    expect((await follow(`/v1/assets/${other.asset.id}/events`, { key: clientToken })).status).toBe(404)
  })

  it('is a 404 for another project and a 401 without a key that works', async () => {
    const { asset } = await createUpload(api)
    const stranger = await createKey(api.deps, { project: 'stranger' })
    expect((await follow(`/v1/assets/${asset.id}/events`, { key: stranger.key })).status).toBe(404)
    await revokeApiKey(api.deps.database.db, { shortId: stranger.shortId })
    await sleep(600)
    expect((await follow(`/v1/assets/${asset.id}/events`, { key: stranger.key })).status).toBe(401)
  })

  it('tells everybody who follows one asset', async () => {
    const { asset } = await confirmedUpload(api)
    const streams = await Promise.all(Array.from({ length: 50 }, () => follow(`/v1/assets/${asset.id}/events`)))
    await patch(asset.id, 'all')
    await Promise.all(streams.map(stream => stream.until(isAsset('all'))))
  })

  it('lets go of everybody when the process ends', async () => {
    const { asset } = await createUpload(api)
    const feed = await createAssetFeed(api.deps.database)
    const app = await api.variant({ feed })
    const other = await app.listen({ host: '127.0.0.1', port: 0 })
    const answer = await fetch(`${other}/v1/assets/${asset.id}/events`, {
      headers: { authorization: `Bearer ${api.key}` },
    })
    const text = answer.text()
    await sleep(300)
    feed.end()
    expect(await text).toContain('data: {"reason":"restarting"}')
    await feed.close()
  })
})
