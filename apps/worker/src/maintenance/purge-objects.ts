import { markPurged, postponePurge, type StoredObject } from '@darkroom/db'
import type { WorkerDeps } from '../deps.ts'

/**
 * Deletes every version of doomed objects from the store, then says so in their rows. A kill in between repeats it. One
 * that the store does not let go is tried again later and holds up none of the others.
 * @throws what the store said of the first that could not be deleted, after all have been tried
 */
export async function purgeObjects(
  { store, database }: Pick<WorkerDeps, 'store' | 'database'>,
  doomed: StoredObject[],
  signal?: AbortSignal,
): Promise<void> {
  const failures: unknown[] = []
  for (const { id, bucket, key } of doomed) {
    try {
      await store.deleteAll({ bucket, key }, { signal })
      await markPurged(database.db, id)
    } catch (error) {
      signal?.throwIfAborted()
      failures.push(error)
      await postponePurge(database.db, id)
    }
  }
  if (failures.length > 0) throw failures[0]
}
