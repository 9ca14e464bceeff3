import { Agent } from 'node:http'
import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { failureOf, makeClient, privateBucket, startTestStore, type TestStore } from './start-store.ts'

let context: TestStore
const Bucket = privateBucket
beforeAll(async () => {
  context = await startTestStore()
  await context.client.send(new PutObjectCommand({ Bucket, Key: 'whole', Body: 'x'.repeat(1000) }))
})
afterEach(() => {
  context.store.faults.clear()
  context.store.requests.clear()
})
afterAll(() => context[Symbol.asyncDispose]())

const once = () => makeClient(context.store.url, { maxAttempts: 1 })
const getWhole = async (client = once()) => {
  const found = await client.send(new GetObjectCommand({ Bucket, Key: 'whole' }))
  return found.Body?.transformToString()
}

test('answers 503 with Retry-After as often as told, for what matches', async () => {
  context.store.faults.set({ match: { method: 'GET', key: /^who/ }, kind: 'slow-down', times: 2, retryAfterSec: 0 })
  expect(await failureOf(getWhole())).toBe('503 SlowDown')
  expect(await getWhole(context.client)).toHaveLength(1000)
  expect(context.store.requests.list({ operation: 'GetObject' }).map(({ status }) => status)).toEqual([503, 503, 200])
})

test('keeps refusing on one connection and serves the next', async () => {
  const url = `${context.store.url}/${Bucket}/whole`
  context.store.faults.set({ kind: 'slow-down', times: 1, perConnection: true })
  const { request } = await import('node:http')
  const status = (agent: Agent) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request(url, { agent }, response => response.resume().on('end', () => resolve(response.statusCode)))
      sent.on('error', reject).end()
    })
  const first = new Agent({ keepAlive: true, maxSockets: 1 })
  const second = new Agent({ keepAlive: true, maxSockets: 1 })
  expect([await status(first), await status(first), await status(second), await status(first)]).toEqual([
    503, 503, 403, 503,
  ])
  first.destroy()
  second.destroy()
})

test('does the work of a request whose response is lost: the retry makes a second version', async () => {
  context.store.faults.set({ match: { operation: 'PutObject' }, kind: 'lost-response', times: 1 })
  await context.client.send(new PutObjectCommand({ Bucket, Key: 'twice', Body: 'x' }))
  const { Versions } = await context.client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'twice' }))
  expect(Versions).toHaveLength(2)
})

test('resets before any work', async () => {
  context.store.faults.set({ match: { method: 'PUT', key: 'reset' }, kind: 'reset', times: 1 })
  await expect(once().send(new PutObjectCommand({ Bucket, Key: 'reset', Body: 'x' }))).rejects.toMatchObject({
    code: 'ECONNRESET',
  })
  const { Versions } = await context.client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'reset' }))
  expect(Versions).toBeUndefined()
})

test('truncates and damages bodies under the announced length', async () => {
  context.store.faults.set({ match: { key: 'whole' }, kind: 'truncate', bytes: 10, times: 1 })
  await expect(getWhole()).rejects.toThrow()
  context.store.faults.set({ match: { key: 'whole' }, kind: 'flip-byte', bytes: 999, times: 1 })
  expect(await getWhole()).toBe(`${'x'.repeat(999)}y`)
  expect(await getWhole()).toBe('x'.repeat(1000))
})

test('delays, and hangs until the client gives up', async () => {
  context.store.faults.set({ kind: 'delay', ms: 120, times: 1 })
  const start = performance.now()
  await getWhole()
  expect(performance.now() - start).toBeGreaterThan(110)
  context.store.faults.set({ kind: 'hang', times: 1 })
  await expect(fetch(context.store.url, { signal: AbortSignal.timeout(100) })).rejects.toThrow(/timeout/)
})

test('lets go what it delays when the faults are cleared', async () => {
  context.store.requests.clear()
  context.store.faults.set({ kind: 'delay', ms: 600_000 })
  const delayed = getWhole()
  await expect.poll(() => context.store.requests.count()).toBe(1)
  context.store.faults.clear()
  expect(await delayed).toHaveLength(1000)
})

test('closes at once while a request hangs', async () => {
  const other = await startTestStore()
  other.store.faults.set({ kind: 'hang' })
  const pending = fetch(other.store.url).catch(() => 'dropped')
  await expect.poll(() => other.store.requests.count()).toBe(1)
  await other[Symbol.asyncDispose]()
  expect(await pending).toBe('dropped')
})
