import type { Readiness, UploadCreated } from '@darkroom/contracts'
import { silentLogger } from '@darkroom/core'
import type { ApplicationKey } from '@darkroom/local-b2'
import { createS3Store } from '@darkroom/storage'
import { useResource } from '@darkroom/testing/use-resource'
import type { FastifyInstance } from 'fastify'
import { beforeAll, describe, expect, it } from 'vitest'
import { call, newUpload, PRIVATE_BUCKET, PUBLIC_BUCKET, problemOf, startTestStore, storeConfig } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

/** All that docs/b2.md asks for the key of an API. */
const API_KEY = {
  keyId: 'api',
  applicationKey: 'secret',
  capabilities: ['readFiles', 'writeFiles'],
  buckets: [PRIVATE_BUCKET],
} satisfies ApplicationKey

describe('an API whose key may read and write files of the private bucket only', () => {
  const api = useTestApi()
  const target = useResource(
    () => startTestStore({ keys: [API_KEY] }),
    ({ remove }) => remove(),
  )
  let app: FastifyInstance
  beforeAll(async () => {
    const { keyId, applicationKey } = API_KEY
    const store = createS3Store({ ...storeConfig(target.b2.url), keyId, applicationKey }, { logger: silentLogger })
    app = await api.variant({ store })
  })
  const send = (method: 'GET' | 'POST' | 'DELETE', url: string, body?: object) =>
    call(app, method, url, { key: api.key, ...(body && { body }) })
  const bytes = (size: number) => Buffer.alloc(size, 1)

  async function create(size: number, overrides = {}): Promise<UploadCreated> {
    const created = await send('POST', '/v1/uploads', newUpload({ byteSize: size, ...overrides }))
    expect(created.statusCode, created.body).toBe(201)
    return created.json()
  }

  it('is ready', async () => {
    expect((await send('GET', '/readyz')).json<Readiness>()).toMatchObject({ status: 'ok' })
  })

  it('is not ready while anybody can read the originals', async () => {
    const open = await api.variant({
      store: createS3Store(storeConfig(api.b2.url), { logger: silentLogger }),
      settings: { privateBucket: PUBLIC_BUCKET },
    })
    const answer = await call(open, 'GET', '/readyz')
    expect(answer.statusCode).toBe(503)
    const store = { state: 'failed', detail: expect.stringContaining('anybody can read the bucket of originals') }
    expect(answer.json<Readiness>()).toMatchObject({ status: 'failed', checks: { store } })
  })

  it('takes an upload from its creation to its confirm', async () => {
    const { upload } = await create(1000)
    if (upload.type !== 'single') throw new Error('not in one piece')
    expect((await send('GET', `/v1/uploads/${upload.id}`)).statusCode).toBe(200)
    const put = await fetch(upload.url, { method: 'PUT', headers: upload.headers, body: bytes(1000) })
    expect(put.status).toBe(200)
    expect((await send('POST', `/v1/uploads/${upload.id}/confirm`)).statusCode).toBe(202)
  })

  it('says that the size is wrong, and takes the right one afterwards', async () => {
    const { upload, asset } = await create(1000)
    if (upload.type !== 'single') throw new Error('not in one piece')
    const key = new URL(upload.url).pathname.split('/').slice(2).join('/')
    const other = createS3Store({
      ...storeConfig(target.b2.url),
      keyId: API_KEY.keyId,
      applicationKey: API_KEY.applicationKey,
    })
    await other.put({ bucket: PRIVATE_BUCKET, key, body: bytes(10), byteSize: 10, contentType: 'image/jpeg' })
    other.close()
    expect(problemOf(await send('POST', `/v1/uploads/${upload.id}/confirm`))).toBe('422 SIZE_MISMATCH')
    await fetch(upload.url, { method: 'PUT', headers: upload.headers, body: bytes(1000) })
    const confirmed = await send('POST', `/v1/uploads/${upload.id}/confirm`)
    expect(confirmed.json()).toMatchObject({ asset: { id: asset.id, status: 'processing' } })
  })

  it('takes an upload in parts, and aborts one', async () => {
    const [sent, aborted] = [await create(1_000_000, { multipart: true }), await create(900_000, { multipart: true })]
    if (sent.upload.type !== 'multipart') throw new Error('in one piece')
    const [part] = sent.upload.parts
    const put = await fetch(part?.url ?? '', { method: 'PUT', body: bytes(1_000_000) })
    expect(put.status).toBe(200)
    expect((await send('POST', `/v1/uploads/${sent.upload.id}/confirm`, {})).statusCode).toBe(202)
    expect((await send('DELETE', `/v1/uploads/${aborted.upload.id}`)).statusCode).toBe(204)
  })
})
