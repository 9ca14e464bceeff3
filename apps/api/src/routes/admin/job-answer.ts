import { type AdminJob, appError } from '@darkroom/contracts'
import { findAdminJob, type Tx } from '@darkroom/db'
import { presentAdminJob } from './present-job.ts'

/** A job as it is answered alone. @throws NOT_FOUND */
export async function jobAnswer(
  tx: Tx,
  job: { id: string; projectId: string | null } | null,
): Promise<{ job: AdminJob }> {
  const found = job && (await findAdminJob(tx, job))
  if (!found) throw appError('NOT_FOUND')
  return { job: presentAdminJob(found) }
}
