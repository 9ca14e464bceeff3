import { deleteOldDeliveries } from '@darkroom/db/webhooks'
import { BATCH, type Task } from './task.ts'

const KEEP_DAYS = 30

/** What was sent, and what came of it, is kept for a while for the owner to look at. */
export const forgetOldDeliveries: Task = {
  name: 'forget old webhook deliveries',
  everyMs: 600_000,
  async run({ database }, signal) {
    while (!signal.aborted && (await deleteOldDeliveries(database.db, KEEP_DAYS, BATCH)) === BATCH);
  },
}
