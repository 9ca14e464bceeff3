import { setTimeout as sleep } from 'node:timers/promises'
import type { Asset } from '@darkroom/contracts'
import type { Database, Tx } from '@darkroom/db/client'
import { abortUpload, expireAsset } from '@darkroom/db/deletion'
import { findUpload, type Upload } from '@darkroom/db/uploads'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import {
  BYTES,
  call,
  confirmedUpload,
  countVersions,
  createUpload,
  deliveredUpload,
  locationOf,
  newUpload,
  problemOf,
  putBytes,
  type SingleUploadCreated,
  type TestApi,
} from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

describe('POST /v1/uploads', () => {
  it('answers an asset that awaits its bytes, where to put them, and a client token', async () => {
    const answer = await api.call('POST', '/v1/uploads', {
      body: newUpload({ filename: '../a.jpg', externalId: 'e-1', tags: ['x'], metadata: { a: [1, null, 'ü'] } }),
    })
    expect(answer.statusCode).toBe(201)
    const { asset, upload, clientToken } = answer.json<SingleUploadCreated>()
    expect(asset).toMatchObject({
      projectId: api.projectId,
      status: 'awaiting_upload',
      revision: 1,
      filename: 'a.jpg',
      externalId: 'e-1',
      tags: ['x'],
      metadata: { a: [1, null, 'ü'] },
      contentType: 'image/jpeg',
      byteSize: BYTES.length,
      preset: { name: 'default', version: 3 },
      variants: [],
      original: null,
      job: null,
      error: null,
      sha256: null,
    })
    expect(upload).toMatchObject({ type: 'single', method: 'PUT', headers: { 'content-type': 'image/jpeg' } })
    expect(new URL(upload.url).pathname).toMatch(
      new RegExp(`^/darkroom/uploads/${api.projectId}/${asset.id}/[\\w-]{22}$`),
    )
    expect(new URL(upload.url).searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host')
    expect(clientToken).toMatch(/^dt_/)
    expect(Date.parse(upload.expiresAt) - Date.now()).toBeLessThanOrEqual(900_000)
  })

  it('resolves an alias of a media type and signs the standard name', async () => {
    const { asset, upload } = await createUpload(api, { contentType: 'IMAGE/JPG; charset=x' })
    expect(asset.contentType).toBe('image/jpeg')
    expect(upload.headers).toEqual({ 'content-type': 'image/jpeg' })
  })

  it('signs no URL that outlives the upload', async () => {
    const app = await api.variant({ settings: { uploadExpiresMs: 60_000 } })
    const answer = await call(app, 'POST', '/v1/uploads', { key: api.key, body: newUpload() })
    const { asset, upload } = answer.json<SingleUploadCreated>()
    expect(upload.expiresAt).toBe(asset.expiresAt)
    expect(Number(new URL(upload.url).searchParams.get('X-Amz-Expires'))).toBeLessThanOrEqual(60)
  })

  it('gives two uploads of the same file keys that have nothing in common but their project', async () => {
    const [a, b] = await Promise.all([createUpload(api), createUpload(api)])
    expect(locationOf(a).key.split('/').slice(2)).not.toEqual(locationOf(b).key.split('/').slice(2))
  })

  it('lets one of ten have an external id, and frees it with the deletion', async () => {
    const body = newUpload({ externalId: 'wanted' })
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.call('POST', '/v1/uploads', { body })))
    expect(answers.map(answer => answer.statusCode).sort()).toEqual([201, ...Array(9).fill(409)])
    const refused = answers.find(answer => answer.statusCode === 409)
    expect(refused && problemOf(refused)).toBe('409 EXTERNAL_ID_TAKEN')
    const [won] = answers.filter(answer => answer.statusCode === 201)
    await api.call('DELETE', `/v1/assets/${won?.json<SingleUploadCreated>().asset.id}`)
    expect((await api.call('POST', '/v1/uploads', { body })).statusCode).toBe(201)
  })

  it('takes metadata of exactly 16,384 bytes and 50 tags', async () => {
    const metadata = { a: 'x'.repeat(16_384 - '{"a":""}'.length) }
    const tags = Array.from({ length: 50 }, (_, index) => `t${index}`)
    expect((await createUpload(api, { metadata, tags })).asset).toMatchObject({ metadata, tags })
  })

  it('takes the largest file that is allowed', async () => {
    const { maxUploadBytes } = api.deps.settings
    expect((await createUpload(api, { byteSize: maxUploadBytes })).asset.byteSize).toBe(maxUploadBytes)
  })

  it('refuses fields that are not a client’s to set', async () => {
    const answer = await api.call('POST', '/v1/uploads', { body: { ...newUpload(), status: 'ready', projectId: 'x' } })
    expect(problemOf(answer)).toBe('400 INVALID_REQUEST')
  })
})

