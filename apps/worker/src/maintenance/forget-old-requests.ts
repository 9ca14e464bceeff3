import { deleteOldArchives } from '@darkroom/db/assets'
import { deleteOldIdempotencyKeys, deleteOldRateWindows } from '@darkroom/db/projects'
import type { Task } from './task.ts'

/** Forgets what was remembered of requests: idempotency keys and archives for a day, counts for two minutes. */
export const forgetOldRequests: Task = {
  name: 'forget old idempotency keys, archives and request counts',
  everyMs: 60_000,
  async run({ database }) {
    await database.withoutStatementTimeout(deleteOldIdempotencyKeys)
    await deleteOldArchives(database.db)
    await deleteOldRateWindows(database.db)
  },
}
