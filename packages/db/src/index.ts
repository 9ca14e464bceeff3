export { type AdvisoryLock, createDatabase, type Database, type DatabaseClient, isPrepared, type Tx } from './client.ts'
export { DatabaseConfig } from './config.ts'
export { isDatabaseUnavailable, isNotStorable, isProjectClosed } from './errors.ts'
export { DEFAULT_PROJECT, migrateDatabase } from './migrate.ts'
export { type AdminJobRow, findAdminJob, listAdminJobs } from './repositories/admin-jobs.ts'
export * from './repositories/alarms.ts'
export * from './repositories/api-keys.ts'
export * from './repositories/asset-events.ts'
export type { AssetPlace } from './repositories/asset-order.ts'
export { raiseRevision } from './repositories/asset-revision.ts'
export { searchAssets } from './repositories/asset-search.ts'
export { type AssetSummaryRow, summarizeAssets } from './repositories/asset-summaries.ts'
export * from './repositories/asset-transitions.ts'
export * from './repositories/assets.ts'
export {
  type AssetSelection,
  type KindDuration,
  measureSelection,
  type PlannableAsset,
  readPlannable,
  recentDurations,
} from './repositories/backfill-assets.ts'
export { stepBackfill } from './repositories/backfill-step.ts'
export * from './repositories/backfills.ts'
export { changeInBulk, deleteIfMeant, findForBulk } from './repositories/bulk.ts'
export * from './repositories/cancel-job.ts'
export { endCdnPurges, takeCdnPurges } from './repositories/cdn-purges.ts'
export * from './repositories/claims.ts'
export * from './repositories/confirm-upload.ts'
export * from './repositories/detected-type.ts'
export * from './repositories/dispatch.ts'
export * from './repositories/event-feed.ts'
export { EVENTS_CHANNEL } from './repositories/events.ts'
export * from './repositories/explain-asset.ts'
export { assertHeld, changeAssetOfRun, fenced, waitBriefly } from './repositories/fence.ts'
export { type FolderCount, foldFolders, listFolders } from './repositories/folders.ts'
export { type Gauges, readGauges } from './repositories/gauges.ts'
export * from './repositories/idempotency.ts'
export { completeImport, type ImportedBytes, reserveImport } from './repositories/import-run.ts'
export { createImport, findImport, type ImportRow } from './repositories/imports.ts'
export * from './repositories/inbox.ts'
export * from './repositories/jobs.ts'
export { findOriginalOf } from './repositories/known-content.ts'
export type { Lease } from './repositories/lease.ts'
export { finishMove, type LostFile, type MovedFile, type PlannedMove, planMove } from './repositories/move-asset.ts'
export { stepMove } from './repositories/move-step.ts'
export { findActiveMoves, findMove, type MoveRow } from './repositories/moves.ts'
export { type ScannedObject, scanObjects } from './repositories/object-scan.ts'
export * from './repositories/objects.ts'
export { readWorkHistory, type WorkHistory } from './repositories/outlook.ts'
export * from './repositories/patch-asset.ts'
export * from './repositories/plan-run.ts'
export * from './repositories/presets.ts'
export { noteProgress } from './repositories/progress.ts'
export * from './repositories/project-deletion.ts'
export { type DeletionStep, finishProjectDeletion, stepProjectDeletion } from './repositories/project-deletion-step.ts'
export type { StorePlaces } from './repositories/project-rows.ts'
export * from './repositories/projects.ts'
export * from './repositories/promotion.ts'
export * from './repositories/quarantine.ts'
export * from './repositories/queue-overview.ts'
export * from './repositories/queue-states.ts'
export * from './repositories/rate-windows.ts'
export * from './repositories/reprocess.ts'
export { countRequeueable, type RequeueCount, requeueJob, requeueJobs } from './repositories/requeue.ts'
export * from './repositories/settle-asset.ts'
export {
  countDownload,
  createShare,
  findShare,
  getShare,
  listShares,
  revokeShare,
  type ShareRow,
} from './repositories/shares.ts'
export * from './repositories/sources.ts'
export {
  findAssetWithin,
  findCopies,
  findTakedown,
  isContentBlocked,
  liftTakedown,
  listTakedowns,
  type TakedownRow,
  takeDown,
} from './repositories/takedowns.ts'
export { claimTurn, endTurn, keepTurn } from './repositories/task-turns.ts'
export * from './repositories/upload-checks.ts'
export * from './repositories/uploads.ts'
export * from './repositories/usage.ts'
export * from './repositories/variants.ts'
export * from './repositories/webhook-deliveries.ts'
export * from './repositories/webhook-endpoints.ts'
export * from './repositories/webhook-fan-out.ts'
export * from './repositories/webhook-sending.ts'
export * from './repositories/workers.ts'
export { everywhereForgotten, TRUST_MS } from './trust.ts'
export { waitForDatabase, waitForSchema } from './wait-for-database.ts'
