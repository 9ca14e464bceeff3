import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { put } from './harness/client.ts'
import type { Problem, UploadConfirmed, UploadCreated } from './harness/contract.ts'
import { eventually } from './harness/eventually.ts'
import {
  createProject,
  type Installation,
  install,
  isRunFile,
  MOST_MEDIA_PROCESSES,
  mediaProcesses,
  type Project,
  uninstall,
} from './harness/installation.ts'
import { jpegFile, madePhoto, pixelBomb } from './harness/photos.ts'
import { putPastApi, type Store, storedVersions } from './harness/store-client.ts'

const UNKNOWN_ID = '01890000-0000-7000-8000-000000000000'
const BUCKETS = ['darkroom', 'darkroom-public']

const allVersions = async (store: Store) =>
  (await Promise.all(BUCKETS.map(bucket => storedVersions(store, bucket)))).flat()

const pathOf = (url: string) => new URL(url).pathname

/** Set up first and looked at again last, because the sweep that removes it comes along every 15 s only. */
let expired: { installation: Installation; assetId: string } | undefined
afterAll(() => expired && uninstall(expired.installation))

describe('an upload that nobody confirms in time', () => {
  const HOURS = 0.0015

  it('can no longer be confirmed or renewed', async () => {
    const installation = await install({ UPLOAD_EXPIRES_HOURS: `${HOURS}` })
    const { client } = installation
    const photo = await madePhoto({ width: 400, height: 300 })
    const { upload, asset } = await client.create(jpegFile('late.jpg', photo))
    expired = { installation, assetId: asset.id }
    expect((await put(upload, photo)).status).toBe(200)
    await sleep(HOURS * 3_600_000)
    for (const action of ['confirm', 'renew']) {
      const { status, body } = await client.request<Problem>('POST', `/v1/uploads/${upload.id}/${action}`)
      expect({ action, status, code: body.code }).toEqual({ action, status: 410, code: 'UPLOAD_EXPIRED' })
    }
    expect(await allVersions(installation.store)).toHaveLength(1)
  })
})

/** First for what leaves nothing behind, then for what leaves rows. */
let installation: Installation
beforeAll(async () => {
  installation = await install()
})
afterAll(() => installation && uninstall(installation))

