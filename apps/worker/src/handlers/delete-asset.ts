import { pendingPurges, raiseRevision } from '@darkroom/db/assets'
import { finishDeletion, markAssetPurged } from '@darkroom/db/deletion'
import type { Handler } from '@darkroom/jobs/handler'
import type { WorkerDeps } from '../deps.ts'
import { purgeObjects } from '../purge-objects.ts'

/**
 * Removes every version of every object of an asset: at once, and once more when no signed URL and no late worker can
 * write a key any more. Only then it is deleted.
 */
export const deleteAsset = (deps: WorkerDeps): Handler<null> => ({
  async run({ asset, signal }) {
    const { db } = deps.database
    const { due } = await pendingPurges(db, asset.id)
    await purgeObjects(deps, due, { signal })
    await db.transaction(tx => markAssetPurged(tx, asset.id))
    const { secondsToLast } = await pendingPurges(db, asset.id)
    if (secondsToLast === null) return { type: 'done', result: null }
    return { type: 'snoozed', delayMs: Math.max(1, secondsToLast) * 1000 }
  },

  complete: (run, _result, end) => run.succeed(end, tx => finishDeletion(tx, run.asset.id)),

  // The tombstone stands; what is left are doomed objects, which maintenance goes on purging.
  onFailed: async (tx, { asset }) => void (await raiseRevision(tx, asset.id, 'job.failed')),
})
