import { errorEntry } from '@darkroom/contracts'
import { isAppError } from '@darkroom/core'
import type { StoredObject } from '@darkroom/db/assets'
import type { ObjectStore } from '@darkroom/storage'

/** Failures in a row, without a byte between them, after which a file is given up. */
const MOST_FAILURES = 3

/**
 * Reads an object as it comes, one chunk at a time. Where the store cuts it off, it goes on with what is missing: a download
 * of hours must not end because of a moment.
 */
export async function* resumedBytes(
  store: ObjectStore,
  { bucket, key, versionId, etag }: StoredObject,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  let sent = 0
  for (let failures = 0; ; ) {
    try {
      const from = { bucket, key, versionId, ...(etag !== null && { etag }), ...(sent > 0 && { start: sent }) }
      const { body } = await store.get(from, { signal })
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        failures = 0
        sent += chunk.length
        yield chunk
      }
      return
    } catch (error) {
      failures++
      const isPassing = isAppError(error) && errorEntry(error.code).retryable
      if (signal.aborted || !isPassing || failures >= MOST_FAILURES) throw error
    }
  }
}
