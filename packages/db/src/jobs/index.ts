export type { JobAttemptRow, JobRow } from '../schema/jobs.ts'
export type { QueueState, WorkerRow } from '../schema/operations.ts'
export { type AdminJobRow, findAdminJob, listAdminJobs } from './admin-jobs.ts'
export { cancelJob } from './cancel-job.ts'
export {
  type ClaimedJob,
  claimJob,
  findLostLeases,
  isLeaseOver,
  LOST,
  type LostJob,
  renewLeases,
  requeueLostJob,
} from './claims.ts'
export {
  type Dispatch,
  findUnclaimed,
  findUnwanted,
  findWaitingWork,
  keepDispatches,
  takeDispatches,
  undoDispatches,
} from './dispatch.ts'
export { assertHeld, changeAssetOfRun, fenced, type Lease, waitBriefly } from './fence.ts'
export {
  endJob,
  findJob,
  findShownJob,
  JOBS_CHANNEL,
  latestJobOfAsset,
  type RunEnd,
  returnJob,
  setJobSource,
} from './jobs.ts'
export { noteProgress } from './note-progress.ts'
export { type PlannedRow, planRun, type RunPlan, storeOriginal } from './plan-run.ts'
export { failVariant, publishVariant, variantsMadeByJob } from './publish-variant.ts'
export { forgetDispatches, type QueueNumbers, readQueueNumbers } from './queue-overview.ts'
export { listQueueStates, pauseQueues, resumeQueues } from './queue-states.ts'
export { type Reprocess, reprocessAsset } from './reprocess.ts'
export { countRequeueable, type RequeueCount, requeueJob, requeueJobs } from './requeue.ts'
export { completeRun, failAssetOfRun, type Rest, setWarnings, toldWarnings } from './settle-asset.ts'
export {
  dropDeadWorkers,
  kindsWithoutTools,
  livingWorkers,
  markDraining,
  registerWorker,
  removeWorker,
} from './workers.ts'
