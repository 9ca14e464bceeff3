/** What an application key may do, in B2's words. https://www.backblaze.com/docs/cloud-storage-application-key-capabilities */
export type Capability =
  | 'listBuckets'
  | 'listAllBucketNames'
  | 'readBuckets'
  | 'writeBuckets'
  | 'deleteBuckets'
  | 'readBucketEncryption'
  | 'readBucketRetentions'
  | 'readBucketLifecycleRules'
  | 'writeBucketLifecycleRules'
  | 'listFiles'
  | 'readFiles'
  | 'writeFiles'
  | 'deleteFiles'

export interface ApplicationKey {
  keyId: string
  applicationKey: string
  /** Default: all of them. */
  capabilities?: readonly Capability[]
  /** Default: every bucket. */
  buckets?: readonly string[]
}

/** Returns whether the key may do this to that bucket; `undefined` is a call about the account. */
export function mayUse(key: ApplicationKey, capability: Capability, bucket: string | undefined): boolean {
  const isGranted = key.capabilities?.includes(capability) ?? true
  return isGranted && (bucket === undefined || (key.buckets?.includes(bucket) ?? true))
}
