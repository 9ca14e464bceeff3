import type { Asset } from '@darkroom/contracts'
import { markAssetPurged } from '@darkroom/db/deletion'
import { claimJob, noteProgress } from '@darkroom/jobs/sql'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import {
  BYTES,
  call,
  confirmedUpload,
  createKey,
  createUpload,
  problemOf,
  putBytes,
  readyAsset,
  type TestApi,
  unknownId,
} from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

const read = (id: string, headers: Record<string, string> = {}) => api.call('GET', `/v1/assets/${id}`, { headers })

describe('GET /v1/assets/:id', () => {
  it('answers what was made, where it is served, and its revision as a tag', async () => {
    const { asset, job } = await readyAsset(api)
    expect(asset).toMatchObject({
      status: 'ready',
      kind: 'image',
      original: { downloadUrl: `https://api.example.com/v1/assets/${asset.id}/download` },
      job: { id: job.id, status: 'succeeded', progress: 1 },
      error: null,
    })
    const [variant] = asset.variants
    expect(variant).toMatchObject({ name: 'thumb', status: 'ready', width: 16, height: 9, byteSize: BYTES.length })
    expect(variant?.url).toMatch(
      new RegExp(`^https://cdn\\.example\\.com/variants/${api.projectId}/${asset.id}/[\\w-]{22}\\.webp$`),
    )
    const answer = await read(asset.id)
    expect(answer.headers).toMatchObject({ etag: `W/"${asset.revision}"`, 'cache-control': 'private, no-cache' })
    expect(answer.headers['retry-after']).toBeUndefined()
  })

  it('claims no progress for what waits, and that of the work once it runs', async () => {
    const { database } = api.deps
    const { asset } = await createUpload(api)
    expect(asset).toMatchObject({ status: 'awaiting_upload', progress: 0 })
    const { asset: confirmed, job } = await confirmedUpload(api)
    expect(confirmed).toMatchObject({ status: 'processing', job: { status: 'queued' }, progress: 0 })
    const claimed = await claimJob(database.db, { jobId: job.id, host: 'test', leaseSec: 60 })
    if (!claimed) throw new Error('nobody else claims it')
    await noteProgress(database.db, claimed.lease, 0.25, 'render')
    expect((await read(confirmed.id)).json()).toMatchObject({ job: { status: 'running' }, progress: 0.25 })
  })

  it('never shows a signed URL', async () => {
    const { asset } = await readyAsset(api)
    expect((await read(asset.id)).body).not.toMatch(/X-Amz-|Signature/i)
  })

  it('serves variants through the API where there is no public bucket', async () => {
    const { asset } = await readyAsset(api)
    const app = await api.variant({ settings: { publicBucket: null, cdnBaseUrl: null } })
    const [variant] = (await call(app, 'GET', `/v1/assets/${asset.id}`, { key: api.key })).json<Asset>().variants
    expect(variant?.url).toBe(`https://api.example.com/v1/assets/${asset.id}/download?variant=thumb`)
  })

  it('tells to come back in a second while it is not settled', async () => {
    const { asset } = await confirmedUpload(api)
    expect((await read(asset.id)).headers['retry-after']).toBe('1')
  })

  it.each([
    ['the tag', (tag: string) => tag],
    ['the tag as a strong one', (tag: string) => tag.replace('W/', '')],
    ['the tag in a list', (tag: string) => `"x", ${tag}`],
    ['a star', () => '*'],
  ])('answers 304 and no body to who has %s', async (_title, header) => {
    const { asset } = await createUpload(api)
    const etag = `W/"${asset.revision}"`
    const answer = await read(asset.id, { 'if-none-match': header(etag) })
    expect([answer.statusCode, answer.body, answer.headers.etag]).toEqual([304, '', etag])
  })

  it('answers in full to who has another tag', async () => {
    const { asset } = await createUpload(api)
    expect((await read(asset.id, { 'if-none-match': 'W/"99"' })).statusCode).toBe(200)
  })

  it('gives every change a new tag', async () => {
    const { asset } = await createUpload(api)
    const tags = new Set([asset.revision])
    for (const tag of ['a', 'b', 'c']) {
      const answer = await api.call('PATCH', `/v1/assets/${asset.id}`, { body: { tags: [tag] } })
      tags.add(answer.json<Asset>().revision)
    }
    expect(tags.size).toBe(4)
  })
})