describe('the presigned URL', () => {
  it.each([
    ['another type', BYTES, { 'content-type': 'text/html' }],
    ['no type', BYTES, {}],
    ['one byte more', Buffer.concat([BYTES, BYTES.subarray(0, 1)]), undefined],
    ['one byte less', BYTES.subarray(1), undefined],
  ])('refuses %s', async (_title, bytes, headers) => {
    const created = await createUpload(api)
    expect((await putBytes(created, bytes, headers ?? created.upload.headers)).status).toBe(403)
    expect(await countVersions(api, locationOf(created))).toBe(0)
  })

  it('does not work for another key or method', async () => {
    const created = await createUpload(api)
    const url = new URL(created.upload.url)
    expect((await fetch(url)).status).toBe(403)
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403)
    url.pathname = `${url.pathname}x`
    expect((await putBytes({ upload: { ...created.upload, url: url.href } })).status).toBe(403)
  })
})

describe('GET /v1/uploads/:id', () => {
  const stateOf = async (id: string) => (await api.call('GET', `/v1/uploads/${id}`)).json()

  it('tells what the store has', async () => {
    const created = await createUpload(api)
    const { id } = created.upload
    const open = { id, assetId: created.asset.id, state: 'awaiting_upload', byteSize: BYTES.length, type: 'single' }
    expect(await stateOf(id)).toMatchObject({ ...open, receivedBytes: null })
    await putBytes(created)
    expect(await stateOf(id)).toMatchObject({ ...open, receivedBytes: BYTES.length })
    await api.call('POST', `/v1/uploads/${id}/confirm`)
    expect(await stateOf(id)).toMatchObject({ ...open, state: 'confirmed', receivedBytes: BYTES.length })
  })

  it('tells that an upload expired', async () => {
    const { upload } = await deliveredUpload(api)
    await api.deps.database.db.execute(sql`UPDATE uploads SET expires_at = now() WHERE id = ${upload.id}`)
    expect(await stateOf(upload.id)).toMatchObject({ state: 'expired', receivedBytes: null })
  })
})

describe('POST /v1/uploads/:id/renew', () => {
  it('signs a new URL that works, and records how long it does', async () => {
    const created = await createUpload(api)
    const later = new Date(Date.now() + 600_000)
    const app = await api.variant({ clock: { now: () => later } })
    const answer = await call(app, 'POST', `/v1/uploads/${created.upload.id}/renew`, { key: api.key })
    expect(answer.statusCode).toBe(200)
    const { upload } = answer.json<SingleUploadCreated>()
    expect(Date.parse(upload.expiresAt)).toBeGreaterThan(Date.parse(created.upload.expiresAt))
    const [row] = await api.deps.database.db.execute(
      sql`SELECT presign_expires_at AS at FROM uploads WHERE id = ${created.upload.id}`,
    )
    expect(new Date(String(row?.at)).toISOString()).toBe(upload.expiresAt)
    expect((await putBytes({ upload })).status).toBe(200)
  })

  it('takes the place of a URL that has run out, with which nothing is stored', async () => {
    const app = await api.variant({ settings: { presignTtlSec: 1 } })
    const expired = (
      await call(app, 'POST', '/v1/uploads', { key: api.key, body: newUpload() })
    ).json<SingleUploadCreated>()
    await sleep(Date.parse(expired.upload.expiresAt) - Date.now() + 1100)
    expect((await putBytes(expired)).status).toBe(403)
    expect(await countVersions(api, locationOf(expired))).toBe(0)
    const confirm = () => api.call('POST', `/v1/uploads/${expired.upload.id}/confirm`)
    expect(problemOf(await confirm())).toBe('409 UPLOAD_INCOMPLETE')
    const { upload } = (await api.call('POST', `/v1/uploads/${expired.upload.id}/renew`)).json<SingleUploadCreated>()
    expect(locationOf({ upload })).toEqual(locationOf(expired))
    expect((await putBytes({ upload })).status).toBe(200)
    expect((await confirm()).json<{ asset: Asset }>().asset).toMatchObject({
      id: expired.asset.id,
      status: 'processing',
    })
  })

  it('is refused once the upload is confirmed', async () => {
    const { created } = await confirmedUpload(api)
    expect(problemOf(await api.call('POST', `/v1/uploads/${created.upload.id}/renew`))).toBe('409 UPLOAD_CONFIRMED')
  })

  it('is refused once the upload expired', async () => {
    const { upload } = await createUpload(api)
    await api.deps.database.db.execute(sql`UPDATE uploads SET expires_at = now() WHERE id = ${upload.id}`)
    expect(problemOf(await api.call('POST', `/v1/uploads/${upload.id}/renew`))).toBe('410 UPLOAD_EXPIRED')
  })
})

