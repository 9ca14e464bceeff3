import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { newId } from '@darkroom/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isCopyUnsupported, type ObjectStore, uploadKey } from '../src/index.ts'

export interface ContractStore {
  store: ObjectStore
  bucket: string
  /** Whether the store keeps versions; without, pins hold by ETag. */
  versioned: boolean
  /** Bytes from which a body goes up in parts. */
  multipartThresholdBytes: number
  close(): Promise<void>
}

const KEY_WITH_EVERYTHING = 'uploads/ä b/+&?#=%41~(1)/日本.png'

async function readAll(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

const png = (text: string) => {
  const body = Buffer.from(text)
  return { body, byteSize: body.byteLength, contentType: 'image/png' }
}

/** Checks the contract that every object store fulfils. Run it on each adapter and each server. */
export function objectStoreContract(name: string, makeStore: () => Promise<ContractStore>): void {
  describe(`object store contract: ${name}`, () => {
    let made: ContractStore
    let store: ObjectStore
    let bucket: string
    let folder: string
    const freshKey = () => uploadKey(newId(), newId())

    beforeAll(async () => {
      made = await makeStore()
      ;({ store, bucket } = made)
      folder = await mkdtemp(join(tmpdir(), 'darkroom-storage-'))
    })

    afterAll(async () => {
      await made?.close()
      await rm(folder, { recursive: true, force: true })
    })

    describe('put and get', () => {
      it.each([
        ['no bytes', 0],
        ['one byte', 1],
        ['a megabyte', 1_000_000],
      ])('gives back %s of a buffer', async (_name, byteSize) => {
        const key = freshKey()
        const body = randomBytes(byteSize)
        const pin = await store.put({ bucket, key, body, byteSize, contentType: 'image/png' })
        const got = await store.get({ bucket, key, ...pin })
        expect((await readAll(got.body)).equals(body)).toBe(true)
        expect(got.head).toMatchObject({ ...pin, byteSize, contentType: 'image/png' })
        expect(got.md5).toBe(createHash('md5').update(body).digest('hex'))
        expect(pin.versionId !== null).toBe(made.versioned)
      })

      it('gives back a file', async () => {
        const key = freshKey()
        const body = randomBytes(3_000_000)
        const file = join(folder, 'three')
        await writeFile(file, body)
        const pin = await store.put({
          bucket,
          key,
          body: { file },
          byteSize: body.byteLength,
          contentType: 'video/mp4',
        })
        expect((await readAll((await store.get({ bucket, key, ...pin })).body)).equals(body)).toBe(true)
      })

      it('gives back a file and a buffer that went up in parts', async () => {
        const body = randomBytes(made.multipartThresholdBytes + 123_457)
        const file = join(folder, 'parts')
        await writeFile(file, body)
        for (const source of [{ file }, body]) {
          const key = freshKey()
          const input = { bucket, key, body: source, byteSize: body.byteLength, contentType: 'video/mp4' }
          const pin = await store.put({ ...input, cacheControl: 'no-store' })
          const head = await store.head({ bucket, key })
          expect(head).toMatchObject({ ...pin, byteSize: body.byteLength, contentType: 'video/mp4' })
          expect((await readAll((await store.get({ bucket, key, ...pin })).body)).equals(body)).toBe(true)
          await store.deleteAll({ bucket, key })
        }
        expect(await collect(store.listMultipartUploads({ bucket, prefix: '' }))).toEqual([])
      })

      it('takes a key with every kind of character', async () => {
        const pin = await store.put({ bucket, key: KEY_WITH_EVERYTHING, ...png('odd') })
        const { body } = await store.get({ bucket, key: KEY_WITH_EVERYTHING, ...pin })
        expect((await readAll(body)).toString()).toBe('odd')
        const copied = freshKey()
        const from = { bucket, key: KEY_WITH_EVERYTHING, ...pin }
        await store.copy({ from, to: { bucket, key: copied }, contentType: 'image/png' })
        expect(await store.head({ bucket, key: copied })).toMatchObject({ byteSize: 3 })
        await store.deleteAll({ bucket, key: KEY_WITH_EVERYTHING })
      })

      it('accepts the right SHA-256 and refuses a wrong one', async () => {
        const key = freshKey()
        const input = { bucket, key, ...png('checked') }
        const wrong = createHash('sha256').update('else').digest('hex')
        await expect(store.put({ ...input, sha256: wrong })).rejects.toThrow()
        expect(await store.head({ bucket, key })).toBeNull()
        await store.put({ ...input, sha256: createHash('sha256').update('checked').digest('hex') })
        expect(await store.head({ bucket, key })).toMatchObject({ byteSize: 7 })
      })

      it('refuses a body of another size than declared', async () => {
        const key = freshKey()
        const file = join(folder, 'four')
        await writeFile(file, 'four')
        for (const body of [Buffer.from('four'), { file }]) {
          await expect(store.put({ bucket, key, body, byteSize: 5, contentType: 'image/png' })).rejects.toThrow(
            /4 bytes/,
          )
        }
        expect(await store.head({ bucket, key })).toBeNull()
      })
    })

    describe('pins', () => {
      it('keep the bytes they name, or say that these are gone', async () => {
        const key = freshKey()
        const first = await store.put({ bucket, key, ...png('first') })
        await store.put({ bucket, key, ...png('other') })
        const got = store.get({ bucket, key, ...first })
        if (made.versioned) expect((await readAll((await got).body)).toString()).toBe('first')
        else await expect(got).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
      })

      it('keep them from any byte on', async () => {
        const key = freshKey()
        const pin = await store.put({ bucket, key, ...png('first and last') })
        const { body, head } = await store.get({ bucket, key, ...pin, start: 10 })
        expect([(await readAll(body)).toString(), head.byteSize]).toEqual(['last', 4])
      })

      it('promote those bytes and no later ones', async () => {
        const key = freshKey()
        const to = { bucket, key: freshKey() }
        const first = await store.put({ bucket, key, ...png('first') })
        await store.put({ bucket, key, ...png('other') })
        const copy = store.copy({ from: { bucket, key, ...first }, to, contentType: 'image/png' })
        if (made.versioned) {
          const { body } = await store.get({ ...to, ...(await copy) })
          expect((await readAll(body)).toString()).toBe('first')
          return
        }
        await expect(copy).rejects.toSatisfy(error => error.code === 'STORE_NOT_FOUND' || isCopyUnsupported(error))
        expect(await store.head(to)).toBeNull()
      })
    })

    describe('copy', () => {
      it('replaces type, caching and disposition and answers the pin of the copy', async () => {
        const from = { bucket, key: freshKey() }
        const to = { bucket, key: freshKey() }
        const source = await store.put({ ...from, ...png('bytes'), cacheControl: 'no-store' })
        const pin = await store.copy({
          from: { ...from, ...source },
          to,
          contentType: 'image/webp',
          cacheControl: 'public, max-age=31536000, immutable',
          contentDisposition: 'attachment',
        })
        const response = await fetch(await store.presignGet({ ...to, versionId: pin.versionId, expiresInSec: 60 }))
        expect(await response.text()).toBe('bytes')
        expect(response.headers.get('content-type')).toBe('image/webp')
        expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
        expect(response.headers.get('content-disposition')).toBe('attachment')
        expect(await store.head(to)).toMatchObject(pin)
      })

      it('of an absent object is STORE_NOT_FOUND', async () => {
        const from = { bucket, key: freshKey(), etag: '9e107d9d372bb6826bd81d3542a419d6' }
        const to = { bucket, key: freshKey() }
        await expect(store.copy({ from, to, contentType: 'image/png' })).rejects.toMatchObject({
          code: 'STORE_NOT_FOUND',
        })
      })
    })

    describe('absence', () => {
      it('is null for head and STORE_NOT_FOUND for get', async () => {
        const key = freshKey()
        expect(await store.head({ bucket, key })).toBeNull()
        await expect(store.get({ bucket, key })).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
      })

      it('is success for the deletes', async () => {
        const key = freshKey()
        await store.deleteVersion({ bucket, key, versionId: null })
        if (!made.versioned) expect(await store.deleteAll({ bucket, key })).toBe(0)
        await store.abortMultipartUpload({ bucket, key, uploadId: 'none' })
      })

      it('of the bucket is not taken for absence of the object', async () => {
        await expect(store.get({ bucket: 'no-such-bucket', key: 'x' })).rejects.toMatchObject({
          code: 'STORE_UNAVAILABLE',
        })
        await expect(store.check('no-such-bucket')).rejects.toThrow()
        await store.check(bucket)
      })
    })

    describe('delete', () => {
      it('removes one version and leaves the others', async () => {
        const key = freshKey()
        const first = await store.put({ bucket, key, ...png('first') })
        const second = await store.put({ bucket, key, ...png('second') })
        await store.deleteVersion({ bucket, key, versionId: second.versionId })
        await store.deleteVersion({ bucket, key, versionId: second.versionId })
        if (made.versioned) expect(await store.head({ bucket, key })).toMatchObject(first)
        else expect(await store.head({ bucket, key })).toBeNull()
      })

      it('removes every version and marker of exactly this key', async () => {
        const key = freshKey()
        const longer = `${key}2`
        await store.put({ bucket, key: longer, ...png('neighbour') })
        for (const text of ['a', 'b', 'c']) await store.put({ bucket, key, ...png(text) })
        await store.deleteVersion({ bucket, key, versionId: null })
        await store.put({ bucket, key, ...png('d') })
        expect(await store.deleteAll({ bucket, key })).toBe(made.versioned ? 5 : 1)
        expect(await collect(store.listVersions({ bucket, prefix: key }))).toMatchObject([{ key: longer }])
        expect(await store.head({ bucket, key })).toBeNull()
        expect(await store.head({ bucket, key: longer })).toMatchObject({ byteSize: 9 })
      })
    })

    describe('lists', () => {
      it('name versions and hide markers, newest first', async () => {
        const key = freshKey()
        const { versionId } = await store.put({ bucket, key, ...png('abc') })
        const object = { key, versionId, isDeleteMarker: false, byteSize: 3, lastModified: expect.any(Date) }
        expect(await collect(store.listVersions({ bucket, prefix: key }))).toEqual([object])
        await store.deleteVersion({ bucket, key, versionId: null })
        const marker = {
          key,
          versionId: expect.any(String),
          isDeleteMarker: true,
          byteSize: 0,
          lastModified: expect.any(Date),
        }
        expect(await collect(store.listVersions({ bucket, prefix: key }))).toEqual(
          made.versioned ? [marker, object] : [],
        )
        expect(await store.head({ bucket, key })).toBeNull()
      })

      it('name current objects by key, from any key on, and none that is hidden', async () => {
        const prefix = `${freshKey()}/`
        const keys = ['a', 'a b', 'é', 'z/1', 'z/2']
        for (const key of keys) await store.put({ bucket, key: prefix + key, ...png(key) })
        const { versionId } = await store.put({ bucket, key: `${prefix}gone`, ...png('gone') })
        if (versionId) await store.deleteVersion({ bucket, key: `${prefix}gone`, versionId: null })
        else await store.deleteAll({ bucket, key: `${prefix}gone` })
        const listed = await collect(store.listObjects({ bucket, prefix }))
        expect(listed.map(({ key }) => key.slice(prefix.length))).toEqual(['a', 'a b', 'z/1', 'z/2', 'é'])
        const head = await store.head({ bucket, key: `${prefix}a b` })
        expect(listed[1]).toEqual({ key: `${prefix}a b`, etag: head?.etag, byteSize: 3 })
        const rest = await collect(store.listObjects({ bucket, prefix, after: `${prefix}a b` }))
        expect(rest).toEqual(listed.slice(2))
      })

      it('tell of many objects at once what each head tells', async () => {
        const projectId = newId()
        const keys = Array.from({ length: 12 }, () => uploadKey(projectId, newId()))
        for (const [at, key] of keys.entries()) if (at !== 3) await store.put({ bucket, key, ...png(`first ${at}`) })
        const [again = '', , , absent = '', hidden = ''] = keys
        await store.put({ bucket, key: again, ...png('the second is longer') })
        await store.deleteVersion({ bucket, key: hidden, versionId: null })
        await store.put({ bucket, key: uploadKey(projectId, newId()), ...png('nobody asked for it') })
        const listed = await store.listCurrent({ bucket, keys: keys.toReversed() })
        const heads = await Promise.all(keys.map(async key => [key, await store.head({ bucket, key })] as const))
        const present = heads.flatMap(([key, head]) => (head ? [[key, head] as const] : []))
        expect(present.map(([key]) => key)).toEqual(keys.filter(key => key !== absent && key !== hidden))
        expect(new Set(listed.keys())).toEqual(new Set(present.map(([key]) => key)))
        for (const [key, { versionId, etag, byteSize, lastModified }] of present) {
          const told = listed.get(key)
          expect(told).toMatchObject({ versionId, etag, byteSize })
          // A head has whole seconds.
          expect(Math.abs(Number(told?.lastModified) - Number(lastModified))).toBeLessThan(1000)
        }
      })

      it('are empty under a prefix that nothing has', async () => {
        expect(await collect(store.listVersions({ bucket, prefix: 'none/' }))).toEqual([])
        expect(await collect(store.listMultipartUploads({ bucket, prefix: 'none/' }))).toEqual([])
      })
    })

    describe('presigned PUT', () => {
      const body = 'eleven byte'
      const sign = (key: string, expiresInSec = 60) =>
        store.presignPut({ bucket, key, contentType: 'image/png', byteSize: 11, expiresInSec })

      it('takes the declared bytes', async () => {
        const key = freshKey()
        const { url, headers } = await sign(key)
        expect((await fetch(url, { method: 'PUT', headers, body })).status).toBe(200)
        expect(await store.head({ bucket, key })).toMatchObject({ byteSize: 11, contentType: 'image/png' })
      })

      it.each([
        ['another length', { 'content-type': 'image/png' }, 'twelve bytes', 60],
        ['another type', { 'content-type': 'text/html' }, body, 60],
        ['no type', {}, body, 60],
        ['an expired URL', { 'content-type': 'image/png' }, body, 1],
      ])('refuses %s with 403 and stores nothing', async (_name, headers, sent, expiresInSec) => {
        const key = freshKey()
        const { url } = await sign(key, expiresInSec)
        if (expiresInSec === 1) await new Promise(resolve => setTimeout(resolve, 2_100))
        // Bytes, because fetch adds a content type to a text.
        const response = await fetch(url, {
          method: 'PUT',
          headers: headers as Record<string, string>,
          body: Buffer.from(sent),
        })
        expect(response.status).toBe(403)
        expect(await collect(store.listVersions({ bucket, prefix: key }))).toEqual([])
      })
    })

    describe('presigned GET', () => {
      it('serves the object with the type and disposition asked for', async () => {
        const key = freshKey()
        const { versionId } = await store.put({ bucket, key, ...png('served') })
        const url = await store.presignGet({
          bucket,
          key,
          versionId,
          expiresInSec: 60,
          responseContentType: 'application/octet-stream',
          responseContentDisposition: 'attachment; filename="a.png"',
        })
        const response = await fetch(url)
        expect(await response.text()).toBe('served')
        expect(response.headers.get('content-type')).toBe('application/octet-stream')
        expect(response.headers.get('content-disposition')).toBe('attachment; filename="a.png"')
        expect((await fetch(url.replace('a.png', 'b.png'))).status).toBe(403)
      })
    })

    describe('multipart upload of a client', () => {
      const PART_BYTES = 5_000_000
      const open = async (key = freshKey()) => {
        const uploadId = await store.createMultipartUpload({ bucket, key, contentType: 'video/mp4' })
        return { bucket, key, uploadId }
      }
      type Ref = Awaited<ReturnType<typeof open>>
      const putPart = async (ref: Ref, partNumber: number, body: Buffer, byteSize = body.length) => {
        const url = await store.presignPart({ ...ref, partNumber, byteSize, expiresInSec: 60 })
        return (await fetch(url, { method: 'PUT', body: new Uint8Array(body) })).status
      }
      const openUploads = async (key: string) => collect(store.listMultipartUploads({ bucket, prefix: key }))

      it('lists the parts that arrived and puts them together, once', async () => {
        const ref = await open()
        const body = randomBytes(PART_BYTES + 7)
        expect(await store.listParts(ref)).toEqual([])
        expect(await putPart(ref, 2, body.subarray(PART_BYTES))).toBe(200)
        expect(await putPart(ref, 1, body.subarray(0, PART_BYTES))).toBe(200)
        const parts = (await store.listParts(ref)) ?? []
        expect(parts).toMatchObject([
          { partNumber: 1, byteSize: PART_BYTES, etag: expect.stringMatching(/^[0-9a-f]{32}$/) },
          { partNumber: 2, byteSize: 7 },
        ])
        const complete = { ...ref, parts, byteSize: body.length }
        const pins = await Promise.all([
          store.completeMultipartUpload(complete),
          store.completeMultipartUpload(complete),
        ])
        expect(await store.completeMultipartUpload(complete)).toEqual(pins[0])
        expect(pins[1]).toEqual(pins[0])
        expect(await collect(store.listVersions({ bucket, prefix: ref.key }))).toHaveLength(1)
        expect(await store.listParts(ref)).toBeNull()
        const got = await store.get({ bucket, key: ref.key, ...pins[0] })
        expect((await readAll(got.body)).equals(body)).toBe(true)
        expect(got.head.contentType).toBe('video/mp4')
        expect(got.md5).toBeNull()
      })

      it('stores a part itself, in the place of an earlier one of that number', async () => {
        const ref = await open()
        await store.putPart({ ...ref, partNumber: 1, body: Buffer.from('first') })
        const part = await store.putPart({ ...ref, partNumber: 1, body: Buffer.from('second') })
        expect(await store.listParts(ref)).toEqual([{ ...part, partNumber: 1, byteSize: 6 }])
        await store.abortMultipartUpload(ref)
        const late = store.putPart({ ...ref, partNumber: 2, body: Buffer.from('late') })
        await expect(late).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
      })

      it('refuses a part of another length than was signed', async () => {
        const ref = await open()
        expect(await putPart(ref, 1, Buffer.from('four'), 5)).toBe(403)
        expect(await store.listParts(ref)).toEqual([])
        await store.abortMultipartUpload(ref)
      })

      it('says that a part is not the one that was listed', async () => {
        const ref = await open()
        await putPart(ref, 1, Buffer.from('first'))
        const listed = (await store.listParts(ref)) ?? []
        await putPart(ref, 1, Buffer.from('other'))
        const complete = store.completeMultipartUpload({ ...ref, parts: listed, byteSize: 5 })
        await expect(complete).rejects.toMatchObject({ code: 'INVALID_PARTS' })
        await store.abortMultipartUpload(ref)
      })

      it('is STORE_NOT_FOUND where there is neither upload nor object', async () => {
        const ref = { bucket, key: freshKey(), uploadId: 'none' }
        expect(await store.listParts(ref)).toBeNull()
        const parts = [{ partNumber: 1, etag: '9e107d9d372bb6826bd81d3542a419d6' }]
        await expect(store.completeMultipartUpload({ ...ref, parts, byteSize: 5 })).rejects.toMatchObject({
          code: 'STORE_NOT_FOUND',
        })
      })

      it('goes with the purge of exactly its key', async () => {
        const ref = await open()
        const neighbour = await open(`${ref.key}2`)
        await putPart(ref, 1, Buffer.from('part'))
        await store.put({ bucket, key: ref.key, ...png('version') })
        expect(await store.purge({ bucket, key: ref.key })).toBe(1)
        expect(await openUploads(ref.key)).toHaveLength(2)
        expect(await store.purge({ bucket, key: ref.key }, { multiparts: true })).toBe(0)
        expect(await openUploads(ref.key)).toMatchObject([{ key: neighbour.key }])
        expect(await store.listParts(ref)).toBeNull()
        await store.purge(neighbour, { multiparts: true })
      })
    })

    describe('abort', () => {
      it('throws the reason of the signal, before and during a call', async () => {
        const reason = new Error('lease lost')
        const key = freshKey()
        const signal = AbortSignal.abort(reason)
        await expect(store.head({ bucket, key }, { signal })).rejects.toBe(reason)
        await expect(store.put({ bucket, key, ...png('x') }, { signal })).rejects.toBe(reason)
        expect(await store.head({ bucket, key })).toBeNull()
      })

      it('ends a body that is being read', async () => {
        const key = freshKey()
        const body = randomBytes(4_000_000)
        await store.put({ bucket, key, body, byteSize: body.byteLength, contentType: 'image/png' })
        const stop = new AbortController()
        const got = await store.get({ bucket, key }, { signal: stop.signal })
        const reason = new Error('lease lost')
        const reading = (async () => {
          for await (const _ of got.body) stop.abort(reason)
        })()
        await expect(reading).rejects.toBe(reason)
      })
    })
  })
}