describe('an id in capitals', () => {
  it('gets no old tag when it is polled', async () => {
    const { asset } = await createUpload(api)
    const id = asset.id.toUpperCase()
    const { etag = '' } = (await read(id)).headers
    expect((await read(id, { 'if-none-match': etag })).statusCode).toBe(304)
    await api.call('PATCH', `/v1/assets/${asset.id}`, { body: { tags: ['changed'] } })
    await expect.poll(async () => (await read(id, { 'if-none-match': etag })).statusCode).toBe(200)
  })

  it('is the asset of its client token, and of its Idempotency-Key', async () => {
    const { asset, clientToken } = await createUpload(api)
    const url = `/v1/assets/${asset.id.toUpperCase()}`
    expect((await api.call('GET', url, { key: clientToken })).json<Asset>().id).toBe(asset.id)
    const headers = { 'idempotency-key': asset.id }
    const path = `/v1/uploads/${(await createUpload(api)).upload.id}/renew`
    await api.call('POST', path, { headers })
    const again = await api.call(
      'POST',
      path.replace(/[0-9a-f-]{36}/, id => id.toUpperCase()),
      { headers },
    )
    expect([again.statusCode, again.headers['idempotency-replayed']]).toEqual([200, 'true'])
  })
})

describe('a project whose variants get other URLs', () => {
  it('has other tags, so that nobody keeps the old URLs', async () => {
    const { key, projectId } = await createKey(api.deps, { project: 'moves its CDN' })
    const mine: TestApi = { ...api, call: (method, url, options) => api.call(method, url, { key, ...options }) }
    const { asset } = await readyAsset(mine)
    const poll = (etag: string) => mine.call('GET', `/v1/assets/${asset.id}`, { headers: { 'if-none-match': etag } })
    const first = `W/"${asset.revision}"`
    expect((await poll(first)).statusCode).toBe(304)
    const { key: operator } = await createKey(api.deps, { project: null })
    const change = (body: object) => api.call('PATCH', `/v1/admin/projects/${projectId}`, { key: operator, body })
    await change({ cdnBaseUrl: 'https://new.example' })
    const changed = await poll(first)
    expect(changed.statusCode).toBe(200)
    expect(changed.json<Asset>().variants[0]?.url).toMatch(/^https:\/\/new\.example\//)
    const second = String(changed.headers.etag)
    expect((await poll(second)).statusCode).toBe(304)
    // The same again, and what no URL is made of, changes nothing.
    await change({ cdnBaseUrl: 'https://new.example', maxOpenUploads: 7 })
    expect((await poll(second)).statusCode).toBe(304)
    await change({ isPrivate: true })
    expect((await poll(second)).statusCode).toBe(200)
  })
})

describe('PATCH /v1/assets/:id', () => {
  it('changes what it is given and nothing else', async () => {
    const { asset } = await createUpload(api, { tags: ['a'], metadata: { a: 1 } })
    const path = `/v1/assets/${asset.id}`
    const renamed = await api.call('PATCH', path, { body: { filename: '../b\u202Egpj.png' } })
    expect(renamed.json()).toEqual({ ...asset, filename: 'bgpj.png', revision: asset.revision + 1 })
    const emptied = await api.call('PATCH', path, { body: { tags: [], metadata: {} } })
    expect(emptied.json()).toMatchObject({ filename: 'bgpj.png', tags: [], metadata: {} })
  })

  it('sets and removes what is said of it to people, and the point that crops keep', async () => {
    const described = { title: 'Dusk', altText: '', description: 'The sea.', focalPoint: { x: 0, y: 0.25 } }
    const { asset } = await createUpload(api, described)
    expect(asset).toMatchObject(described)
    const path = `/v1/assets/${asset.id}`
    const patch = async (body: object) => (await api.call('PATCH', path, { body })).json<Asset>()
    expect(await patch({ focalPoint: { x: 1, y: 0.5 } })).toMatchObject({ ...described, focalPoint: { x: 1, y: 0.5 } })
    // What is so already is no change.
    expect((await patch({ focalPoint: { y: 0.5, x: 1 } })).revision).toBe(asset.revision + 1)
    const none = { title: null, altText: null, description: null, focalPoint: null }
    expect(await patch(none)).toMatchObject({ ...none, revision: asset.revision + 2 })
  })

  it.each([
    ['a title', { title: '' }],
    ['an alt text', { altText: 'x'.repeat(2001) }],
    ['a description', { description: '\0' }],
    ['a focal point', { focalPoint: { x: 0.5, y: 1.01 } }],
    ['half a focal point', { focalPoint: { x: 0.5 } }],
    ['tags', { tags: Array(51).fill('x') }],
    ['metadata', { metadata: { a: 'x'.repeat(16_384) } }],
    ['a file name', { filename: '\0' }],
  ])('refuses %s that an upload could not have', async (_title, body) => {
    const { asset } = await createUpload(api)
    expect(problemOf(await api.call('PATCH', `/v1/assets/${asset.id}`, { body }))).toBe('400 INVALID_REQUEST')
  })

  it('is refused once the asset is being deleted', async () => {
    const { asset } = await createUpload(api)
    await api.call('DELETE', `/v1/assets/${asset.id}`)
    expect(problemOf(await api.call('PATCH', `/v1/assets/${asset.id}`, { body: { tags: [] } }))).toBe(
      '410 ASSET_DELETED',
    )
  })
})

describe('DELETE /v1/assets/:id', () => {
  it('unpublishes at once, answers the same when asked again, and 410 when the objects are gone', async () => {
    const { asset } = await readyAsset(api)
    const path = `/v1/assets/${asset.id}`
    const answer = await api.call('DELETE', path)
    expect(answer.statusCode).toBe(202)
    expect(answer.json()).toMatchObject({ status: 'deleting', variants: [], original: null, job: { status: 'queued' } })
    const again = await api.call('DELETE', path)
    expect([again.statusCode, again.json<Asset>().job]).toEqual([202, answer.json<Asset>().job])
    for (const query of ['', '?variant=thumb']) {
      expect(problemOf(await api.call('GET', `${path}/download${query}`))).toBe('410 ASSET_DELETED')
    }
    await markAssetPurged(api.deps.database.db, asset.id)
    for (const [method, url] of [
      ['GET', path],
      ['DELETE', path],
      ['GET', `${path}/download`],
    ] as const) {
      expect(problemOf(await api.call(method, url))).toBe('410 ASSET_DELETED')
    }
  })

  it('gives every object up', async () => {
    const { asset } = await readyAsset(api)
    await api.call('DELETE', `/v1/assets/${asset.id}`)
    const states = await api.deps.database.db.execute(sql`SELECT state FROM objects WHERE asset_id = ${asset.id}`)
    expect(states.map(row => row.state)).toEqual(['doomed', 'doomed', 'doomed'])
  })

  it('ten times at once makes one job', async () => {
    const { asset } = await readyAsset(api)
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.call('DELETE', `/v1/assets/${asset.id}`)))
    expect(new Set(answers.map(answer => answer.statusCode))).toEqual(new Set([202]))
    const jobs = await api.deps.database.db.execute(
      sql`SELECT id FROM jobs WHERE asset_id = ${asset.id} AND name = 'asset.delete'`,
    )
    expect(jobs).toHaveLength(1)
    expect((await read(asset.id)).json<Asset>().job?.status).toBe('queued')
  })
})

