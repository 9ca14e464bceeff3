import { ConfigError, silentLogger } from '@darkroom/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi } from '../src/index.ts'
import { openDatabase, PRIVATE_BUCKET, PUBLIC_BUCKET, startTestStore } from './harness.ts'

let database: Awaited<ReturnType<typeof openDatabase>>
let store: Awaited<ReturnType<typeof startTestStore>>
beforeAll(async () => {
  database = await openDatabase()
  store = await startTestStore()
})
afterAll(async () => {
  await store.remove()
  await database.drop()
})

const env = () => ({
  DATABASE_URL: database.url,
  B2_ENDPOINT: store.b2.url,
  B2_REGION: 'local-000',
  B2_KEY_ID: 'localkey',
  B2_APPLICATION_KEY: 'localsecret',
  B2_BUCKET_NAME: PRIVATE_BUCKET,
  B2_PUBLIC_BUCKET_NAME: PUBLIC_BUCKET,
  DARKROOM_SECRET: 'x'.repeat(32),
  PORT: '0',
})

describe('startApi', () => {
  it('listens, answers, and leaves nothing open when it is closed', async () => {
    const api = await startApi({ env: env(), logger: silentLogger })
    expect((await fetch(`${api.url}/readyz`)).status).toBe(200)
    await api.close()
    await expect(fetch(`${api.url}/healthz`)).rejects.toThrow()
  })

  it('names every fault of its environment', async () => {
    const ofApi = { DARKROOM_SECRET: 'short', PORT: '99999', MAX_UPLOAD_BYTES: '-1', B2_EVENT_SECRET: 'short' }
    const ofOthers = { DATABASE_URL: 'mysql://db', REDIS_URL: 'x', B2_BUCKET_NAME: '', OUTBOUND_ALLOW: '!' }
    const broken = { ...env(), ...ofApi, ...ofOthers }
    const fault = await startApi({ env: broken, logger: silentLogger }).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(ConfigError)
    for (const name of Object.keys({ ...ofApi, ...ofOthers })) expect(String(fault)).toContain(`- ${name}: `)
  })
})
