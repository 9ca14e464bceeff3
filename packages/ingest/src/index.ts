export { acceptedTypes, acceptType, type TypeRules, typeToTry } from './accepted-types.ts'
export type { BucketSource } from './bucket-import/bucket-source.ts'
export { type BucketImportOptions, BucketImportStopped, importBucket } from './bucket-import/import-bucket.ts'
export type { ObjectOutcome } from './bucket-import/import-object.ts'
export { type BucketSurvey, surveyBucket } from './bucket-import/survey-bucket.ts'
export { IngestConfig } from './config.ts'
export { confirmAllArrived, confirmArrived } from './confirm-arrived.ts'
export type { OpenUploadDeps, UploadSettings } from './deps.ts'
export { cleanFilename } from './filename.ts'
export { openMultipart, type Place, partLayoutOf, placeOf } from './multipart-upload.ts'
export { type OpenedUpload, openUpload } from './open-upload.ts'
export { type BatchedUpload, openUploads } from './open-uploads.ts'
export { divideUpload, MAX_SINGLE_PUT_BYTES } from './part-layout.ts'
export { presetSelectorOf } from './preset-selector.ts'
export { receiveStream } from './receive-stream.ts'
export { presignExpiry, signParts, signUpload } from './sign-upload.ts'
export { appendBytes } from './tus/append-bytes.ts'
export { completeTusUpload } from './tus/complete-tus-upload.ts'
export { asOnlyWriter, type Writer } from './tus/only-writer.ts'
export { openTusUpload } from './tus/open-tus-upload.ts'
export {
  assertUploadOpen,
  closedUploadError,
  isPermanentUploadError,
  readClosedUploadError,
} from './upload-errors.ts'
