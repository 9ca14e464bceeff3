import { markPurged, postponePurge, type StoredObject } from '@darkroom/db/assets'
import { md5OfEtag } from '@darkroom/storage'
import type { WorkerDeps } from './deps.ts'

export interface PurgeOptions {
  signal?: AbortSignal
  /**
   * Deletes only the version that the row knows, where it knows one: one request, for a run that clears up behind itself.
   * Whatever else the key has goes in the second pass.
   */
  onlyKnownVersion?: boolean
}

/**
 * Deletes doomed objects from the store, then says so in their rows. A kill in between repeats it. One that the store does
 * not let go is tried again later and holds up none of the others.
 * @throws what the store said of the first that could not be deleted, after all have been tried
 */
export async function purgeObjects(
  { store, database, faults }: Pick<WorkerDeps, 'store' | 'database' | 'faults'>,
  doomed: StoredObject[],
  { signal, onlyKnownVersion = false }: PurgeOptions = {},
): Promise<void> {
  const failures: unknown[] = []
  for (const object of doomed) {
    const { id, bucket, key, versionId } = object
    try {
      if (onlyKnownVersion && versionId) await store.deleteVersion({ bucket, key, versionId }, { signal })
      else await store.purge({ bucket, key }, { signal, multiparts: mayHaveOpenUploads(object) })
      faults.crashpoint('purge.after-delete')
      await markPurged(database.db, id)
    } catch (error) {
      signal?.throwIfAborted()
      failures.push(error)
      await postponePurge(database.db, id)
    }
  }
  if (failures.length > 0) throw failures[0]
}

/**
 * Tells whether multipart uploads of an object may still be open: it never went live, or it came in parts, which its
 * ETag tells, and its upload was opened twice because the first answer was lost.
 */
const mayHaveOpenUploads = ({ bytes, etag }: StoredObject): boolean =>
  bytes === null || etag === null || md5OfEtag(etag) === null