describe('input that is refused at once', () => {
  const good = { filename: 'a.jpg', contentType: 'image/jpeg', byteSize: 10 }
  const json = (body: unknown): RequestInit & { json: unknown } => ({ json: body })
  const text = (body: string, contentType = 'application/json') => ({ body, headers: { 'content-type': contentType } })

  it.each([
    ['a file without bytes', 'POST', '/v1/uploads', json({ ...good, byteSize: 0 }), 422, 'EMPTY_FILE'],
    ['a negative size', 'POST', '/v1/uploads', json({ ...good, byteSize: -1 }), 400, 'INVALID_REQUEST'],
    ['a file above the limit', 'POST', '/v1/uploads', json({ ...good, byteSize: 5_000_000_001 }), 413, 'TOO_LARGE'],
    [
      'a type that is not taken',
      'POST',
      '/v1/uploads',
      json({ ...good, contentType: 'text/html' }),
      415,
      'UNSUPPORTED_TYPE',
    ],
    ['an upload without a name', 'POST', '/v1/uploads', json({ ...good, filename: undefined }), 400, 'INVALID_REQUEST'],
    ['a checksum that is none', 'POST', '/v1/uploads', json({ ...good, sha256: 'x' }), 400, 'INVALID_REQUEST'],
    ['a preset that does not exist', 'POST', '/v1/uploads', json({ ...good, preset: 'none' }), 400, 'INVALID_REQUEST'],
    ['malformed JSON', 'POST', '/v1/uploads', text('{"filename":'), 400, 'INVALID_REQUEST'],
    ['no body', 'POST', '/v1/uploads', {}, 400, 'INVALID_REQUEST'],
    [
      'a body that is not JSON',
      'POST',
      '/v1/uploads',
      text('a=b', 'application/x-www-form-urlencoded'),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a body without end', 'POST', '/v1/uploads', text(`"${'x'.repeat(300_000)}"`), 413, 'BODY_TOO_LARGE'],
    ['an unknown asset', 'GET', `/v1/assets/${UNKNOWN_ID}`, {}, 404, 'NOT_FOUND'],
    ['an asset id that is none', 'GET', '/v1/assets/1', {}, 404, 'NOT_FOUND'],
    ['an unknown upload', 'POST', `/v1/uploads/${UNKNOWN_ID}/confirm`, {}, 404, 'NOT_FOUND'],
    ['an unknown job', 'GET', `/v1/jobs/${UNKNOWN_ID}`, {}, 404, 'NOT_FOUND'],
    ['a download of an unknown asset', 'GET', `/v1/assets/${UNKNOWN_ID}/download`, {}, 404, 'NOT_FOUND'],
    ['the deletion of an unknown asset', 'DELETE', `/v1/assets/${UNKNOWN_ID}`, {}, 404, 'NOT_FOUND'],
    ['a route that does not exist', 'GET', '/v1/nothing', {}, 404, 'NOT_FOUND'],
    ['a limit that is too high', 'GET', '/v1/assets?limit=201', {}, 400, 'INVALID_REQUEST'],
    ['a cursor that is none', 'GET', '/v1/assets?cursor=nonsense', {}, 400, 'INVALID_REQUEST'],
    ['no key', 'GET', '/v1/assets', { headers: { authorization: '' } }, 401, 'UNAUTHORIZED'],
    ['a wrong key', 'GET', '/v1/assets', { headers: { authorization: 'Bearer dk_wrong' } }, 401, 'UNAUTHORIZED'],
    [
      'a request through a proxy',
      'GET',
      '/v1/assets',
      { headers: { 'x-forwarded-for': '10.0.0.1' } },
      403,
      'FORBIDDEN',
    ],
    ['a page of another site', 'GET', '/v1/assets', { headers: { origin: 'https://evil.example' } }, 403, 'FORBIDDEN'],
  ])('refuses %s', async (_, method, path, init, status, code) => {
    const answer = await installation.client.request<Problem>(method, path, init)
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code })
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.body).toMatchObject({ status, type: expect.stringContaining('#'), requestId: expect.any(String) })
  })

  it('names the field that is wrong', async () => {
    const { body } = await installation.client.request<Problem>(
      'POST',
      '/v1/uploads',
      json({ ...good, byteSize: 'ten' }),
    )
    expect(body.errors).toEqual([{ path: 'body.byteSize', message: expect.any(String) }])
  })

  it('keeps nothing of all that', async () => {
    expect((await installation.client.list()).items).toEqual([])
    expect(await allVersions(installation.store)).toEqual([])
    expect(installation.home.temporaryFiles().filter(isRunFile)).toEqual([])
  })
})

