import { findPurgeable } from '@darkroom/db'
import { purgeObjects } from './purge-objects.ts'
import { BATCH, type Task } from './task.ts'

/** Deletes what was given up from the store, in two passes. */
export const purgeDoomed: Task = {
  name: 'purge doomed objects',
  everyMs: 15_000,
  async run(deps, signal) {
    await purgeObjects(deps, await findPurgeable(deps.database.db, BATCH), { signal })
  },
}
