import { findPurgeable } from '@darkroom/db'
import { purgeObjects } from './purge-objects.ts'
import { BATCH, type Task } from './task.ts'

/** Deletes what was given up from the store, in two passes. Goes on while there is more: a backfill gives up thousands. */
export const purgeDoomed: Task = {
  name: 'purge doomed objects',
  everyMs: 15_000,
  async run(deps, signal) {
    for (;;) {
      const doomed = await findPurgeable(deps.database.db, BATCH)
      await purgeObjects(deps, doomed, { signal })
      if (doomed.length < BATCH) return
      signal.throwIfAborted()
    }
  },
}