describe('the way from upload to confirm', () => {
  let project: Project
  let photo: Uint8Array<ArrayBuffer>
  beforeAll(async () => {
    project = await createProject()
    photo = await madePhoto({ width: 400, height: 300 })
  })

  const confirm = (uploadId: string) =>
    project.client.request<Problem & UploadConfirmed>('POST', `/v1/uploads/${uploadId}/confirm`)

  it('refuses a confirm before the bytes are there, and takes it afterwards', async () => {
    const { upload, asset } = await project.client.create(jpegFile('early.jpg', photo))
    const early = await confirm(upload.id)
    expect({ status: early.status, code: early.body.code }).toEqual({ status: 409, code: 'UPLOAD_INCOMPLETE' })
    await put(upload, photo)
    expect((await confirm(upload.id)).status).toBe(202)
    expect(await project.client.settled(asset.id)).toMatchObject({ status: 'ready' })
  })

  it('does not let other bytes than the declared number into the store', async () => {
    const { upload } = await project.client.create(jpegFile('short.jpg', photo))
    const refused = await put(upload, photo.slice(0, 1000))
    expect({ status: refused.status, code: refused.text }).toEqual({
      status: 403,
      code: expect.stringContaining('SignatureDoesNotMatch'),
    })
    expect(await storedVersions(project.store, 'darkroom', keyOf(upload.url))).toEqual([])
  })

  it('does not let another type than the declared one into the store', async () => {
    const { upload } = await project.client.create(jpegFile('typed.jpg', photo))
    const headers = { ...upload.headers, 'content-type': 'text/html' }
    expect(await put({ ...upload, headers }, photo)).toMatchObject({ status: 403 })
    expect(await storedVersions(project.store, 'darkroom', keyOf(upload.url))).toEqual([])
  })

  it('removes stored bytes of the wrong size, and takes the right ones after', async () => {
    const { upload, asset } = await project.client.create(jpegFile('wrong-size.jpg', photo))
    await putPastApi(project.store, pathOf(upload.url), photo.slice(0, 1000))
    const wrong = await confirm(upload.id)
    expect({ status: wrong.status, code: wrong.body.code }).toEqual({ status: 422, code: 'SIZE_MISMATCH' })
    expect(await storedVersions(project.store, 'darkroom', keyOf(upload.url))).toEqual([])
    expect(await project.client.readAsset(asset.id)).toMatchObject({ status: 'awaiting_upload' })
    const renewed = await project.client.request<UploadCreated>('POST', `/v1/uploads/${upload.id}/renew`)
    await put(renewed.body.upload, photo)
    expect((await confirm(upload.id)).status).toBe(202)
    expect(await project.client.settled(asset.id)).toMatchObject({ status: 'ready' })
  })

  it('makes one job of fifty confirms at once', async () => {
    const { upload, asset } = await project.client.create(jpegFile('fifty.jpg', photo))
    await put(upload, photo)
    const answers = await Promise.all(Array.from({ length: 50 }, () => confirm(upload.id)))
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(202))
    const jobs = new Set(answers.map(({ body }) => body.job.id))
    expect(jobs.size).toBe(1)
    expect(answers[0]?.headers.get('location')).toBe(`/v1/jobs/${[...jobs][0]}`)
    expect(await project.client.settled(asset.id)).toMatchObject({ status: 'ready', job: { id: [...jobs][0] } })
  })

  it('forgets an upload that is given up, with its bytes', async () => {
    const { upload } = await project.client.create(jpegFile('given-up.jpg', photo))
    await put(upload, photo)
    expect((await project.client.request('DELETE', `/v1/uploads/${upload.id}`)).status).toBe(204)
    expect(await storedVersions(project.store, 'darkroom', keyOf(upload.url))).toEqual([])
    const late = await confirm(upload.id)
    expect({ status: late.status, code: late.body.code }).toEqual({ status: 410, code: 'ASSET_DELETED' })
  })

  it('lets the token of one upload reach nothing else', async () => {
    const mine = await project.client.create(jpegFile('mine.jpg', photo))
    const other = await project.client.create(jpegFile('other.jpg', photo))
    const token = { headers: { authorization: `Bearer ${mine.clientToken}` } }
    const status = async (method: string, path: string) => (await project.client.request(method, path, token)).status
    expect(await status('GET', `/v1/assets/${mine.asset.id}`)).toBe(200)
    expect(await status('GET', `/v1/assets/${other.asset.id}`)).toBe(404)
    expect(await status('POST', `/v1/uploads/${other.upload.id}/confirm`)).toBe(404)
    expect(await status('GET', '/v1/assets')).toBe(401)
    expect(await status('DELETE', `/v1/assets/${mine.asset.id}`)).toBe(401)
  })
})

/** The object's key in its bucket: the presigned URL is path-style. */
const keyOf = (url: string) => pathOf(url).split('/').slice(2).join('/')

