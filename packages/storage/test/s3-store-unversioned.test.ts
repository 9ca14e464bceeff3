import type { LocalB2 } from '@darkroom/local-b2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createS3Store, isCopyUnsupported, type ObjectStore } from '../src/index.ts'
import { bucket, sizes, startTestB2, storeConfig } from './local-store.ts'
import { objectStoreContract } from './object-store-contract.ts'
import { startUnversionedProxy, type UnversionedProxy } from './unversioned-proxy.ts'

objectStoreContract('S3 without versions', async () => {
  const server = await startTestB2()
  const proxy = await startUnversionedProxy(server.url)
  const store = createS3Store(storeConfig(proxy.url))
  return {
    store,
    bucket,
    versioned: false,
    multipartThresholdBytes: sizes.multipartThresholdBytes,
    async close() {
      store.close()
      await proxy.close()
      await server.close()
    },
  }
})

describe('a store that ignores the condition of a copy', () => {
  let server: LocalB2
  let proxy: UnversionedProxy
  let store: ObjectStore
  const from = { bucket, key: 'uploads/source' }
  const to = { bucket, key: 'originals/target' }

  beforeAll(async () => {
    server = await startTestB2()
    proxy = await startUnversionedProxy(server.url, { ignoresCopyCondition: true })
    store = createS3Store(storeConfig(proxy.url))
  })
  afterAll(async () => {
    store.close()
    await proxy.close()
    await server.close()
  })

  const put = (body: Buffer) => store.put({ ...from, body, byteSize: body.byteLength, contentType: 'image/png' })

  it('copies the pinned bytes while they are there', async () => {
    const pin = await put(Buffer.from('first'))
    expect(await store.copy({ from: { ...from, ...pin }, to, contentType: 'image/png' })).toEqual(pin)
  })

  it('is caught when it copies other bytes, and the copy is removed', async () => {
    const pin = await put(Buffer.from('first'))
    await put(Buffer.from('other'))
    const copy = store.copy({ from: { ...from, ...pin }, to, contentType: 'image/png' })
    await expect(copy).rejects.toSatisfy(isCopyUnsupported)
    expect(await store.head(to)).toBeNull()
  })

  it('is not asked to copy an object whose ETag is no digest', async () => {
    const pin = await put(Buffer.alloc(sizes.multipartThresholdBytes + 1))
    expect(pin.etag).toMatch(/-2$/)
    server.requests.clear()
    const copy = store.copy({ from: { ...from, ...pin }, to, contentType: 'image/png' })
    await expect(copy).rejects.toSatisfy(isCopyUnsupported)
    expect(server.requests.count({ operation: 'CopyObject' })).toBe(0)
  })
})
