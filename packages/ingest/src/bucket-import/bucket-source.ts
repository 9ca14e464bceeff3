import { appError } from '@darkroom/contracts'
import { isAppError } from '@darkroom/core'
import { isCopyUnsupported, type ObjectHead, type ObjectStore, type Pin } from '@darkroom/storage'

/** A bucket whose objects become assets. */
export interface BucketSource {
  endpoint: string
  bucket: string
  /** With a key that may list and read it. */
  store: ObjectStore
  /** Whether it lies in the same store as our own buckets, which can then copy its objects itself. */
  isSameStore: boolean
}

export interface SourceObject extends ObjectHead {
  key: string
}

/** Brings the pinned bytes of an object to a place in our store. */
export type Deliver = (
  object: SourceObject,
  to: { bucket: string; key: string; contentType: string },
  signal: AbortSignal,
) => Promise<Pin>

/**
 * Creates what brings objects here: a copy inside the store where it can, with the key that reads; else they are streamed through this
 * process, in parts, and never on its disk. Whether the key may write to our bucket is found out once.
 */
export function createDeliver(source: BucketSource, store: ObjectStore): Deliver {
  let mayCopy = source.isSameStore
  return async (object, { contentType, ...to }, signal) => {
    const { key, versionId, etag, byteSize } = object
    const from = { bucket: source.bucket, key, versionId, etag }
    if (mayCopy) {
      try {
        return await source.store.copy({ from: { ...from, byteSize }, to, contentType }, { signal })
      } catch (error) {
        const isForbidden = isAppError(error, 'STORE_CREDENTIALS')
        if (!isForbidden && !isCopyUnsupported(error)) throw error
        if (isForbidden) mayCopy = false
      }
    }
    const body = readObject(source.store, { ...from, byteSize }, signal)
    const stored = await store.putStream({ ...to, body, byteSize, contentType }, { signal })
    if (stored.byteSize === byteSize) return stored
    throw appError('STORE_UNAVAILABLE', `The source sent ${stored.byteSize} of ${byteSize} bytes.`)
  }
}

/** Streams the pinned bytes, and goes on where the connection was cut, as long as every attempt brings something. */
async function* readObject(
  store: ObjectStore,
  { byteSize, ...from }: { bucket: string; key: string; versionId: string | null; etag: string; byteSize: number },
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for (let start = 0, before = -1; ; ) {
    try {
      before = start
      const { body } = await store.get({ ...from, start }, { signal })
      for await (const chunk of body as AsyncIterable<Buffer>) {
        start += chunk.length
        yield chunk
      }
      return
    } catch (error) {
      const mayGoOn = isAppError(error, 'STORE_UNAVAILABLE') && start > before && start < byteSize
      if (signal.aborted || !mayGoOn) throw error
    }
  }
}