describe('content that turns out bad', () => {
  let photo: Uint8Array<ArrayBuffer>
  beforeAll(async () => {
    photo = await madePhoto({ width: 800, height: 600 })
  })

  const textBytes = new Uint8Array(Buffer.from('<!doctype html><script>alert(1)</script>'.repeat(50)))
  const png = async () =>
    new Uint8Array(
      await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
        .png()
        .toBuffer(),
    )
  const withoutEnd = async () => photo.slice(0, Math.floor(photo.length / 2))
  const damaged = async () => {
    const bytes = photo.slice()
    // The header stays, so that it is taken for a JPEG; its tables do not.
    bytes.fill(0x5a, 20, 400)
    return bytes
  }

  it.each([
    ['text that is named .jpg', async () => textBytes, {}, /^(UNRECOGNIZED_TYPE|TYPE_MISMATCH)$/],
    ['a PNG that is declared as JPEG', png, {}, /^TYPE_MISMATCH$/],
    ['a photo that was cut off', withoutEnd, {}, /^TRUNCATED_FILE$/],
    ['a damaged photo', damaged, {}, /^CORRUPT_FILE$/, /vips|jpeg/i],
    ['a photo of 280 megapixels', pixelBomb, {}, /^TOO_MANY_PIXELS$/, /The limit is MAX_IMAGE_PIXELS/],
    ['bytes with another checksum', async () => photo, { sha256: '0'.repeat(64) }, /^CHECKSUM_MISMATCH$/],
  ])('fails %s with its reason', async (_, bytes, more, code, technical?: RegExp) => {
    const { asset, job } = await installation.client.upload(jpegFile('bad.jpg', await bytes()), more)
    const failed = await installation.client.settled(asset.id)
    expect(failed).toMatchObject({ status: 'failed', error: { code: expect.stringMatching(code), retryable: false } })
    expect(failed.error?.message).toMatch(/\w+ \w+/)
    // Settings and what libraries said are for admins.
    expect(failed.error?.message).not.toMatch(/[A-Z]{3,}_|vips|ffmpeg|0x/i)
    const { body: explained } = await installation.client.request('GET', `/v1/admin/assets/${asset.id}/explain`)
    if (technical) expect(JSON.stringify(explained)).toMatch(technical)
    expect(failed.variants.filter(({ status }) => status === 'ready')).toEqual([])
    const { body } = await installation.client.request('GET', `/v1/jobs/${job.id}`)
    expect(body).toMatchObject({ status: 'failed', attempt: 1, error: { code: failed.error?.code } })
  })

  it('keeps the rows with their reasons, publishes nothing, and leaves no temporary file and no process', async () => {
    const { items } = await installation.client.list('?status=failed')
    expect(items.filter(({ error }) => error?.code)).toHaveLength(6)
    expect(await storedVersions(installation.store, 'darkroom-public')).toEqual([])
    expect(installation.home.temporaryFiles().filter(isRunFile)).toEqual([])
    await eventually(
      'no more media processes than wait for work',
      () => mediaProcesses(installation),
      count => count <= MOST_MEDIA_PROCESSES,
      {
        withinMs: 10_000,
      },
    )
  })

  it('processes the next good photo', async () => {
    const { asset } = await installation.client.upload(jpegFile('good.jpg', photo))
    expect(await installation.client.settled(asset.id)).toMatchObject({ status: 'ready' })
  })
})

describe('an upload that was not confirmed in time', () => {
  it('expires and loses its bytes', async () => {
    if (!expired) throw new Error('the test that sets it up did not get that far')
    const { installation, assetId } = expired
    const within = { withinMs: 40_000, everyMs: 500 }
    const read = () => installation.client.readAsset(assetId)
    await eventually('the asset expires', read, ({ status }) => status === 'expired', within)
    const stored = () => allVersions(installation.store)
    await eventually('its bytes are removed', stored, versions => versions.length === 0, within)
  })
})
