import { type ApplicationKey, mayUse } from '../auth/application-key.ts'
import type { CorsRule } from '../cors.ts'
import { type LifecycleRule, lifecycleRulesOf } from '../lifecycle.ts'
import { corsRulesOf } from '../operations/bucket-cors.ts'
import { SSE_B2 } from '../operations/bucket-encryption.ts'
import type { Bucket } from '../store/buckets.ts'
import { ACCOUNT_ID } from './native-call.ts'

export const BUCKET_TYPES = { private: 'allPrivate', public: 'allPublic' } as const

/** Describes a bucket as B2 does. What the key may not read is null, and says so. https://www.backblaze.com/apidocs/b2-list-buckets */
export function describeBucket(bucket: Bucket, key: ApplicationKey) {
  const mayReadEncryption = mayUse(key, 'readBucketEncryption', bucket.name)
  return {
    accountId: ACCOUNT_ID,
    bucketId: bucket.b2_id,
    bucketName: bucket.name,
    bucketType: BUCKET_TYPES[bucket.access],
    bucketInfo: bucket.info === null ? {} : JSON.parse(bucket.info),
    corsRules: corsRulesOf(bucket).map(describeCorsRule),
    lifecycleRules: lifecycleRulesOf(bucket).map(describeLifecycleRule),
    defaultServerSideEncryption: {
      isClientAuthorizedToRead: mayReadEncryption,
      value: mayReadEncryption ? encryptionOf(bucket) : null,
    },
    fileLockConfiguration: {
      isClientAuthorizedToRead: mayUse(key, 'readBucketRetentions', bucket.name),
      value: mayUse(key, 'readBucketRetentions', bucket.name)
        ? { isFileLockEnabled: false, defaultRetention: { mode: null, period: null } }
        : null,
    },
    replicationConfiguration: { isClientAuthorizedToRead: false, value: null },
    options: ['s3'],
    revision: bucket.revision ?? 1,
  }
}

const encryptionOf = ({ encryption }: Bucket) =>
  encryption === SSE_B2 ? { mode: SSE_B2, algorithm: 'AES256' } : { mode: null }

const describeCorsRule = (rule: CorsRule) => ({
  corsRuleName: rule.id ?? 'unnamed-rule',
  allowedOrigins: rule.allowedOrigins,
  allowedOperations: [
    ...rule.allowedMethods.map(method => `s3_${method.toLowerCase()}`),
    ...(rule.nativeOperations ?? []),
  ],
  allowedHeaders: rule.allowedHeaders,
  exposeHeaders: rule.exposeHeaders,
  maxAgeSeconds: rule.maxAgeSeconds ?? 0,
})

const describeLifecycleRule = (rule: LifecycleRule) => ({
  fileNamePrefix: rule.prefix,
  daysFromUploadingToHiding: rule.daysToHide ?? null,
  daysFromHidingToDeleting: rule.daysFromHidingToDelete ?? null,
  daysFromStartingToCancelingUnfinishedLargeFiles: rule.daysToAbortUploads ?? null,
})
