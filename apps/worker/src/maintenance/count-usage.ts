import { foldFolders } from '@darkroom/db/assets'
import { foldUsage, reconcileUsage } from '@darkroom/db/projects'
import { runExclusive } from './run-exclusive.ts'
import type { Task } from './task.ts'

const DAY_MS = 86_400_000
/** Changes that are added up in one transaction. */
const FOLD_BATCH = 5000

/** Adds the changes to what projects have to their totals, so that reading them stays cheap. */
export const foldUsageDeltas: Task = {
  name: 'fold usage',
  everyMs: 10_000,
  async run({ database }, signal) {
    while (!signal.aborted && (await foldUsage(database.db, FOLD_BATCH)) === FOLD_BATCH);
  },
}

/** The same for what lies in folders. */
export const foldFolderDeltas: Task = {
  name: 'fold folders',
  everyMs: 10_000,
  async run({ database }, signal) {
    const fold = () => database.db.transaction(tx => foldFolders(tx, FOLD_BATCH))
    while (!signal.aborted && (await fold()) === FOLD_BATCH);
  },
}

/** Counts once a day from the rows what projects have, and corrects what was counted on the way. */
export const reconcileUsageDaily: Task = {
  name: 'reconcile usage',
  everyMs: DAY_MS / 24,
  run: (deps, signal) =>
    runExclusive(deps, { task: 'usage', everySec: DAY_MS / 1000 }, signal, async () => {
      const corrections = await deps.database.withoutStatementTimeout(db => db.transaction(reconcileUsage))
      for (const correction of corrections) deps.logger.info({ correction }, 'the usage of a project was corrected')
    }),
}
