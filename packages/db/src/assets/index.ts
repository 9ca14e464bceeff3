export type { AssetRow, StoredObject } from '../schema/assets.ts'
export type { ArchiveRow, ShareRow } from '../schema/delivery.ts'
export { type AssetFile, createArchive, deleteOldArchives, findArchive, findFiles } from './archives.ts'
export { countAssets } from './asset-counts.ts'
export type { AssetPlace } from './asset-order.ts'
export { searchAssets } from './asset-search.ts'
export { type AssetSummaryRow, summarizeAssets } from './asset-summaries.ts'
export { type AssetChange, raiseRevision, transitionAsset } from './asset-transitions.ts'
export {
  type AssetRecord,
  findAsset,
  findAssets,
  findAssetWithin,
  findAssetWithJob,
  outdatedAmong,
  readAssetRecord,
  readAssetRecords,
  revisionsOf,
} from './assets.ts'
export { changeInBulk, filterOfBulk, findForBulk, isDeletion, outcomesOfBulk } from './bulk.ts'
export { endCdnPurges, noteCdnPurgeOfMove, takeCdnPurges } from './cdn-purges.ts'
export { foldFolders, listFolders } from './folders.ts'
export { findKnownContent, findOriginalOf, isContentBlocked } from './known-content.ts'
export {
  AFTER_GRACE,
  AFTER_RUN,
  doomObjects,
  doomUnpublished,
  findObject,
  findPurgeable,
  getObject,
  giveUpRun,
  insertObjects,
  markObjectLive,
  markPurged,
  objectsOfAsset,
  pendingPurges,
  postponePurge,
  WRITER_GRACE,
} from './objects.ts'
export { patchAsset, type Revisions } from './patch-asset.ts'
export { countDownload, createShare, findShare, getShare, listShares, revokeShare } from './shares.ts'
export { listTags, type TagCount } from './tags.ts'
export { failPendingVariants, standingVariants, variantFiles, variantsOfAsset } from './variants.ts'
