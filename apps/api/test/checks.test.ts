import { type InstallationCheck, InstallationChecks } from '@darkroom/contracts'
import { silentLogger, systemClock } from '@darkroom/core'
import { DatabaseConfig } from '@darkroom/db/client'
import { QueueConfig } from '@darkroom/jobs/executor'
import { StorageConfig } from '@darkroom/storage'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BackgroundChecks, createBackgroundChecks } from '../src/checks/background-checks.ts'
import { createSafeChecks } from '../src/checks/safe-checks.ts'
import { call, createKey, PRIVATE_BUCKET, PUBLIC_BUCKET, problemOf, storeConfig } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
let app: FastifyInstance
let checks: BackgroundChecks
let key: string

beforeAll(async () => {
  const { endpoint, region, keyId, applicationKey } = storeConfig(api.b2.url)
  const storage = StorageConfig.parse({
    B2_ENDPOINT: endpoint,
    B2_REGION: region,
    B2_KEY_ID: keyId,
    B2_APPLICATION_KEY: applicationKey,
    B2_BUCKET_NAME: PRIVATE_BUCKET,
    B2_PUBLIC_BUCKET_NAME: PUBLIC_BUCKET,
  })
  const run = createSafeChecks({
    storage,
    database: DatabaseConfig.parse({ DATABASE_URL: api.databaseUrl }),
    queue: QueueConfig.parse({}),
    origins: ['https://shop.example.com'],
    expectsEvents: false,
  })
  checks = createBackgroundChecks(run, { clock: systemClock, logger: silentLogger })
  app = await api.variant({ checks })
  key = (await createKey(api.deps, { project: null })).key
})
afterAll(() => checks?.close())

const read = async () => {
  const answer = await call(app, 'GET', '/v1/admin/checks', { key })
  expect(answer.statusCode, answer.body).toBe(200)
  return InstallationChecks.parse(answer.json())
}

it('tells an operator what is amiss, why, and what to do, and stores nothing to find out', async () => {
  api.b2.requests.clear()
  expect(await read()).toEqual({ checkedAt: null, isRunning: true, faults: 0, warnings: 0, checks: [] })
  await expect.poll(async () => (await read()).isRunning).toBe(false)
  const found = await read()
  const states = Object.fromEntries(found.checks.map(({ id, state }) => [id, state]))
  expect(states).toMatchObject({
    'key.private-bucket': 'ok',
    'bucket.versioning': 'ok',
    'cors.upload': 'fault',
    'lifecycle.uploads': 'warning',
    'database.schema': 'ok',
    'database.listen': 'ok',
    'redis.answers': 'not_checked',
  })
  expect(found.checks.find(({ id }) => id === 'cors.upload')).toEqual<InstallationCheck>({
    id: 'cors.upload',
    title: 'a page of each origin may upload',
    state: 'fault',
    seen: 'https://shop.example.com: the preflight of PUT is refused with 403',
    cause: expect.stringContaining('no CORS rule'),
    fix: expect.stringContaining('darkroom provision cors'),
  })
  const amiss = Object.values(states).filter(state => state === 'fault' || state === 'warning')
  expect(found.faults + found.warnings).toBe(amiss.length)
  const methods = new Set(api.b2.requests.list().map(({ method }) => method))
  expect([...methods].sort()).toEqual(['GET', 'OPTIONS'])
})

it('tells nobody else', async () => {
  expect(problemOf(await call(app, 'GET', '/v1/admin/checks', { key: api.key }))).toBe('403 FORBIDDEN')
  expect(problemOf(await call(app, 'GET', '/v1/admin/checks', { key: null }))).toBe('401 UNAUTHORIZED')
})
