import type { ApplicationKey, LocalB2 } from '@darkroom/local-b2'
import { startHttpProxy } from '@darkroom/testing'
import { useResource } from '@darkroom/testing/use-resource'
import { describe, expect, it } from 'vitest'
import { createS3Store, isCopyUnsupported, type ObjectStore } from '../src/index.ts'
import { bucket as privateBucket, startTestB2, storeConfig } from './local-store.ts'

const publicBucket = 'darkroom-open'
const PROBE = 'public-access-probe'

const KEYS = {
  reader: { keyId: 'reader', applicationKey: 'secret-1', capabilities: ['readFiles'], buckets: [privateBucket] },
  writer: { keyId: 'writer', applicationKey: 'secret-2', capabilities: ['writeFiles'], buckets: [privateBucket] },
  private: { keyId: 'private', applicationKey: 'secret-3', buckets: [privateBucket] },
  anywhere: { keyId: 'anywhere', applicationKey: 'secret-5', capabilities: ['readFiles'] },
  public: { keyId: 'public', applicationKey: 'secret-4', buckets: [publicBucket] },
} satisfies Record<string, ApplicationKey>

const b2: LocalB2 = useResource(
  () =>
    startTestB2({
      keys: Object.values(KEYS),
      buckets: [
        { name: privateBucket, access: 'private' },
        { name: publicBucket, access: 'public' },
      ],
    }),
  server => server.close(),
)

async function withStore<T>(key: ApplicationKey, run: (store: ObjectStore) => Promise<T>, more = {}): Promise<T> {
  const { keyId, applicationKey } = key
  const store = createS3Store({ ...storeConfig(b2.url), keyId, applicationKey, maxAttempts: 1, ...more })
  try {
    return await run(store)
  } finally {
    store.close()
  }
}

const credentialsOf = ({ keyId, applicationKey }: ApplicationKey) => ({ keyId, applicationKey })

const image = (bucket: string, key: string) => ({
  bucket,
  key,
  body: Buffer.from('pixels'),
  byteSize: 6,
  contentType: 'image/png',
})

describe('check', () => {
  it('needs readFiles only', async () => {
    await withStore(KEYS.reader, async store => {
      expect(await store.check(privateBucket)).toEqual({ isFull: false })
    })
  })

  it.each([
    ['a wrong secret', { ...KEYS.reader, applicationKey: 'x' }, privateBucket, 'SignatureDoesNotMatch'],
    ['an unknown key', { ...KEYS.reader, keyId: 'x' }, privateBucket, 'InvalidAccessKeyId'],
    ['a key of another bucket', KEYS.public, privateBucket, 'AccessDenied'],
    ['a key without readFiles', KEYS.writer, privateBucket, 'AccessDenied'],
  ])('says %s', async (_name, key, bucket, reason) => {
    await withStore(key, async store => {
      const said = { code: 'STORE_CREDENTIALS', message: expect.stringContaining(reason) }
      await expect(store.check(bucket)).rejects.toMatchObject(said)
    })
  })

  it('says that the bucket does not exist', async () => {
    await withStore(KEYS.anywhere, async store => {
      const said = { code: 'STORE_UNAVAILABLE', message: expect.stringContaining('the bucket does not exist') }
      await expect(store.check('darkroom-nowhere')).rejects.toMatchObject(said)
      await expect(store.head({ bucket: 'darkroom-nowhere', key: 'a' })).rejects.toMatchObject(said)
    })
  })
})

