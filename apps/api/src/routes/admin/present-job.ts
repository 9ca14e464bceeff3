import { type AdminJob, QUEUE_NAMES } from '@darkroom/contracts'
import type { AdminJobRow } from '@darkroom/db/jobs'
import { z } from 'zod'
import { presentJob } from '../../presenters/asset.ts'

const QueueOfRow = z.enum(QUEUE_NAMES)

/** Presents a job as an admin sees it. */
export const presentAdminJob = ({ job, filename }: AdminJobRow): AdminJob => ({
  ...presentJob(job),
  projectId: job.projectId,
  queue: QueueOfRow.parse(job.queue),
  filename,
  dispatchedAt: job.dispatchedAt?.toISOString() ?? null,
  leaseUntil: job.leaseUntil?.toISOString() ?? null,
  requestId: job.requestId,
})
