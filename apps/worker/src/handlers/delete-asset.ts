import { done, snoozed } from '@darkroom/core'
import { pendingPurges, raiseRevision } from '@darkroom/db/assets'
import { finishDeletion, markAssetPurged } from '@darkroom/db/deletion'
import { endJob, fenced } from '@darkroom/jobs/sql'
import { purgeObjects } from '../purge-objects.ts'
import type { Handler } from './handler.ts'

/**
 * Removes every version of every object of an asset: at once, and once more when no signed URL and no late worker can
 * write a key any more. Only then it is deleted.
 */
export const deleteAsset: Handler = {
  async run(deps, { asset, signal }) {
    const { db } = deps.database
    const { due } = await pendingPurges(db, asset.id)
    await purgeObjects(deps, due, { signal })
    await db.transaction(tx => markAssetPurged(tx, asset.id))
    const { secondsToLast } = await pendingPurges(db, asset.id)
    return secondsToLast === null ? done() : snoozed(Math.max(1, secondsToLast) * 1000)
  },

  complete: ({ database }, { lease, asset }, end) =>
    fenced(database.db, lease, async tx => {
      await finishDeletion(tx, asset.id)
      await endJob(tx, lease, 'succeeded', end)
    }),

  // The tombstone stands; what is left are doomed objects, which maintenance goes on purging.
  onFailed: async (tx, _deps, { asset }) => void (await raiseRevision(tx, asset.id, 'job.failed')),
}
