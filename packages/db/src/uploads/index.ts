export type { TusUpload, Upload } from '../schema/assets.ts'
export type { BucketImportObject, BucketImportRow } from '../schema/bucket-imports.ts'
export type { ImportRow } from '../schema/imports.ts'
export type { InboxEvent } from '../schema/operations.ts'
export { admitUpload, type RecordedUpload } from './admit-upload.ts'
export { type Admission, admitUploads, type UploadCandidate } from './admit-uploads.ts'
export { type AssetSource, sourceOfAsset } from './asset-source.ts'
export {
  advanceBucketImport,
  type BucketObjectId,
  claimBucketObject,
  endBucketImport,
  findBucketImport,
  findBucketObjects,
  findOpenBucketObjects,
  forgetBucketObject,
  markBucketObjectFailed,
  markBucketObjectImported,
  openBucketImport,
} from './bucket-imports.ts'
export { type ArrivedUpload, type ConfirmedBy, confirmUpload, confirmUploads, findConfirmed } from './confirm-upload.ts'
export { createUpload, type NewUpload } from './create-uploads.ts'
export { createImport, findImport } from './imports.ts'
export {
  deleteOldInboxEvents,
  finishInboxEvent,
  INBOX_CHANNEL,
  insertInboxEvents,
  type NewInboxEvent,
  takeInboxEvents,
} from './inbox.ts'
export { storeWaitingOriginal, takeUnpromoted, type UnpromotedAsset } from './promotion.ts'
export {
  askWriterToEnd,
  findTusUpload,
  insertRest,
  type Received,
  recordReceived,
  releaseWriter,
  renewWriter,
  takeWriter,
} from './tus-uploads.ts'
export { isEventOverdue, retryUploadCheck, takeUploadsToCheck } from './upload-checks.ts'
export {
  extendPresign,
  findUpload,
  findUploadByKey,
  findUploads,
  projectOfUpload,
  setStoreUploadId,
  setUploadSize,
  type UploadWithAsset,
  uploadOfAsset,
} from './uploads.ts'
