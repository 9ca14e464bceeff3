export { adoptDetectedType } from './adopt-detected-type.ts'
export { cancelJob } from './cancel-job.ts'
export {
  type ClaimedJob,
  claimJob,
  findLostLeases,
  isLeaseOver,
  type LostJob,
  renewLeases,
  requeueLostJob,
} from './claim.ts'
export {
  type Dispatch,
  findUnclaimed,
  findUnwanted,
  findWaitingWork,
  forgetDispatches,
  keepDispatches,
  takeDispatches,
  undoDispatches,
} from './dispatch.ts'
export { assertHeld, changeAssetOfRun, fenced, type Lease } from './fence.ts'
export { completeImport, type ImportedBytes, reserveImport } from './import-run.ts'
export { finishMove, type LostFile, type MovedFile, type PlannedMove, planMove } from './move-run.ts'
export { noteProgress } from './note-progress.ts'
export { type PlannedObject, type PlannedRow, planRun, type RunPlan, storeOriginal } from './plan-run.ts'
export { failVariant, publishVariant, variantsMadeByJob } from './publish-variant.ts'
export { listQueueStates, pauseQueues, resumeQueues } from './queue-states.ts'
export { countRequeueable, type RequeueCount, requeueJob, requeueJobs } from './requeue.ts'
export { endJob, type RunEnd, returnJob, setJobSource } from './settle.ts'
export { completeRun, failAssetOfRun, type Rest, setWarnings, toldWarnings } from './settle-asset.ts'
