import { deleteIfDue, findDueAssets } from '@darkroom/db/deletion'
import { BATCH, type Task } from './task.ts'

/** Deletes assets whose time to be restored is over. */
export const deleteDueAssets: Task = {
  name: 'delete assets that nobody restored',
  everyMs: 5000,
  async run({ database }, signal) {
    for (let due = BATCH; due === BATCH && !signal.aborted; ) {
      const found = await findDueAssets(database.db, BATCH)
      for (const { id } of found) await deleteIfDue(database.db, id)
      due = found.length
    }
  },
}
