export type { JobAttemptRow, JobRow } from '../schema/jobs.ts'
export type { QueueState, WorkerRow } from '../schema/operations.ts'
export { type AdminJobRow, findAdminJob, listAdminJobs } from './admin-jobs.ts'
export { causeOfJob, correlationOf, type JobCause } from './job-cause.ts'
export { type JobFilter, jobIds } from './job-ids.ts'
export {
  closeOpenAttempts,
  findJob,
  findShownJob,
  insertJob,
  JOBS_CHANNEL,
  LOST,
  latestJobOfAsset,
  notifyJobs,
} from './jobs.ts'
export { type QueueNumbers, readQueueNumbers } from './queue-overview.ts'
export { type Reprocess, reprocessAsset } from './reprocess.ts'
export {
  dropDeadWorkers,
  isLiving,
  kindsWithoutTools,
  livingWorkers,
  markDraining,
  registerWorker,
  removeWorker,
} from './workers.ts'
