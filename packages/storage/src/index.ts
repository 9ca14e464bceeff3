export { explainStoreFailure, knownFailureReasons } from './checks/failure-reasons.ts'
export { isCopyUnsupported } from './errors.ts'
export { bareEtag, md5OfEtag } from './etag.ts'
export type { InProcessObjects } from './in-process-store.ts'
export {
  BACKUP_PREFIX,
  KEY_PREFIXES,
  manifestKey,
  ORIGINAL_PREFIX,
  originalKey,
  prefixesOf,
  revisionOfManifest,
  uploadKey,
  variantKey,
} from './object-key.ts'
export type {
  CallOptions,
  CopyInput,
  CurrentObject,
  ListedMultipartUpload,
  ListedObject,
  ListedVersion,
  ObjectHead,
  ObjectRef,
  ObjectStore,
  Pin,
  PresignGetInput,
  PresignPutInput,
  PutInput,
  PutStreamInput,
  StoredPart,
} from './object-store.ts'
export { divideIntoParts, type PartLayout, partBytes } from './part-layout.ts'
export type { BucketSettings, LifecycleAction } from './provisioning/bucket-settings.ts'
export { corsRules, UPLOAD_OPERATIONS } from './provisioning/cors-rules.ts'
export { UPLOAD_DAYS } from './provisioning/lifecycle-actions.ts'
export {
  applyBucketPlan,
  type KeptSetting,
  type PlannedChange,
  type ProvisionPart,
  planBucket,
} from './provisioning/plan-bucket.ts'
export {
  noSecrets,
  PROVISION_PARTS,
  type ProvisionInput,
  type ProvisionPlan,
  type ProvisionResult,
  withProvisionPlan,
} from './provisioning/plan-provision.ts'
export { createProvisioningClient, type ProvisioningClient } from './provisioning/provisioning-client.ts'
export { createS3BucketAdministration } from './provisioning/s3-bucket-administration.ts'
export type { NewKey } from './provisioning/scoped-keys.ts'
export { createS3Store } from './s3-store.ts'
export type { S3StoreConfig } from './s3-store-config.ts'
export { ProvisionConfig, StorageConfig, type StorageSettings } from './storage-config.ts'
export { findStoreFault, refusePublicOriginals } from './store-fault.ts'
export { referencesIn, replaceReferences } from './text-references.ts'
