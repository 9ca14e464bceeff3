import type { KeyRow } from '../store/application-keys.ts'
import type { Store } from '../store/store.ts'

/** What an application key may do, in B2's words. https://www.backblaze.com/docs/cloud-storage-application-key-capabilities */
export const CAPABILITIES = [
  'listKeys',
  'writeKeys',
  'deleteKeys',
  'listBuckets',
  'listAllBucketNames',
  'readBuckets',
  'writeBuckets',
  'deleteBuckets',
  'readBucketEncryption',
  'writeBucketEncryption',
  'readBucketRetentions',
  'writeBucketRetentions',
  'readBucketNotifications',
  'writeBucketNotifications',
  'readBucketLifecycleRules',
  'writeBucketLifecycleRules',
  'listFiles',
  'readFiles',
  'shareFiles',
  'writeFiles',
  'deleteFiles',
] as const
export type Capability = (typeof CAPABILITIES)[number]

export interface ApplicationKey {
  keyId: string
  applicationKey: string
  /** Default: all of them. */
  capabilities?: readonly Capability[]
  /** Names of the buckets that it is limited to; default: every bucket. */
  buckets?: readonly string[]
  /** Milliseconds; default: never. */
  expiresAt?: number
}

/** Returns whether the key may do this to that bucket; `undefined` is a call about the account. */
export function mayUse(key: ApplicationKey, capability: Capability, bucket: string | undefined): boolean {
  const isGranted = key.capabilities?.includes(capability) ?? true
  return isGranted && (bucket === undefined || (key.buckets?.includes(bucket) ?? true))
}

export interface KeyRing {
  /** Finds a key with which the store was started, or that its native API made; none that has expired. */
  find(keyId: string): ApplicationKey | undefined
}

/** Holds the keys that requests may be signed with. */
export function createKeyRing(given: readonly ApplicationKey[], store: Pick<Store, 'keys' | 'buckets'>): KeyRing {
  return {
    find(keyId) {
      const known = given.find(key => key.keyId === keyId)
      const made = known ? undefined : store.keys.find(keyId)
      const key = known ?? (made && toKey(made, store))
      return key && (key.expiresAt ?? Number.POSITIVE_INFINITY) > Date.now() ? key : undefined
    },
  }
}

function toKey(row: KeyRow, { buckets }: Pick<Store, 'buckets'>): ApplicationKey {
  const ids: string[] | undefined = row.bucket_ids === null ? undefined : JSON.parse(row.bucket_ids)
  const names = ids && buckets.list().flatMap(({ b2_id, name }) => (ids.includes(b2_id) ? name : []))
  return {
    keyId: row.key_id,
    applicationKey: row.secret,
    capabilities: JSON.parse(row.capabilities),
    ...(names && { buckets: names }),
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
  }
}
