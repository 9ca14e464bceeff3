import type { Share } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { BYTES, call, confirmedUpload, createKey, problemOf, readyAsset, unknownId } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

async function shared(body: object = {}) {
  const { asset } = await readyAsset(api)
  const path = `/v1/assets/${asset.id}/shares`
  const answer = await api.call('POST', path, { body })
  if (answer.statusCode !== 201) throw new Error(answer.body)
  const share = answer.json<Share & { url: string }>()
  const follow = () => call(api.app, 'GET', new URL(share.url).pathname)
  return { asset, path, share, follow }
}

describe('a share', () => {
  it('leads whoever has its URL to the file, without a key', async () => {
    const { share, follow, asset } = await shared()
    expect(share).toMatchObject({ variant: null, expiresAt: null, maxDownloads: null, downloads: 0, revokedAt: null })
    expect(share.url).toMatch(/^https:\/\/api\.example\.com\/s\/[\w-]{43}$/)
    const answer = await follow()
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([302, 'private, no-store'])
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
    const file = await fetch(String(answer.headers.location))
    expect(Buffer.from(await file.arrayBuffer())).toEqual(BYTES)
    expect(file.headers.get('content-disposition')).toBe('attachment; filename=photo.jpg')
    const { items } = (await api.call('GET', `/v1/assets/${asset.id}/shares`)).json<{ items: Share[] }>()
    expect(items).toEqual([{ ...share, url: undefined, downloads: 1 }].map(({ url: _url, ...rest }) => rest))
  })

  it('of a variant shows that one', async () => {
    const { follow } = await shared({ variant: 'thumb' })
    const file = await fetch(String((await follow()).headers.location))
    expect(file.headers.get('content-disposition')).toMatch(/^inline;/)
  })

  it('ends at once when it is revoked, and revoking twice is fine', async () => {
    const { path, share, follow } = await shared()
    for (const _time of [1, 2]) expect((await api.call('DELETE', `${path}/${share.id}`)).statusCode).toBe(204)
    expect(problemOf(await follow())).toBe('410 SHARE_ENDED')
  })

  it('ends when its time has come', async () => {
    const { share, follow } = await shared({ expiresAt: new Date(Date.now() + 60_000).toISOString() })
    expect((await follow()).statusCode).toBe(302)
    await api.deps.database.db.execute(sql`UPDATE shares SET expires_at = now() WHERE id = ${share.id}`)
    expect(problemOf(await follow())).toBe('410 SHARE_ENDED')
  })

  it('is followed as often as it may be, also by many at once', async () => {
    const { follow } = await shared({ maxDownloads: 3 })
    const answers = await Promise.all(Array.from({ length: 10 }, follow))
    expect(answers.filter(answer => answer.statusCode === 302)).toHaveLength(3)
    expect(answers.filter(answer => answer.statusCode === 410)).toHaveLength(7)
  })

  it.each(['DELETE', 'takedown'])('ends with its asset, by %s', async how => {
    const { asset, follow } = await shared()
    if (how === 'DELETE') await api.call('DELETE', `/v1/assets/${asset.id}`)
    else await api.call('POST', `/v1/assets/${asset.id}/takedown`, { body: { reason: 'test' } })
    expect(problemOf(await follow())).toBe('410 SHARE_ENDED')
  })

  it('uses up nothing where there is no file yet', async () => {
    const { asset } = await confirmedUpload(api)
    const answer = await api.call('POST', `/v1/assets/${asset.id}/shares`, { body: { maxDownloads: 1 } })
    const { url } = answer.json()
    expect(problemOf(await call(api.app, 'GET', new URL(url).pathname))).toBe('409 ASSET_NOT_READY')
    const { items } = (await api.call('GET', `/v1/assets/${asset.id}/shares`)).json<{ items: Share[] }>()
    expect(items[0]?.downloads).toBe(0)
  })

  it('is nowhere in the database', async () => {
    const { share } = await shared()
    const token = share.url.split('/').at(-1) ?? ''
    const rows = await api.deps.database.db.execute<{ row: string }>(
      sql`SELECT to_jsonb(shares)::text AS row FROM shares`,
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const { row } of rows) expect(row).not.toContain(token)
  })
})

describe('a share is refused', () => {
  it.each(['/s/x', `/s/${'A'.repeat(43)}`, `/s/${'A'.repeat(5000)}`])('where there is none: %s', async path => {
    expect((await call(api.app, 'GET', path)).statusCode).toBe(404)
  })

  it('to another project, in every way', async () => {
    const { path, share, follow } = await shared()
    const { key } = await createKey(api.deps, { project: 'stranger' })
    expect(problemOf(await api.call('POST', path, { key, body: {} }))).toBe('404 NOT_FOUND')
    expect(problemOf(await api.call('GET', path, { key }))).toBe('404 NOT_FOUND')
    const other = await shared()
    for (const method of ['GET', 'DELETE'] as const) {
      expect(problemOf(await api.call(method, `${path}/${share.id}`, { key }))).toBe('404 NOT_FOUND')
      expect(problemOf(await api.call(method, `${other.path}/${share.id}`))).toBe('404 NOT_FOUND')
      expect(problemOf(await api.call(method, `${path}/${unknownId()}`))).toBe('404 NOT_FOUND')
      expect(problemOf(await api.call(method, `${path}/x`))).toBe('404 NOT_FOUND')
    }
    expect((await follow()).statusCode).toBe(302)
  })

  it('without the scope write', async () => {
    const { path, share } = await shared()
    const { key } = await createKey(api.deps, { scopes: ['read', 'upload'] })
    expect(problemOf(await api.call('GET', `${path}/${share.id}`, { key }))).toBe('403 FORBIDDEN')
    expect(problemOf(await api.call('POST', path, { key, body: {} }))).toBe('403 FORBIDDEN')
  })

  it.each([
    ['an end in the past', { expiresAt: '2020-01-01T00:00:00Z' }],
    ['no downloads', { maxDownloads: 0 }],
    ['an end that is no time', { expiresAt: 'tomorrow' }],
  ])('with %s', async (_title, body) => {
    const { path } = await shared()
    expect(problemOf(await api.call('POST', path, { body }))).toBe('400 INVALID_REQUEST')
  })

  it('of a deleted asset', async () => {
    const { asset, path } = await shared()
    await api.call('DELETE', `/v1/assets/${asset.id}`)
    expect(problemOf(await api.call('POST', path, { body: {} }))).toBe('410 ASSET_DELETED')
  })

  it('beyond a hundred of one asset', async () => {
    const { asset, path, share } = await shared()
    await api.deps.database.db.execute(sql`
      INSERT INTO shares (id, project_id, asset_id, token_hash)
      SELECT gen_random_uuid(), project_id, asset_id, ${asset.id}::text || n FROM shares, generate_series(1, 99) AS n WHERE id = ${share.id}`)
    expect(problemOf(await api.call('POST', path, { body: {} }))).toBe('409 TOO_MANY_SHARES')
    await api.call('DELETE', `${path}/${share.id}`)
    expect((await api.call('POST', path, { body: {} })).statusCode).toBe(201)
  })
})
