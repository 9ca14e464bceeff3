import { basename } from 'node:path'
import type { Asset, Share, View } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { variantKey } from '@darkroom/storage'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { issueClientToken } from '../src/auth/client-token.ts'
import { issueViewToken } from '../src/auth/view-token.ts'
import { BYTES, call, createKey, PRIVATE_BUCKET, problemOf, readyAsset, type TestApi, unknownId } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const PLAYLIST = 'application/vnd.apple.mpegurl'

const api = useTestApi()
let secret: string
beforeAll(async () => {
  secret = api.deps.settings.secret
})

const execute = (query: ReturnType<typeof sql>) => api.deps.database.db.execute(query)
const nowSec = () => Math.floor(Date.now() / 1000)

/** Does what a worker does for a private project: one file, in the private bucket, under this name. */
async function publish({ id, projectId }: Asset, name: string, type: string, extension: string, body: Buffer) {
  const [objectId, key] = [newId(), variantKey(projectId, id, extension)]
  const pin = await api.deps.store.put({
    bucket: PRIVATE_BUCKET,
    key,
    body,
    byteSize: body.length,
    contentType: type,
    cacheControl: 'private, max-age=31536000, immutable',
  })
  await execute(sql`INSERT INTO objects (id, project_id, asset_id, bucket, key, state, version_id, etag, bytes, content_type)
    VALUES (${objectId}, ${projectId}, ${id}, ${PRIVATE_BUCKET}, ${key}, 'live', ${pin.versionId}, ${pin.etag}, ${body.length}, ${type})`)
  await execute(sql`INSERT INTO variants (id, project_id, asset_id, name, position, required, status, object_id, content_type, byte_size, fingerprint)
    VALUES (${newId()}, ${projectId}, ${id}, ${name}, 9, false, 'ready', ${objectId}, ${type}, ${body.length}, 'f')
    ON CONFLICT (asset_id, name) DO UPDATE SET object_id = excluded.object_id`)
  return basename(key)
}

/** An asset of a project of its own that is private, with the files of a video. */
async function privateVideo() {
  const name = `private-${newId()}`
  const { key, projectId } = await createKey(api.deps, { project: name })
  const mine: TestApi = { ...api, call: (method, url, options) => api.call(method, url, { key, ...options }) }
  await execute(sql`UPDATE projects SET is_private = true WHERE id = ${projectId}`)
  const { asset } = await readyAsset(mine)
  await publish(asset, 'thumb', 'image/webp', 'webp', BYTES)
  const media = await publish(asset, 'hls-360-media', 'video/mp4', 'mp4', Buffer.from('video'))
  const step = await publish(
    asset,
    'hls-360',
    PLAYLIST,
    'm3u8',
    Buffer.from(`#EXTM3U\n#EXT-X-MAP:URI="${media}"\n${media}\n`),
  )
  await publish(asset, 'hls', PLAYLIST, 'm3u8', Buffer.from(`#EXTM3U\n${step}\n../../../etc/passwd\n`))
  const board = await publish(asset, 'storyboard', 'image/webp', 'webp', Buffer.from('sprite'))
  await publish(
    asset,
    'storyboard-vtt',
    'text/vtt',
    'vtt',
    Buffer.from(`WEBVTT\n\n00:00.000 --> 00:01.000\n${board}#xywh=0,0,1,1\n`),
  )
  const open = async (query = '') => (await mine.call('GET', `/v1/assets/${asset.id}/view${query}`)).json<View>()
  return { ...mine, key, projectId, asset, open }
}

/** What a tag of a page does: no header, only the URL. */
const see = (url: string | undefined) => call(api.app, 'GET', new URL(url ?? '').pathname)
const textOf = async (url: string | undefined) => (await see(url)).body
const locationOf = async (url: string | undefined) => String((await see(url)).headers.location)
const linesOf = (text: string) => text.split('\n').filter(line => line.startsWith('http'))