describe('isPublic', () => {
  const counted = (bucket: string, method: string) =>
    b2.requests.list().filter(each => each.bucket === bucket && each.method === method && each.key === PROBE).length

  it('is true of a bucket that anybody can read, and stores what proves it once', async () => {
    await withStore(KEYS.public, async store => {
      for (let times = 0; times < 3; times += 1) expect(await store.isPublic(publicBucket)).toBe(true)
    })
    await withStore(KEYS.public, async store => expect(await store.isPublic(publicBucket)).toBe(true))
    expect(counted(publicBucket, 'PUT')).toBe(1)
  })

  it('is false of a private bucket, and stores nothing in it', async () => {
    await withStore(KEYS.reader, async store => expect(await store.isPublic(privateBucket)).toBe(false))
    expect(counted(privateBucket, 'PUT')).toBe(0)
  })

  it('is false of a private bucket that tells everybody what is absent', async () => {
    const proxy = await startHttpProxy(b2.url, {
      answer: (answer, { headers }) => (headers.authorization ? answer : { ...answer, status: 404, body: '' }),
    })
    const store = createS3Store({ ...storeConfig(proxy.url), ...credentialsOf(KEYS.private) })
    for (let times = 0; times < 3; times += 1) expect(await store.isPublic(privateBucket)).toBe(false)
    store.close()
    await proxy.close()
    expect(counted(privateBucket, 'PUT')).toBe(1)
  })

  it.each([
    ['our key may not store what would prove it', KEYS.reader, () => b2.url, publicBucket],
    ['nobody answers', KEYS.reader, () => 'http://127.0.0.1:1', privateBucket],
  ])('is false where %s', async (_name, key, endpoint, bucket) => {
    await b2.objects.remove({ bucket: publicBucket, key: PROBE, versionId: undefined })
    const store = createS3Store({ ...storeConfig(endpoint()), ...credentialsOf(key), maxAttempts: 1 })
    expect(await store.isPublic(bucket)).toBe(false)
    store.close()
  })

  it('is false where everything is answered with a page', async () => {
    const proxy = await startHttpProxy(b2.url, { instead: () => ({ body: 'Log in to this network' }) })
    const store = createS3Store(storeConfig(proxy.url))
    expect(await store.isPublic(privateBucket)).toBe(false)
    store.close()
    await proxy.close()
  })
})

describe('listCurrent', () => {
  const keys = Array.from({ length: 12 }, (_, at) => `listed/${at}`)

  it.each([
    ['a key that may not list', KEYS.reader, privateBucket],
    ['a bucket that is not there', KEYS.anywhere, 'darkroom-nowhere'],
  ])('says nothing with %s, and does not fail', async (_name, key, bucket) => {
    await withStore(key, async store => expect(await store.listCurrent({ bucket, keys })).toEqual(new Map()))
  })
})

describe('head', () => {
  const place = { bucket: privateBucket, key: 'never-stored' }

  it('says the cause, which the answer to HEAD has not', async () => {
    await withStore({ ...KEYS.reader, applicationKey: 'x' }, async store => {
      const said = { code: 'STORE_CREDENTIALS', message: expect.stringContaining('SignatureDoesNotMatch') }
      await expect(store.head(place)).rejects.toMatchObject(said)
    })
  })

  it('says that a cap is reached', async () => {
    b2.faults.set({ kind: 'cap-exceeded', times: 2 })
    await withStore(KEYS.reader, async store => {
      await expect(store.head(place)).rejects.toMatchObject({ code: 'STORE_CAP_EXCEEDED' })
    })
    b2.faults.clear()
  })

  it('is null for an absent object, and asks only once whether the bucket is there', async () => {
    await withStore(KEYS.reader, async store => {
      const asked = () => b2.requests.list().filter(({ key }) => key === place.key).length
      const before = asked()
      for (let times = 0; times < 3; times += 1) expect(await store.head(place)).toBeNull()
      expect(asked() - before).toBe(4)
    })
  })
})

describe('with a key for each bucket', () => {
  const { keyId, applicationKey } = KEYS.public
  const bucketKeys = { [publicBucket]: { keyId, applicationKey } }

  it('uses the key of the bucket', async () => {
    await withStore(
      KEYS.private,
      async store => {
        for (const bucket of [privateBucket, publicBucket]) {
          const { versionId } = await store.put(image(bucket, 'a.png'))
          expect((await store.head({ bucket, key: 'a.png' }))?.byteSize).toBe(6)
          expect(
            await fetch(await store.presignGet({ bucket, key: 'a.png', expiresInSec: 60 })).then(get => get.status),
          ).toBe(200)
          await store.deleteVersion({ bucket, key: 'a.png', versionId })
          expect(await store.head({ bucket, key: 'a.png' })).toBeNull()
        }
      },
      { bucketKeys },
    )
  })

  it('refuses a copy from one to the other, so that the caller uploads', async () => {
    await withStore(
      KEYS.private,
      async store => {
        const pin = await store.put(image(privateBucket, 'b.png'))
        const copied = store.copy({
          from: { bucket: privateBucket, key: 'b.png', ...pin },
          to: { bucket: publicBucket, key: 'b.png' },
          contentType: 'image/png',
        })
        expect(await copied.then(() => null, isCopyUnsupported)).toBe(true)
      },
      { bucketKeys },
    )
  })
})
