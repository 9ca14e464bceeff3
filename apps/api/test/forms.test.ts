import { randomBytes } from 'node:crypto'
import { type AddressInfo, connect } from 'node:net'
import type { FormCreated, UploadConfirmed, UploadCreated } from '@darkroom/contracts'
import { authCachesExpired, changeProject, type ProjectChange } from '@darkroom/db/projects'
import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { beforeAll, describe, expect, it } from 'vitest'
import { call, createKey, newUpload, PRIVATE_BUCKET, problemOf } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

/** More than the store gets in one part. */
const FILE = randomBytes(17_000_000)
const PAGE = 'https://app.example.com'

const api = useTestApi()
let app: FastifyInstance
let url: string
beforeAll(async () => {
  app = await api.variant({ settings: { maxUploadBytes: 50_000_000 } })
  url = await app.listen({ host: '127.0.0.1', port: 0 })
  await api.deps.database.db.execute(
    sql`UPDATE projects SET browser_origins = ARRAY[${PAGE}] WHERE id = ${api.projectId}`,
  )
})

const mint = (body: object = {}) => call(app, 'POST', '/v1/uploads/forms', { key: api.key, body })
const tokenOf = async (body: object = {}) => (await mint(body)).json<FormCreated>().fields.token

/** Builds a form as a browser does. */
function formOf(entries: [string, string | Blob, string?][]): FormData {
  const form = new FormData()
  for (const [name, value, filename] of entries)
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, value, filename)
  return form
}
const photo = (bytes: Buffer = FILE) => new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' })

const send = (form: FormData) => fetch(`${url}/v1/uploads/form`, { method: 'POST', body: form, redirect: 'manual' })

async function problem(form: FormData): Promise<string> {
  const answer = await send(form)
  const body = await answer.text()
  return problemOf({ statusCode: answer.status, headers: Object.fromEntries(answer.headers), body })
}

const openUploads = async () => {
  const [row] = await api.deps.database.db.execute<{ open: number; objects: number }>(sql`
    SELECT (SELECT count(*)::int FROM uploads WHERE confirmed_at IS NULL AND aborted_at IS NULL) AS open,
      (SELECT count(*)::int FROM objects WHERE state = 'writing') AS objects`)
  return row
}

async function openMultiparts(): Promise<number> {
  let count = 0
  for await (const _ of api.deps.store.listMultipartUploads({ bucket: PRIVATE_BUCKET, prefix: 'uploads/' })) count++
  return count
}