/** Ends an upload in a transaction that commits when a request waits for its row: the request has read it as open. */
async function endMeanwhile(
  uploadId: string,
  end: (tx: Tx, upload: Upload) => Promise<unknown>,
  request: () => ReturnType<TestApi['call']>,
) {
  const { db } = api.deps.database
  let asked: ReturnType<typeof request> | undefined
  await db.transaction(async tx => {
    const found = await findUpload(tx, api.projectId, uploadId)
    if (!found) throw new Error('there is no such upload')
    await end(tx, found.upload)
    asked = request()
    asked.then(
      () => undefined,
      () => undefined,
    )
    await expect.poll(() => waitsForLock(db), { timeout: 10_000 }).toBe(true)
  })
  if (!asked) throw new Error('nothing was asked')
  return asked
}

async function waitsForLock(db: Database): Promise<boolean> {
  const rows = await db.execute(sql`
    SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ILIKE '%update "uploads"%'`)
  return rows.length > 0
}

describe('an upload that ends while URLs are signed for it', () => {
  const asks = [
    ['renew', undefined, undefined],
    ['parts', { partNumbers: [1] }, true],
  ] as const

  it.each(asks)('answers what ended it: %s', async (path, body, multipart) => {
    const ask = (id: string) => () => api.call('POST', `/v1/uploads/${id}/${path}`, { body })
    const create = async () => (await api.call('POST', '/v1/uploads', { body: { ...newUpload(), multipart } })).json()
    const aborted = (await create()).upload.id
    expect(problemOf(await endMeanwhile(aborted, abortUpload, ask(aborted)))).toBe('410 ASSET_DELETED')
    const expired = (await create()).upload.id
    const expire = async (tx: Tx, { id, assetId }: Upload) => {
      await tx.execute(sql`UPDATE uploads SET expires_at = now() - interval '1 second' WHERE id = ${id}`)
      await expireAsset(tx, assetId)
    }
    expect(problemOf(await endMeanwhile(expired, expire, ask(expired)))).toBe('410 UPLOAD_EXPIRED')
  })
})

describe('DELETE /v1/uploads/:id', () => {
  it('removes what arrived and ends the upload', async () => {
    const created = await deliveredUpload(api)
    const path = `/v1/uploads/${created.upload.id}`
    const answer = await api.call('DELETE', path)
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
    expect(await countVersions(api, locationOf(created))).toBe(0)
    expect(problemOf(await api.call('POST', `${path}/confirm`))).toBe('410 ASSET_DELETED')
    expect(problemOf(await api.call('POST', `${path}/renew`))).toBe('410 ASSET_DELETED')
    expect(problemOf(await api.call('GET', path))).toBe('410 ASSET_DELETED')
    expect(problemOf(await api.call('DELETE', path))).toBe('410 ASSET_DELETED')
    const asset = await api.call('GET', `/v1/assets/${created.asset.id}`)
    expect(asset.json<Asset>().status).toBe('deleting')
  })

  it('leaves a confirmed upload alone', async () => {
    const { created, asset } = await confirmedUpload(api)
    expect(problemOf(await api.call('DELETE', `/v1/uploads/${created.upload.id}`))).toBe('409 UPLOAD_CONFIRMED')
    expect((await api.call('GET', `/v1/assets/${asset.id}`)).json<Asset>().status).toBe('processing')
    expect(await countVersions(api, locationOf(created))).toBe(1)
  })
})