describe('a view', () => {
  it('has a URL of each variant that needs no key and leads to the bytes', async () => {
    const { open, asset } = await privateVideo()
    const view = await open('?ttl=600')
    expect(Object.keys(view.urls).toSorted()).toEqual(
      ['hls', 'hls-360', 'hls-360-media', 'storyboard', 'storyboard-vtt', 'thumb'].toSorted(),
    )
    expect(Math.abs(Date.parse(view.expiresAt) - Date.now() - 600_000)).toBeLessThan(30_000)
    expect(view.urls.thumb).toMatch(/^https:\/\/api\.example\.com\/v\/[\w-]{94}\/thumb\.webp$/)
    expect(view.manifest.picture?.img.src).toBe(view.urls.thumb)
    const answer = await see(view.urls.thumb)
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([302, 'private, max-age=300'])
    expect(answer.headers).toMatchObject({
      'cross-origin-resource-policy': 'cross-origin',
      'referrer-policy': 'no-referrer',
    })
    const file = await fetch(String(answer.headers.location))
    expect(Buffer.from(await file.arrayBuffer())).toEqual(BYTES)
    expect(file.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
    expect(file.headers.get('content-disposition')).toMatch(/^inline;/)
    expect(asset.variants[0]?.url).not.toContain('/v/')
  })

  it('leads through the playlists to the store, without a key', async () => {
    const { open } = await privateVideo()
    const { urls } = await open()
    const master = await see(urls.hls)
    expect([master.statusCode, master.headers['cache-control']]).toEqual([200, 'private, no-store'])
    expect(master.headers['content-type']).toBe(`${PLAYLIST}; charset=utf-8`)
    expect(linesOf(master.body)).toEqual([urls['hls-360']])
    const step = await textOf(urls['hls-360'])
    const [media] = linesOf(step)
    expect(step).toContain(`URI="${media}"`)
    expect(media).toMatch(/X-Amz-Signature=/)
    expect(await (await fetch(media ?? '')).text()).toBe('video')
  })

  it('leads from the storyboard to its images', async () => {
    const { urls } = await (await privateVideo()).open()
    const [cue = ''] = linesOf(await textOf(urls['storyboard-vtt']))
    expect(cue).toMatch(/#xywh=0,0,1,1$/)
    expect(await (await fetch(cue)).text()).toBe('sprite')
  })

  it('signs nothing for longer than it lasts', async () => {
    const { urls } = await (await privateVideo()).open('?ttl=40')
    const signed = [await locationOf(urls.thumb), ...linesOf(await textOf(urls['hls-360']))]
    for (const url of signed) expect(Number(new URL(url).searchParams.get('X-Amz-Expires'))).toBeLessThanOrEqual(40)
    expect((await see(urls.thumb)).headers['cache-control']).toMatch(/^private, max-age=(3\d|40)$/)
  })

  it('keeps the URLs of the CDN where that serves the files', async () => {
    const { asset } = await readyAsset(api)
    const view = (await api.call('GET', `/v1/assets/${asset.id}/view`)).json<View>()
    expect(view.urls).toEqual({ thumb: asset.variants[0]?.url })
  })

  it('can be opened by the browser that uploaded', async () => {
    const { asset, projectId } = await privateVideo()
    const key = issueClientToken({ assetId: asset.id, projectId, expiresAt: nowSec() + 60 }, secret)
    const answer = await api.call('GET', `/v1/assets/${asset.id}/view`, { key })
    expect((await see(answer.json<View>().urls.thumb)).statusCode).toBe(302)
    const { asset: other } = await privateVideo()
    expect(problemOf(await api.call('GET', `/v1/assets/${other.id}/view`, { key }))).toBe('404 NOT_FOUND')
  })

  it('is what a download of a playlist leads to, also by a share', async () => {
    const { asset, call: ask } = await privateVideo()
    const answer = await ask('GET', `/v1/assets/${asset.id}/download?variant=hls&ttl=50`)
    const [step] = linesOf(await textOf(String(answer.headers.location)))
    expect(linesOf(await textOf(step))).toHaveLength(1)
    const made = await ask('POST', `/v1/assets/${asset.id}/shares`, { body: { variant: 'hls' } })
    const { url } = made.json<Share & { url: string }>()
    expect(linesOf(await textOf(await locationOf(url)))).toHaveLength(1)
  })

  it('lets pages of the project read playlists, and those of other projects not', async () => {
    const { open, projectId } = await privateVideo()
    await execute(sql`UPDATE projects SET browser_origins = '{https://mine.example}' WHERE id = ${projectId}`)
    const { projectId: other } = await createKey(api.deps, { project: 'other-pages' })
    await execute(sql`UPDATE projects SET browser_origins = '{https://other.example}' WHERE id = ${other}`)
    const path = new URL((await open()).urls.hls ?? '').pathname
    const from = (origin: string) => call(api.app, 'GET', path, { headers: { origin } })
    expect((await from('https://mine.example')).headers['access-control-allow-origin']).toBe('https://mine.example')
    expect(problemOf(await from('https://other.example'))).toBe('403 FORBIDDEN')
    expect((await from('https://nobody.example')).headers['access-control-allow-origin']).toBeUndefined()
  })

  it('counts as requests of its asset', async () => {
    const { open, projectId } = await privateVideo()
    const { urls } = await open()
    await execute(sql`UPDATE projects SET requests_per_minute = 2 WHERE id = ${projectId}`)
    const answers = [await see(urls.thumb), await see(urls.hls), await see(urls.thumb)]
    expect(answers.map(answer => answer.statusCode)).toEqual([302, 200, 429])
  })
})

describe('a view is refused', () => {
  it('when its time is over', async () => {
    const { asset, projectId } = await privateVideo()
    const path = (expiresAt: number) =>
      `/v/${issueViewToken({ assetId: asset.id, projectId, expiresAt }, secret)}/hls.m3u8`
    expect(problemOf(await call(api.app, 'GET', path(nowSec() - 1)))).toBe('410 VIEW_ENDED')
    expect((await call(api.app, 'GET', path(nowSec() + 60))).statusCode).toBe(200)
  })

  it('to another asset, project or time than the one that was signed', async () => {
    const [mine, other] = [await privateVideo(), await privateVideo()]
    const bytes = Buffer.from(new URL((await mine.open()).urls.thumb ?? '').pathname.split('/')[2] ?? '', 'base64url')
    const theirs = Buffer.from(new URL((await other.open()).urls.thumb ?? '').pathname.split('/')[2] ?? '', 'base64url')
    for (const [from, to] of [
      [0, 16],
      [16, 32],
      [0, 38],
    ]) {
      const mixed = Buffer.from(bytes)
      theirs.copy(mixed, from, from, to)
      const answer = await call(api.app, 'GET', `/v/${mixed.toString('base64url')}/thumb.webp`)
      expect(problemOf(answer)).toBe('404 NOT_FOUND')
    }
    const later = Buffer.from(bytes)
    later[37] = (later[37] ?? 0) ^ 0x7f
    const answer = await call(api.app, 'GET', `/v/${later.toString('base64url')}/thumb.webp`)
    expect(problemOf(answer)).toBe('404 NOT_FOUND')
  })

  it('of an asset under another project, as if there were none', async () => {
    const [mine, other] = [await privateVideo(), await privateVideo()]
    const token = issueViewToken(
      { assetId: mine.asset.id, projectId: other.projectId, expiresAt: nowSec() + 60 },
      secret,
    )
    expect(problemOf(await call(api.app, 'GET', `/v/${token}/thumb.webp`))).toBe('404 NOT_FOUND')
  })

  it.each([
    'thumb',
    'thumb.jpg',
    'original',
    '..%2fthumb.webp',
    '%2e%2e%2fthumb.webp',
    'thumb.webp%00',
    '%2fetc%2fpasswd',
    'a'.repeat(500),
  ])('for a file that is not in it: %s', async file => {
    const { urls } = await (await privateVideo()).open()
    const folder = new URL(urls.thumb ?? '').pathname.replace(/[^/]+$/, '')
    expect(problemOf(await call(api.app, 'GET', `${folder}${file}`))).toBe('404 NOT_FOUND')
  })

  it.each(['/v/x/thumb.webp', `/v/${'A'.repeat(94)}/thumb.webp`, `/v/${'A'.repeat(5000)}/thumb.webp`])(
    'where there is none: %s',
    async path => {
      expect((await call(api.app, 'GET', path)).statusCode).toBe(404)
    },
  )

  it.each(['DELETE', 'takedown'])('at once when its asset is gone, by %s', async how => {
    const { open, asset, call: ask } = await privateVideo()
    const { urls } = await open()
    if (how === 'DELETE') await ask('DELETE', `/v1/assets/${asset.id}`)
    else await ask('POST', `/v1/assets/${asset.id}/takedown`, { body: { reason: 'test' } })
    expect(problemOf(await see(urls.thumb))).toBe('410 ASSET_DELETED')
    expect(problemOf(await see(urls.hls))).toBe('410 ASSET_DELETED')
    expect(problemOf(await ask('GET', `/v1/assets/${asset.id}/view`))).toBe('410 ASSET_DELETED')
  })

  it.each(['?ttl=0', '?ttl=604801', '?ttl=x'])('with a time that cannot be: %s', async query => {
    const { call: ask, asset } = await privateVideo()
    expect(problemOf(await ask('GET', `/v1/assets/${asset.id}/view${query}`))).toBe('400 INVALID_REQUEST')
  })

  it('to another project', async () => {
    const [{ asset }, { key }] = [await privateVideo(), await createKey(api.deps, { project: 'stranger' })]
    expect(problemOf(await api.call('GET', `/v1/assets/${asset.id}/view`, { key }))).toBe('404 NOT_FOUND')
    expect(problemOf(await api.call('GET', `/v1/assets/${unknownId()}/view`))).toBe('404 NOT_FOUND')
  })
})

it('no representation has a URL of a view or of the store in it', async () => {
  const { asset, call: ask } = await privateVideo()
  for (const path of ['', '/manifest', '/shares'])
    expect((await ask('GET', `/v1/assets/${asset.id}${path}`)).body).not.toMatch(/\/v\/[\w-]{94}|X-Amz-/)
  expect((await ask('GET', '/v1/assets')).body).not.toMatch(/\/v\/[\w-]{94}|X-Amz-/)
})

it('what a client token opens ends with the token', async () => {
  const { asset } = await readyAsset(api)
  const { id: assetId, projectId } = asset
  const expiresAt = nowSec() + 100
  const token = issueClientToken({ assetId, projectId, expiresAt }, secret)
  const ask = (path: string, key: string) => api.call('GET', `/v1/assets/${assetId}${path}`, { key })
  const lifeOf = async (key: string) => {
    const { location } = (await ask('/download?ttl=604800', key)).headers
    return Number(new URL(String(location)).searchParams.get('X-Amz-Expires'))
  }
  expect(await lifeOf(token)).toBeLessThanOrEqual(100)
  expect(await lifeOf(api.key)).toBe(604_800)
  const { expiresAt: end } = (await ask('/view?ttl=604800', token)).json<View>()
  expect(Date.parse(end) / 1000).toBeLessThanOrEqual(expiresAt)
})
