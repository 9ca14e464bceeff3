import { deleteOldIdempotencyKeys, deleteOldRateWindows } from '@darkroom/db/projects'
import type { Task } from './task.ts'

/** Forgets what was remembered of requests: idempotency keys for a day, counts for two minutes. */
export const forgetOldRequests: Task = {
  name: 'forget old idempotency keys and request counts',
  everyMs: 60_000,
  async run({ database }) {
    await database.withoutStatementTimeout(deleteOldIdempotencyKeys)
    await deleteOldRateWindows(database.db)
  },
}
