export type { TakedownRow } from '../schema/delivery.ts'
export type { ProjectDeletion } from '../schema/projects.ts'
export { deleteIfMeant, dropObjectsOfAsset, finishDeletion, markAssetPurged, startDeletion } from './delete-asset.ts'
export { dropSource, findExpiredSources } from './drop-source.ts'
export { abortUpload, expireAsset, findExpiredAssets } from './end-upload.ts'
export {
  beginProjectDeletion,
  countAssetRows,
  findDueDeletions,
  findProjectDeletion,
  requestProjectDeletion,
  restoreProject,
} from './project-deletion.ts'
export { finishProjectDeletion, stepProjectDeletion } from './project-deletion-step.ts'
export { deleteIfDue, findDueAssets } from './scheduled-deletions.ts'
export { findCopies, findTakedown, liftTakedown, listTakedowns, takeDown } from './takedowns.ts'
