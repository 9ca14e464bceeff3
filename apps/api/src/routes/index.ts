import { ADMIN_ROUTES } from './admin/index.ts'
import { createArchiveRoute } from './archives/create.ts'
import { openArchiveRoute } from './archives/open.ts'
import { bulkAssetsRoute } from './assets/bulk.ts'
import { countAssetsRoute } from './assets/count.ts'
import { deleteAssetRoute } from './assets/delete.ts'
import { downloadAssetRoute } from './assets/download.ts'
import { assetEventsRoute } from './assets/events.ts'
import { getAssetRoute } from './assets/get.ts'
import { listAssetsRoute } from './assets/list.ts'
import { assetManifestRoute } from './assets/manifest.ts'
import { patchAssetRoute } from './assets/patch.ts'
import { receiptRoute } from './assets/receipt.ts'
import { reprocessAssetRoute } from './assets/reprocess.ts'
import { assetStatusRoute } from './assets/status.ts'
import { takedownRoute } from './assets/takedown.ts'
import { BACKFILL_CHANGE_ROUTES } from './backfills/change.ts'
import { getBackfillRoute, listBackfillsRoute } from './backfills/read.ts'
import { listEventsRoute } from './events/list.ts'
import { listFoldersRoute } from './folders/list.ts'
import { createFormRoute } from './forms/create.ts'
import { sendFormRoute } from './forms/send.ts'
import { b2EventsRoute } from './hooks/b2.ts'
import { createImportRoute } from './imports/create.ts'
import { getJobRoute } from './jobs/get.ts'
import { FOR_OPERATORS, FOR_PROJECTS } from './keys/access-scopes.ts'
import { createKeyOfProjectRoute, createKeyRoute, createOperatorKeyRoute } from './keys/create.ts'
import { currentKeyRoute } from './keys/current.ts'
import { getKeyRoute } from './keys/get.ts'
import { listEveryKeyRoute, listKeysOfProjectRoute, listKeysRoute } from './keys/list.ts'
import { revokeKeyRoute } from './keys/revoke.ts'
import { rotateKeyRoute } from './keys/rotate.ts'
import { applyPresetRoute } from './presets/apply.ts'
import { createPresetRoute } from './presets/create.ts'
import { getPresetRoute, getPresetVersionRoute } from './presets/get.ts'
import { listPresetsRoute } from './presets/list.ts'
import { planPresetRoute } from './presets/plan.ts'
import { previewPresetRoute } from './presets/preview.ts'
import { createProjectRoute } from './projects/create.ts'
import { deleteProjectRoute } from './projects/delete.ts'
import { getProjectRoute } from './projects/get.ts'
import { listProjectsRoute } from './projects/list.ts'
import { patchProjectRoute } from './projects/patch.ts'
import { restoreProjectRoute } from './projects/restore.ts'
import type { Route } from './route.ts'
import { createShareRoute } from './shares/create.ts'
import { followShareRoute } from './shares/follow.ts'
import { getShareRoute } from './shares/get.ts'
import { listSharesRoute } from './shares/list.ts'
import { revokeShareRoute } from './shares/revoke.ts'
import { healthRoute, readinessRoute } from './system/health.ts'
import { metricsRoute } from './system/metrics.ts'
import { statusRoute } from './system/status.ts'
import { listTagsRoute } from './tags/list.ts'
import { tusRoutes } from './tus/index.ts'
import { abortUploadRoute } from './uploads/abort.ts'
import { confirmUploadRoute } from './uploads/confirm.ts'
import { confirmUploadsRoute } from './uploads/confirm-many.ts'
import { createUploadRoute } from './uploads/create.ts'
import { createUploadsRoute } from './uploads/create-many.ts'
import { getUploadRoute } from './uploads/get.ts'
import { signPartsRoute } from './uploads/parts.ts'
import { renewUploadRoute } from './uploads/renew.ts'
import {
  reconcileUsageRoute,
  usageDaysOfProjectRoute,
  usageDaysRoute,
  usageOfProjectRoute,
  usageRoute,
} from './usage.ts'
import { viewFileRoute } from './views/file.ts'
import { openViewRoute } from './views/open.ts'
import { getDeliveryRoute, listDeliveriesRoute, redeliverRoute } from './webhooks/deliveries.ts'
import {
  createWebhookRoute,
  deleteWebhookRoute,
  getWebhookRoute,
  listWebhooksRoute,
  patchWebhookRoute,
  rotateWebhookRoute,
} from './webhooks/endpoints.ts'
import { replayWebhookRoute, testWebhookRoute } from './webhooks/replay.ts'

/** Every operation of the contract. */
export const ROUTES: Route[] = [
  createUploadRoute,
  createUploadsRoute,
  getUploadRoute,
  renewUploadRoute,
  signPartsRoute,
  confirmUploadRoute,
  confirmUploadsRoute,
  abortUploadRoute,
  tusRoutes,
  createFormRoute,
  sendFormRoute,
  createImportRoute,
  listAssetsRoute,
  countAssetsRoute,
  assetStatusRoute,
  bulkAssetsRoute,
  listFoldersRoute,
  listTagsRoute,
  getAssetRoute,
  assetEventsRoute,
  patchAssetRoute,
  deleteAssetRoute,
  reprocessAssetRoute,
  downloadAssetRoute,
  assetManifestRoute,
  openViewRoute,
  viewFileRoute,
  takedownRoute,
  receiptRoute,
  createArchiveRoute,
  openArchiveRoute,
  createShareRoute,
  listSharesRoute,
  getShareRoute,
  revokeShareRoute,
  followShareRoute,
  getJobRoute,
  listPresetsRoute,
  createPresetRoute,
  getPresetRoute,
  getPresetVersionRoute,
  previewPresetRoute,
  planPresetRoute,
  applyPresetRoute,
  listBackfillsRoute,
  getBackfillRoute,
  ...BACKFILL_CHANGE_ROUTES,
  listEventsRoute,
  listWebhooksRoute,
  createWebhookRoute,
  getWebhookRoute,
  patchWebhookRoute,
  deleteWebhookRoute,
  rotateWebhookRoute,
  listDeliveriesRoute,
  getDeliveryRoute,
  redeliverRoute,
  replayWebhookRoute,
  testWebhookRoute,
  statusRoute,
  healthRoute,
  readinessRoute,
  metricsRoute,
  b2EventsRoute,
  ...ADMIN_ROUTES,
  createProjectRoute,
  listProjectsRoute,
  getProjectRoute,
  patchProjectRoute,
  deleteProjectRoute,
  restoreProjectRoute,
  createKeyOfProjectRoute,
  listKeysOfProjectRoute,
  createKeyRoute,
  currentKeyRoute,
  listKeysRoute,
  createOperatorKeyRoute,
  listEveryKeyRoute,
  ...[FOR_OPERATORS, FOR_PROJECTS].flatMap(door => [getKeyRoute(door), rotateKeyRoute(door), revokeKeyRoute(door)]),
  usageRoute,
  usageOfProjectRoute,
  reconcileUsageRoute,
  usageDaysRoute,
  usageDaysOfProjectRoute,
]
