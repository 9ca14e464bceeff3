import { randomBytes } from 'node:crypto'
import { readdir, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { newId } from '@darkroom/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createS3Store, type ObjectStore, uploadKey } from '../src/index.ts'
import { bucket, sizes, startTestB2, storeConfig } from './local-store.ts'
import { objectStoreContract } from './object-store-contract.ts'

async function startNear() {
  const server = await startTestB2()
  const store = createS3Store(storeConfig(server.url), { near: server.objects })
  return {
    server,
    store,
    async close() {
      store.close()
      await server.close()
    },
  }
}

objectStoreContract('a local B2 in this process', async () => ({
  ...(await startNear()),
  bucket,
  versioned: true,
  multipartThresholdBytes: sizes.multipartThresholdBytes,
}))

describe('a store in this process', () => {
  let server: Awaited<ReturnType<typeof startTestB2>>
  let store: ObjectStore
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ server, store, close } = await startNear())
  })
  afterAll(() => close())

  const photo = (byteSize = 100_000) => {
    const body = randomBytes(byteSize)
    return { bucket, key: uploadKey(newId(), newId()), body, byteSize, contentType: 'image/webp' }
  }

  it('is asked nothing over HTTP for what a job does with its files', async () => {
    const before = server.requests.count({})
    const { body, ...input } = photo()
    const pin = await store.put({ ...input, body })
    const got = await store.get({ ...input, ...pin })
    for await (const _ of got.body);
    const copy = await store.copy({
      from: { ...input, ...pin },
      to: { bucket, key: `${input.key}2` },
      contentType: 'image/webp',
    })
    await store.deleteVersion({ bucket, key: `${input.key}2`, versionId: copy.versionId })
    expect(server.requests.count({})).toBe(before)
  })

  it('has the same objects for who comes over HTTP', async () => {
    const { body, ...input } = photo()
    const headers = { cacheControl: 'public, max-age=31536000', contentDisposition: 'inline' }
    const pin = await store.put({ ...input, ...headers, body })
    const response = await fetch(await store.presignGet({ ...input, expiresInSec: 60 }))
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': headers.cacheControl,
      'content-disposition': 'inline',
      etag: `"${pin.etag}"`,
      'x-amz-version-id': pin.versionId,
    })
  })

  it('frees the bytes that were deleted while they were read, once they are read', async () => {
    const { body, ...input } = photo(3_000_000)
    const pin = await store.put({ ...input, body })
    const got = await store.get({ ...input, ...pin })
    await store.deleteVersion({ ...input, versionId: pin.versionId })
    const read: Buffer[] = []
    for await (const chunk of got.body) read.push(chunk as Buffer)
    expect(Buffer.concat(read).equals(body)).toBe(true)
    await expect(store.get({ ...input, ...pin })).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
  })

  it('says that a local file is not there, and not that the store is not', async () => {
    const { body: _, ...input } = photo()
    const put = store.put({ ...input, body: { file: '/nowhere/at/all' } })
    await expect(put).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('takes no header that it could not send', async () => {
    const { body, ...input } = photo()
    const put = store.put({ ...input, body, contentDisposition: 'attachment; filename="日本.png"' })
    await expect(put).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(await store.head(input)).toBeNull()
  })

  it('is not there, and may be again, where its disk has lost bytes', async () => {
    const { body, ...input } = photo()
    const pin = await store.put({ ...input, body })
    const blobs = join(server.dataDir, 'blobs')
    const sizes = await Promise.all(
      (await readdir(blobs)).map(async name => ({ name, size: (await stat(join(blobs, name))).size })),
    )
    for (const { name } of sizes.filter(({ size }) => size === input.byteSize)) await truncate(join(blobs, name), 10)
    const reading = async () => {
      for await (const _ of (await store.get({ ...input, ...pin })).body);
    }
    await expect(reading()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })

  it('ends a write before it closes', async () => {
    const own = await startNear()
    const { body, ...input } = photo()
    const put = own.store.put({ ...input, body })
    await new Promise(setImmediate)
    await own.close()
    expect(await put).toMatchObject({ versionId: expect.any(String) })
  })

  it('keeps nothing of a body whose digest is another one', async () => {
    const { body, ...input } = photo()
    await expect(store.put({ ...input, body, sha256: 'a'.repeat(64) })).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(await store.head(input)).toBeNull()
  })
})
