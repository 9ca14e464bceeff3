import { createHash } from 'node:crypto'
import type { EventSink, EventType } from './events/event-sink.ts'
import { checkKey } from './object-name.ts'
import { bucketNamed } from './operations/call.ts'
import { deleteOne } from './operations/delete-object.ts'
import { findVersion } from './operations/find-version.ts'
import type { Transaction } from './store/database.ts'
import type { Store } from './store/store.ts'
import type { StoredHeaders, Version } from './store/versions.ts'

export interface ObjectName {
  bucket: string
  key: string
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
  put(to: ObjectName & { headers: StoredHeaders }, chunks: AsyncIterable<Buffer>): Promise<KeptVersion>
  copy(
    from: ObjectName & { versionId: string | undefined },
    to: ObjectName & { headers: StoredHeaders },
  ): Promise<KeptVersion>
  /** The newest version when none is named. `release` must be called when the reader is done or gone. */
  open(from: ObjectName & { versionId: string | undefined }): {
    version: KeptVersion
    chunks: AsyncGenerator<Buffer>
    release(): void
  }
  /** Deletes one version for good; an absent one is fine. Without a version the object is hidden. */
  remove(from: ObjectName & { versionId: string | undefined }): Promise<void>
}

export function createObjects({ store, events }: { store: Store; events: EventSink }): LocalObjects {
  function keep(
    transaction: Transaction,
    to: ObjectName,
    type: EventType,
    content: Pick<Version, 'size' | 'etag' | 'headers' | 'segments'>,
  ): KeptVersion {
    const bucket = bucketNamed(store, to.bucket)
    const added = store.versions.add(transaction, bucket, checkKey(to.key), Date.now(), content)
    events.emit(transaction, type, bucket, added)
    return kept(added)
  }

  return {
    async put(to, chunks) {
      bucketNamed(store, to.bucket)
      checkKey(to.key)
      const md5 = createHash('md5')
      const segment = await store.blobs.write(hashed(chunks, md5))
      const content = { size: segment[2], etag: md5.digest('hex'), headers: to.headers, segments: [segment] }
      return store.commit(transaction => keep(transaction, to, 'b2:ObjectCreated:Upload', content))
    },
    copy(from, to) {
      return store.commit(transaction => {
        const { size, etag, segments } = findVersion(
          { store },
          bucketNamed(store, from.bucket),
          from.key,
          from.versionId,
        )
        return keep(transaction, to, 'b2:ObjectCreated:Copy', { size, etag, segments, headers: to.headers })
      })
    },
    open(from) {
      const version = findVersion({ store }, bucketNamed(store, from.bucket), from.key, from.versionId)
      return { version: kept(version), ...store.blobs.read(version.segments) }
    },
    async remove({ bucket, key, versionId }) {
      await store.commit(transaction => {
        deleteOne({ store, events, now: Date.now() }, transaction, bucketNamed(store, bucket), key, versionId)
      })
    },
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
