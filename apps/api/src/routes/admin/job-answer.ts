import { type AdminJob, appError } from '@darkroom/contracts'
import type { Tx } from '@darkroom/db/client'
import { findAdminJob, type JobRow } from '@darkroom/db/jobs'
import type { FastifyRequest } from 'fastify'
import { audited } from '../../audit/audited.ts'
import type { Work } from '../../idempotency/idempotent.ts'
import { raise } from '../route.ts'
import { presentAdminJob } from './present-job.ts'

interface WantedJob {
  id: string
  /** Null: of any project. */
  projectId: string | null
}

/** Reads a job and presents it as an answer of its own. @throws NOT_FOUND */
export async function jobAnswer(tx: Tx, job: WantedJob | null): Promise<{ job: AdminJob }> {
  const found = job && (await findAdminJob(tx, job))
  if (!found) throw appError('NOT_FOUND')
  return { job: presentAdminJob(found) }
}

/** Returns an operation on one job that runs once for each idempotency key, and is in the audit log. */
export const jobWork = (
  request: FastifyRequest,
  wanted: WantedJob,
  act: (tx: Tx, wanted: WantedJob) => Promise<JobRow | null>,
): Work<WantedJob, string> => ({
  perform: commit =>
    commit(async tx => {
      const changed = ({ id, projectId }: JobRow) => ({ target: id, projectId })
      return (await audited(tx, request, () => act(tx, wanted), changed)) ?? raise('NOT_FOUND')
    }),
  outcomeOf: job => job.id,
  recall: async id => ({ ...wanted, id }),
})
