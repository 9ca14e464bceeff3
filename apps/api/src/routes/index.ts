import { ADMIN_ROUTES } from './admin/index.ts'
import { bulkAssetsRoute } from './assets/bulk.ts'
import { deleteAssetRoute } from './assets/delete.ts'
import { downloadAssetRoute } from './assets/download.ts'
import { getAssetRoute } from './assets/get.ts'
import { listAssetsRoute } from './assets/list.ts'
import { assetManifestRoute } from './assets/manifest.ts'
import { patchAssetRoute } from './assets/patch.ts'
import { receiptRoute } from './assets/receipt.ts'
import { reprocessAssetRoute } from './assets/reprocess.ts'
import { assetStatusRoute } from './assets/status.ts'
import { takedownRoute } from './assets/takedown.ts'
import { listFoldersRoute } from './folders/list.ts'
import { b2EventsRoute } from './hooks/b2.ts'
import { getJobRoute } from './jobs/get.ts'
import type { Route } from './route.ts'
import { createShareRoute } from './shares/create.ts'
import { followShareRoute } from './shares/follow.ts'
import { listSharesRoute } from './shares/list.ts'
import { revokeShareRoute } from './shares/revoke.ts'
import { healthRoute, readinessRoute } from './system/health.ts'
import { metricsRoute } from './system/metrics.ts'
import { statusRoute } from './system/status.ts'
import { abortUploadRoute } from './uploads/abort.ts'
import { confirmUploadRoute } from './uploads/confirm.ts'
import { createUploadRoute } from './uploads/create.ts'
import { getUploadRoute } from './uploads/get.ts'
import { signPartsRoute } from './uploads/parts.ts'
import { renewUploadRoute } from './uploads/renew.ts'

/** Every operation of the contract. */
export const ROUTES: Route[] = [
  createUploadRoute,
  getUploadRoute,
  renewUploadRoute,
  signPartsRoute,
  confirmUploadRoute,
  abortUploadRoute,
  listAssetsRoute,
  assetStatusRoute,
  bulkAssetsRoute,
  listFoldersRoute,
  getAssetRoute,
  patchAssetRoute,
  deleteAssetRoute,
  reprocessAssetRoute,
  downloadAssetRoute,
  assetManifestRoute,
  takedownRoute,
  receiptRoute,
  createShareRoute,
  listSharesRoute,
  revokeShareRoute,
  followShareRoute,
  getJobRoute,
  statusRoute,
  healthRoute,
  readinessRoute,
  metricsRoute,
  b2EventsRoute,
  ...ADMIN_ROUTES,
]
