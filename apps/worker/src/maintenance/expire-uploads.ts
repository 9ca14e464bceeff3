import { expireAsset, findExpiredAssets } from '@darkroom/db/deletion'
import { BATCH, type Task } from './task.ts'

/** Ends uploads that were not confirmed in time; what arrived of them is given up. */
export const expireUploads: Task = {
  name: 'expire uploads that were not confirmed',
  everyMs: 15_000,
  async run({ database }) {
    for (const asset of await findExpiredAssets(database.db, BATCH)) {
      await database.db.transaction(tx => expireAsset(tx, asset.id))
    }
  },
}
