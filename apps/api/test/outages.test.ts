import type { Readiness, UploadConfirmed } from '@darkroom/contracts'
import { silentLogger } from '@darkroom/core'
import { createDatabase } from '@darkroom/db/client'
import { createS3Store } from '@darkroom/storage'
import { freePort } from '@darkroom/testing'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { call, deliveredUpload, newUpload, problemOf, storeConfig, type TestApi, unknownId } from './harness.ts'
import { startTcpGate, type TcpGate } from './tcp-gate.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

describe('with the store gone', () => {
  afterEach(() => api.b2.faults.clear())

  const appWithoutStore = async () =>
    api.variant({ store: createS3Store(storeConfig(`http://127.0.0.1:${await freePort()}`), { logger: silentLogger }) })

  it.each(['slow-down', 'reset'] as const)('a confirm that meets "%s" changes nothing and works later', async kind => {
    const created = await deliveredUpload(api)
    const path = `/v1/uploads/${created.upload.id}/confirm`
    api.b2.faults.set({ kind, match: { method: 'HEAD' } })
    const answer = await api.call('POST', path)
    expect(problemOf(answer)).toBe('503 STORE_UNAVAILABLE')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    const asset = await api.call('GET', `/v1/assets/${created.asset.id}`)
    expect(asset.json()).toEqual(created.asset)
    api.b2.faults.clear()
    expect((await api.call('POST', path)).json<UploadConfirmed>().asset.status).toBe('processing')
  })

  it('a confirm passes on how long the store asks to wait', async () => {
    const { upload } = await deliveredUpload(api)
    api.b2.faults.set({ kind: 'slow-down', match: { method: 'HEAD' }, retryAfterSec: 42 })
    expect((await api.call('POST', `/v1/uploads/${upload.id}/confirm`)).headers['retry-after']).toBe('42')
  })

  it('one answer that is lost is asked for again', async () => {
    const { upload } = await deliveredUpload(api)
    api.b2.faults.set({ kind: 'reset', match: { method: 'HEAD' }, times: 2 })
    expect((await api.call('POST', `/v1/uploads/${upload.id}/confirm`)).statusCode).toBe(202)
  })

  it('uploads are still handed out and assets still read', async () => {
    const app = await appWithoutStore()
    const created = await call(app, 'POST', '/v1/uploads', { key: api.key, body: newUpload() })
    expect(created.statusCode).toBe(201)
    const { asset } = created.json()
    expect((await call(app, 'GET', `/v1/assets/${asset.id}`, { key: api.key })).statusCode).toBe(200)
  })

  it('readyz is 503 and names the part', async () => {
    const answer = await call(await appWithoutStore(), 'GET', '/readyz')
    expect(answer.statusCode).toBe(503)
    expect(answer.json<Readiness>()).toMatchObject({
      status: 'failed',
      checks: { database: { state: 'ok' }, queue: { state: 'ok' }, store: { state: 'failed' } },
    })
  })
})

describe('with the database gone', () => {
  let gate: TcpGate
  let app: Awaited<ReturnType<TestApi['variant']>>
  let database: TestApi['deps']['database']
  beforeAll(async () => {
    gate = await startTcpGate(api.databaseUrl)
    database = createDatabase(gate.url, { max: 3 })
    app = await api.variant({ database })
  })
  afterEach(() => gate.open())
  afterAll(async () => {
    await database.close()
    await gate.close()
  })

  it.each([
    ['GET', '/v1/assets'],
    ['GET', `/v1/assets/${unknownId()}`],
    ['POST', '/v1/uploads'],
    ['POST', `/v1/uploads/${unknownId()}/confirm`],
    ['DELETE', `/v1/assets/${unknownId()}`],
  ] as const)('%s %s is 503 and works again when it is back', async (method, url) => {
    const ask = () => call(app, method, url, { key: api.key, ...(url === '/v1/uploads' && { body: newUpload() }) })
    const before = (await ask()).statusCode
    gate.shut()
    const answer = await ask()
    expect(problemOf(answer)).toBe('503 UNAVAILABLE')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(answer.body).not.toContain('127.0.0.1')
    gate.open()
    await expect.poll(async () => (await ask()).statusCode).toBe(before)
  })

  it('readyz is 503, healthz and status are not', async () => {
    gate.shut()
    const answer = await call(app, 'GET', '/readyz')
    expect(answer.statusCode).toBe(503)
    expect(answer.json<Readiness>().checks).toMatchObject({ database: { state: 'failed' }, store: { state: 'ok' } })
    expect((await call(app, 'GET', '/healthz')).statusCode).toBe(200)
    expect((await call(app, 'GET', '/v1/status')).statusCode).toBe(200)
  })

  it('every session ended by an admin costs no request', async () => {
    await call(app, 'GET', '/v1/assets', { key: api.key })
    await api.deps.database.db.execute(
      sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    )
    await expect.poll(async () => (await api.call('GET', '/v1/assets')).statusCode).toBe(200)
  })
})