describe('an HTML form', () => {
  it('stores its file and makes the asset that its server has said', async () => {
    const token = await tokenOf({ folder: '2026/summer', tags: ['sea'], metadata: { user: 7 } })
    const answer = await send(
      formOf([
        ['token', token],
        ['file', photo(), 'C:\\fakepath\\beach.jpg'],
        ['submit', 'Send'],
      ]),
    )
    expect(answer.status).toBe(201)
    const { asset } = (await answer.json()) as UploadConfirmed
    expect(asset).toMatchObject({ status: 'processing', filename: 'beach.jpg', byteSize: FILE.length })
    expect(asset).toMatchObject({ folder: '2026/summer', tags: ['sea'], metadata: { user: 7 } })
    const [row] = await api.deps.database.db.execute<{ key: string }>(
      sql`SELECT key FROM uploads JOIN objects ON objects.id = object_id WHERE uploads.asset_id = ${asset.id}`,
    )
    const { body } = await api.deps.store.get({ bucket: PRIVATE_BUCKET, key: row?.key ?? '' })
    expect(Buffer.concat((await body.toArray()) as Buffer[]).equals(FILE)).toBe(true)
    expect(await openUploads()).toEqual({ open: 0, objects: 0 })
  })

  it('redirects to a page of the project alone', async () => {
    const token = await tokenOf({ redirectTo: `${PAGE}/thanks?from=form` })
    const answer = await send(
      formOf([
        ['token', token],
        ['file', photo(FILE.subarray(0, 99)), 'a.jpg'],
      ]),
    )
    expect(answer.status).toBe(303)
    const location = new URL(answer.headers.get('location') ?? '')
    expect(`${location.origin}${location.pathname}`).toBe(`${PAGE}/thanks`)
    expect(location.searchParams.get('from')).toBe('form')
    expect((await api.call('GET', `/v1/assets/${location.searchParams.get('assetId')}`)).statusCode).toBe(200)
    expect(problemOf(await mint({ redirectTo: 'https://evil.example.com/' }))).toBe('400 INVALID_REQUEST')
    expect(problemOf(await mint({ redirectTo: 'javascript:alert(1)' }))).toBe('400 INVALID_REQUEST')
  })

  it('refuses what no form may send, and leaves nothing', async () => {
    const token = await tokenOf()
    const small = photo(FILE.subarray(0, 99))
    const html = new Blob(['<html>'], { type: 'text/html' })
    expect(
      await problem(
        formOf([
          ['token', token],
          ['file', html, 'evil.html'],
        ]),
      ),
    ).toBe('415 UNSUPPORTED_TYPE')
    expect(
      await problem(
        formOf([
          ['token', token],
          ['file', photo(Buffer.alloc(0)), 'a.jpg'],
        ]),
      ),
    ).toBe('422 EMPTY_FILE')
    expect(await problem(formOf([['token', token]]))).toBe('400 INVALID_REQUEST')
    expect(
      await problem(
        formOf([
          ['file', small, 'a.jpg'],
          ['token', token],
        ]),
      ),
    ).toBe('400 INVALID_REQUEST')
    expect(
      await problem(
        formOf([
          ['token', `${token}x`],
          ['file', small, 'a.jpg'],
        ]),
      ),
    ).toBe('401 UNAUTHORIZED')
    expect(
      await problem(
        formOf([
          ['token', await tokenOf({ preset: 'nothing' })],
          ['file', small, 'a.jpg'],
        ]),
      ),
    ).toBe('400 INVALID_REQUEST')
    expect(
      await problem(
        formOf([
          ['token', token],
          ['file', photo(randomBytes(20_000_001)), 'a.jpg'],
        ]),
      ),
    ).toBe('413 TOO_LARGE')
    await expect.poll(openUploads).toEqual({ open: 0, objects: 0 })
  })

  it('counts as a request and an open upload of its project', async () => {
    const { key, projectId } = await createKey(api.deps, { project: 'formal' })
    const { fields } = (await call(app, 'POST', '/v1/uploads/forms', { key, body: {} })).json<FormCreated>()
    const entries: [string, string | Blob, string?][] = [
      ['token', fields.token],
      ['file', photo(FILE.subarray(0, 99)), 'a.jpg'],
    ]
    const limit = async (change: ProjectChange) => {
      await changeProject(api.deps.database.db, projectId, change)
      await authCachesExpired()
    }
    await limit({ maxOpenUploads: 1 })
    const { upload } = (await call(app, 'POST', '/v1/uploads', { key, body: newUpload() })).json<UploadCreated>()
    expect(await problem(formOf(entries))).toBe('429 RATE_LIMITED')
    await call(app, 'DELETE', `/v1/uploads/${upload.id}`, { key })
    await limit({ maxOpenUploads: null, requestsPerMinute: 1 })
    expect((await send(formOf(entries))).status).toBe(201)
    expect(await problem(formOf(entries))).toBe('429 RATE_LIMITED')
  })

  it('leaves nothing of a client that stops midway', async () => {
    const token = await tokenOf()
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
    const head = `--x\r\ncontent-disposition: form-data; name="token"\r\n\r\n${token}\r\n--x\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`
    socket.write(
      `POST /v1/uploads/form HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: 18000000\r\n\r\n${head}`,
    )
    socket.write(FILE.subarray(0, 16_500_000))
    await expect.poll(openMultiparts, { timeout: 20_000 }).toBe(1)
    socket.destroy()
    await expect.poll(openUploads, { timeout: 20_000 }).toEqual({ open: 0, objects: 0 })
    await expect.poll(openMultiparts, { timeout: 20_000 }).toBe(0)
  })
})
