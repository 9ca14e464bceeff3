import { createHash } from 'node:crypto'
import { validateHeaderValue } from '@darkroom/core/node-http'
import { s3Error } from './errors.ts'
import type { EventSink, EventType } from './events/event-sink.ts'
import { checkKey } from './object-name.ts'
import { bucketNamed } from './operations/call.ts'
import { deleteOne } from './operations/delete-object.ts'
import { findVersion } from './operations/find-version.ts'
import type { Store } from './store/store.ts'
import type { StoredHeaders, Version } from './store/versions.ts'

interface Target {
  bucket: string
  key: string
  headers: StoredHeaders
}

/** The newest version when none is named. */
interface Source {
  bucket: string
  key: string
  versionId: string | undefined
}

export interface KeptVersion {
  versionId: string
  /** MD5 (hex) of what was put; without quotes. */
  etag: string
  byteSize: number
  contentType: string | null
  lastModified: Date
}

/**
 * The objects without HTTP, for who lives in the same process: no socket, no signature, and no rule about either. They are
 * the same objects, with the same versions and events. Refusals are the errors that a request would be answered with, with
 * their `code` and `status`.
 */
export interface LocalObjects {
  put(to: Target, chunks: AsyncIterable<Buffer>): Promise<KeptVersion>
  copy(from: Source, to: Target): Promise<KeptVersion>
  /** `release` must be called when the reader is done or gone. */
  open(from: Source): { version: KeptVersion; chunks: AsyncGenerator<Buffer>; release(): void }
  /** Deletes one version for good; an absent one is fine. Without a version the object is hidden. */
  remove(from: Source): Promise<void>
}

interface ObjectsDeps {
  store: Store
  events: EventSink
  /** Keeps the store open until a write has ended. */
  track<T>(work: Promise<T>): Promise<T>
}

export function createObjects({ store, events, track }: ObjectsDeps): LocalObjects {
  const keep = (to: Target, type: EventType, contentOf: () => Content): Promise<KeptVersion> =>
    store.commit(transaction => {
      const bucket = bucketNamed(store, to.bucket)
      const added = store.versions.add(transaction, bucket, to.key, Date.now(), { ...contentOf(), headers: to.headers })
      events.emit(transaction, type, bucket, added)
      return kept(added)
    })

  async function put(to: Target, chunks: AsyncIterable<Buffer>): Promise<KeptVersion> {
    checkTarget(store, to)
    const md5 = createHash('md5')
    const segment = await store.blobs.write(hashed(chunks, md5))
    const content = { size: segment[2], etag: md5.digest('hex'), segments: [segment] }
    return keep(to, 'b2:ObjectCreated:Upload', () => content)
  }

  async function copy(from: Source, to: Target): Promise<KeptVersion> {
    checkTarget(store, to)
    return keep(to, 'b2:ObjectCreated:Copy', () => versionAt(store, from))
  }

  const remove = ({ bucket, key, versionId }: Source): Promise<void> =>
    store.commit(transaction => {
      deleteOne({ store, events, now: Date.now() }, transaction, bucketNamed(store, bucket), key, versionId)
    })

  return {
    put: (to, chunks) => track(put(to, chunks)),
    copy: (from, to) => track(copy(from, to)),
    remove: from => track(remove(from)),
    open(from) {
      const version = versionAt(store, from)
      return { version: kept(version), ...store.blobs.read(version.segments) }
    },
  }
}

type Content = Pick<Version, 'size' | 'etag' | 'segments'>

const versionAt = (store: Store, { bucket, key, versionId }: Source): Version =>
  findVersion({ store }, bucketNamed(store, bucket), key, versionId)

/** Refuses an object that no request could store, because it could never be served. */
function checkTarget(store: Store, { bucket, key, headers }: Target): void {
  bucketNamed(store, bucket)
  checkKey(key)
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderValue(name, value)
    } catch {
      throw s3Error('InvalidArgument', `The value of ${name} is not one of a header.`)
    }
  }
}

async function* hashed(
  chunks: AsyncIterable<Buffer>,
  hash: { update(chunk: Buffer): unknown },
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}

const kept = ({ versionId, etag, size, headers, createdAt }: Version): KeptVersion => ({
  versionId,
  etag,
  byteSize: size,
  contentType: headers['content-type'] ?? null,
  lastModified: new Date(createdAt),
})
