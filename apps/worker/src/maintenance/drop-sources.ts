import { dropSource, findExpiredSources } from '@darkroom/db/deletion'
import { BATCH, type Task } from './task.ts'

/** Gives up the bytes of assets that failed long ago. */
export const dropSources: Task = {
  name: 'drop sources of assets that failed long ago',
  everyMs: 60_000,
  async run({ database }) {
    for (const asset of await findExpiredSources(database.db, BATCH)) {
      await database.db.transaction(tx => dropSource(tx, asset.id))
    }
  },
}
