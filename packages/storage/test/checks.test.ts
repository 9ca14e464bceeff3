import { startHttpProxy } from '@darkroom/testing'
import { useResource } from '@darkroom/testing/use-resource'
import { afterEach, expect, it, vi } from 'vitest'
import { openStoreChecks } from '../src/checks/index.ts'
import { createS3Store, type StorageSettings } from '../src/index.ts'
import { bucket, startTestB2, storeConfig } from './local-store.ts'

const HOUR_MS = 3_600_000

const b2 = useResource(startTestB2, server => server.close())
afterEach(() => vi.useRealTimers())

const settings = (): StorageSettings => ({
  store: storeConfig(b2.url),
  privateBucket: bucket,
  publicBucket: null,
  cdnBaseUrl: null,
  nativeApiUrl: null,
})

async function put(key: string): Promise<void> {
  const store = createS3Store(storeConfig(b2.url))
  await store.put({ bucket, key, body: Buffer.from('a'), byteSize: 1, contentType: 'text/plain' })
  store.close()
}

async function keysBelow(prefix: string): Promise<string[]> {
  const store = createS3Store(storeConfig(b2.url))
  const keys: string[] = []
  for await (const { key } of store.listVersions({ bucket, prefix })) keys.push(key)
  store.close()
  return keys
}

it('deletes what a run stored, and what a killed one left an hour ago, and nothing else', async () => {
  await put('doctor/another-run/a')
  await put('originals/a')
  const context = openStoreChecks(settings())
  const own = await context.scratch.put(bucket, 'a', 'a')
  expect(await keysBelow('')).toEqual(['doctor/another-run/a', own.key, 'originals/a'].toSorted())
  expect(await context.scratch.cleanUp()).toBe(0)
  expect(await keysBelow('')).toEqual(['doctor/another-run/a', 'originals/a'])
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * HOUR_MS })
  expect(await context.scratch.cleanUp()).toBe(0)
  expect(await keysBelow('')).toEqual(['originals/a'])
  context.close()
})

it.each([501, 405])('lists what is there where the store answers %i to a list of versions', async status => {
  const proxy = await startHttpProxy(b2.url, {
    instead: ({ url = '' }) => (/[?&]versions\b/.test(url) ? { status } : undefined),
  })
  const key = `variants/${status}`
  await put(key)
  const store = createS3Store({ ...storeConfig(proxy.url), maxAttempts: 1 })
  const listed: unknown[] = []
  for await (const version of store.listVersions({ bucket, prefix: key })) listed.push(version)
  expect(listed).toMatchObject([{ key, versionId: null }])
  store.close()
  await proxy.close()
})
