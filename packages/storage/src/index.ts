export { isCopyUnsupported } from './errors.ts'
export { bareEtag, md5OfEtag } from './etag.ts'
export type { InProcessObjects } from './in-process-store.ts'
export { KEY_PREFIXES, originalKey, prefixesOf, uploadKey, variantKey } from './object-key.ts'
export type {
  CallOptions,
  CopyInput,
  ListedMultipartUpload,
  ListedVersion,
  ObjectHead,
  ObjectRef,
  ObjectStore,
  Pin,
  PresignGetInput,
  PresignPutInput,
  PutInput,
  StoredPart,
} from './object-store.ts'
export { divideIntoParts, type PartLayout, partBytes } from './part-layout.ts'
export { createBucketIfMissing } from './provisioning/provision-bucket.ts'
export { type CorsInput, diffCors, provisionCors } from './provisioning/provision-cors.ts'
export {
  diffLifecycle,
  type LifecycleInput,
  provisionLifecycle,
  UPLOAD_DAYS,
} from './provisioning/provision-lifecycle.ts'
export type { RuleChanges } from './provisioning/provision-rules.ts'
export { createProvisioningClient, type ProvisioningClient } from './provisioning/provisioning-client.ts'
export { createS3Store } from './s3-store.ts'
export type { S3StoreConfig } from './s3-store-config.ts'
export { StorageConfig, type StorageSettings } from './storage-config.ts'
export { findStoreFault, refusePublicOriginals } from './store-fault.ts'
export { referencesIn, replaceReferences } from './text-references.ts'
