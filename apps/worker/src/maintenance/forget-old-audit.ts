import { deleteOldAuditEntries } from '@darkroom/db/operations'
import { BATCH, type Task } from './task.ts'

/** Changes of admins are kept for more than a year. */
export const forgetOldAudit: Task = {
  name: 'forget old entries of the audit log',
  everyMs: 3_600_000,
  async run({ database }, signal) {
    while (!signal.aborted && (await deleteOldAuditEntries(database.db, BATCH)) === BATCH);
  },
}