describe('GET /v1/assets/:id/download', () => {
  it('redirects to bytes that are saved under the name of the file, as the type that was found', async () => {
    const { asset } = await readyAsset(api)
    const answer = await api.call('GET', `/v1/assets/${asset.id}/download`)
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([302, 'private, no-store'])
    const file = await fetch(String(answer.headers.location))
    expect(Buffer.from(await file.arrayBuffer())).toEqual(BYTES)
    expect(file.headers.get('content-type')).toBe('image/jpeg')
    expect(file.headers.get('content-disposition')).toBe('attachment; filename=photo.jpg')
  })

  it('shows a variant inline and lives as long as asked', async () => {
    const { asset } = await readyAsset(api)
    const answer = await api.call('GET', `/v1/assets/${asset.id}/download?variant=thumb&ttl=7`)
    const location = new URL(String(answer.headers.location))
    expect(location.searchParams.get('X-Amz-Expires')).toBe('7')
    const file = await fetch(location)
    expect(file.headers.get('content-disposition')).toMatch(/^inline;/)
    expect(file.headers.get('content-type')).toBe('image/webp')
  })

  it.each([
    ['quotes and line ends', 'a"\r\nSet-Cookie: x=1;.jpg', `attachment; filename="a\\"Set-Cookie: x=1;.jpg"`],
    ['other alphabets', 'фото 日本.jpg', `filename*=UTF-8''%D1%84%D0%BE%D1%82%D0%BE%20%E6%97%A5%E6%9C%AC.jpg`],
    ['a percent sign', '100%41.jpg', `filename*=UTF-8''100%2541.jpg`],
  ])('keeps a name with %s inside its header', async (_title, filename, expected) => {
    const { asset } = await readyAsset(api, { filename })
    const answer = await api.call('GET', `/v1/assets/${asset.id}/download`)
    const file = await fetch(String(answer.headers.location))
    expect(file.status).toBe(200)
    expect(file.headers.get('content-disposition')).toContain(expected)
    expect(file.headers.get('set-cookie')).toBeNull()
  })

  it('is one safe header whatever the name', async () => {
    const { asset } = await readyAsset(api, { filename: 'a"\r\nSet-Cookie: x=1.png' })
    const { headers } = await api.call('GET', `/v1/assets/${asset.id}/download`)
    const file = await fetch(String(headers.location))
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="a\\"Set-Cookie: x=1.png"')
    expect([headers['set-cookie'], file.headers.get('set-cookie')]).toEqual([undefined, null])
  })

  it.each(['0', '604801', '-1', '1.5', 'x'])('refuses to sign for %s seconds', async ttl => {
    const { asset } = await readyAsset(api)
    expect(problemOf(await api.call('GET', `/v1/assets/${asset.id}/download?ttl=${ttl}`))).toBe('400 INVALID_REQUEST')
  })

  it('never lets a browser run HTML that was uploaded as an image, by any address that we give', async () => {
    const html = Buffer.from('<html><script>alert(1)</script></html>')
    const created = await createUpload(api, { contentType: 'image/png', byteSize: html.length })
    expect((await putBytes(created, html, { 'content-type': 'text/html' })).status).toBe(403)
    expect((await putBytes(created, html)).status).toBe(200)
    const confirmed = await api.call('POST', `/v1/uploads/${created.upload.id}/confirm`)
    expect(confirmed.statusCode).toBe(202)
    const plain = await fetch(created.upload.url.replace(/\?.*/, ''))
    expect([plain.status, plain.headers.get('content-type')?.includes('html')]).toEqual([403, false])
    const path = `/v1/assets/${created.asset.id}`
    expect(problemOf(await api.call('GET', `${path}/download`))).toBe('409 ASSET_NOT_READY')
    // As maintenance does it with what waits long: not yet looked at, and of the type that was declared.
    await api.deps.database.db.execute(sql`
      UPDATE assets SET original_object_id = uploads.object_id FROM uploads
      WHERE uploads.asset_id = assets.id AND assets.id = ${created.asset.id}`)
    const { headers } = await api.call('GET', `${path}/download`)
    const file = await fetch(String(headers.location))
    expect(file.headers.get('content-type')).toBe('image/png')
    expect(file.headers.get('content-disposition')).toMatch(/^attachment;/)
  })

  it('saves a variant that is nothing to look at', async () => {
    const { asset } = await readyAsset(api)
    await api.deps.database.db.execute(sql`UPDATE objects SET content_type = 'text/html' WHERE asset_id = ${asset.id}`)
    const { headers } = await api.call('GET', `/v1/assets/${asset.id}/download?variant=thumb`)
    expect(new URL(String(headers.location)).searchParams.get('response-content-disposition')).toMatch(/^attachment;/)
  })

  it('of what is not there (yet) says so', async () => {
    const { asset } = await confirmedUpload(api)
    expect(problemOf(await api.call('GET', `/v1/assets/${asset.id}/download`))).toBe('409 ASSET_NOT_READY')
    const ready = await readyAsset(api)
    const none = await api.call('GET', `/v1/assets/${ready.asset.id}/download?variant=none`)
    expect(problemOf(none)).toBe('404 NOT_FOUND')
  })
})

describe('POST /v1/assets/status', () => {
  it('answers those that are there and leaves the others out', async () => {
    const [a, b, gone] = await Promise.all([createUpload(api), createUpload(api), createUpload(api)])
    await api.call('DELETE', `/v1/assets/${gone.asset.id}`)
    await markAssetPurged(api.deps.database.db, gone.asset.id)
    const ids = [a.asset.id, b.asset.id, b.asset.id, gone.asset.id, unknownId()]
    const answer = await api.call('POST', '/v1/assets/status', { body: { ids } })
    const items = answer.json<{ items: Asset[] }>().items
    expect(items.map(item => item.id).sort()).toEqual([a.asset.id, b.asset.id].sort())
    expect(items).toContainEqual(a.asset)
  })
})
