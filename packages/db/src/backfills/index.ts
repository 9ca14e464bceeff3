export {
  type AssetSelection,
  type KindDuration,
  measureSelection,
  type PlannableAsset,
  readPlannable,
  recentDurations,
} from './backfill-assets.ts'
export { stepBackfill } from './backfill-step.ts'
export {
  type BackfillAction,
  type BackfillRecord,
  changeBackfill,
  countEnded,
  createBackfill,
  findActiveBackfills,
  findBackfill,
  inCanary,
  judgeBackfill,
  listBackfills,
  lockBackfill,
  openJobs,
} from './backfills.ts'
