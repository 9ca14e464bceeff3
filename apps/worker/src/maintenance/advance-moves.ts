import { stepMove } from '@darkroom/db/operations'
import { findActiveMoves } from '@darkroom/db/projects'
import type { Task } from './task.ts'

/** Makes jobs for the assets of projects that became private, a few at a time. Whoever holds the row of a move leads it. */
export const advanceMoves: Task = {
  name: 'continue moves out of the public bucket',
  everyMs: 2000,
  async run({ database: { db }, settings: { publicBucket } }, signal) {
    for (const projectId of await findActiveMoves(db)) {
      while (!signal.aborted && (await db.transaction(tx => stepMove(tx, projectId, { publicBucket }))));
    }
  },
}
