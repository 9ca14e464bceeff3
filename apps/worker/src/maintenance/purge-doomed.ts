import { findPurgeable } from '@darkroom/db/assets'
import { purgeObjects } from '../purge-objects.ts'
import { BATCH, type Task } from './task.ts'

/** Deletes what was given up from the store, in two passes. Goes on while there is more: a backfill gives up thousands. */
export const purgeDoomed: Task = {
  name: 'purge doomed objects',
  everyMs: 15_000,
  async run(deps, signal) {
    for (;;) {
      const due = await findPurgeable(deps.database.db, BATCH)
      await purgeObjects(deps, due, { signal })
      if (due.length < BATCH) return
    }
  },
}
