import { countEnded, findActiveBackfills, judgeBackfill, lockBackfill, stepBackfill } from '@darkroom/db/backfills'
import { allSettledOrThrow } from '../process-asset/all-settled-or-throw.ts'
import type { MaintenanceDeps, Task } from './task.ts'

/**
 * Goes on with every backfill: counts what has ended, judges the canary, makes the next jobs. Whoever holds the row of a
 * backfill leads it, for one transaction; a process that dies lets go of it with its connection.
 */
export const advanceBackfills: Task = {
  name: 'continue backfills',
  everyMs: 1000,
  async run(deps, signal) {
    const ids = await findActiveBackfills(deps.database.db)
    await allSettledOrThrow(
      ids.map(async id => {
        while (!signal.aborted && (await advance(deps, id)));
      }),
    )
  },
}

/** @returns whether there may be more to do now */
async function advance({ database: { db }, faults }: MaintenanceDeps, id: string): Promise<boolean> {
  const hasMore = await db.transaction(async tx => {
    const locked = await lockBackfill(tx, id)
    if (!locked) return false
    const mayHaveMore = await stepBackfill(tx, await judgeBackfill(tx, await countEnded(tx, locked)))
    faults.crashpoint('backfill.before-commit')
    return mayHaveMore
  })
  faults.crashpoint('backfill.after-commit')
  return hasMore
}
