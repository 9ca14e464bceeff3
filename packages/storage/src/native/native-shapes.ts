import { z } from 'zod'

/** What we read of the answers of B2's native API, version 4; other fields may be there. https://www.backblaze.com/apidocs */
const names = z.array(z.string())
const days = z.int().positive().nullish()

export const Authorization = z.looseObject({
  accountId: z.string(),
  authorizationToken: z.string(),
  applicationKeyExpirationTimestamp: z.int().nullish(),
  apiInfo: z.looseObject({
    storageApi: z.looseObject({
      apiUrl: z.url(),
      s3ApiUrl: z.url().nullish(),
      allowed: z.looseObject({
        capabilities: names,
        namePrefix: z.string().nullish(),
        buckets: z.array(z.looseObject({ id: z.string(), name: z.string().nullable() })).nullish(),
      }),
    }),
  }),
})

export const NativeLifecycleRule = z.looseObject({
  fileNamePrefix: z.string(),
  daysFromUploadingToHiding: days,
  daysFromHidingToDeleting: days,
  daysFromStartingToCancelingUnfinishedLargeFiles: days,
})
export type NativeLifecycleRule = z.output<typeof NativeLifecycleRule>

export const NativeCorsRule = z.looseObject({
  corsRuleName: z.string(),
  allowedOrigins: names,
  allowedOperations: names,
  allowedHeaders: names.nullish(),
  exposeHeaders: names.nullish(),
  maxAgeSeconds: z.int(),
})
export type NativeCorsRule = z.output<typeof NativeCorsRule>

export const NativeBucket = z.looseObject({
  bucketId: z.string(),
  bucketName: z.string(),
  bucketType: z.string(),
  corsRules: z.array(NativeCorsRule),
  lifecycleRules: z.array(NativeLifecycleRule),
  /** Only a key with `readBucketEncryption` is told the value; a mode of null is none. */
  defaultServerSideEncryption: z
    .looseObject({
      isClientAuthorizedToRead: z.boolean(),
      value: z.looseObject({ mode: z.string().nullable() }).nullable(),
    })
    .nullish(),
  revision: z.int(),
})
export type NativeBucket = z.output<typeof NativeBucket>

export const NativeBuckets = z.looseObject({ buckets: z.array(NativeBucket) })

/** A rule of event notifications. `isSuspended` and its reason are B2's to set. */
export const NativeEventRule = z.looseObject({
  name: z.string(),
  eventTypes: names,
  isEnabled: z.boolean(),
  isSuspended: z.boolean().nullish(),
  suspensionReason: z.string().nullish(),
  objectNamePrefix: z.string(),
  maxEventsPerBatch: z.int().nullish(),
  targetConfiguration: z.looseObject({
    targetType: z.string(),
    url: z.string(),
    customHeaders: z.array(z.looseObject({ name: z.string(), value: z.string() })).nullish(),
    hmacSha256SigningSecret: z.string().nullish(),
  }),
})
export type NativeEventRule = z.output<typeof NativeEventRule>

export const NativeEventRules = z.looseObject({ eventNotificationRules: z.array(NativeEventRule) })

const keyFields = {
  keyName: z.string(),
  applicationKeyId: z.string(),
  capabilities: names,
  bucketIds: names.nullish(),
  namePrefix: z.string().nullish(),
  expirationTimestamp: z.int().nullish(),
}
export const NativeKey = z.looseObject(keyFields)
export type NativeKey = z.output<typeof NativeKey>

export const NativeKeys = z.looseObject({ keys: z.array(NativeKey), nextApplicationKeyId: z.string().nullish() })

/** The only answer that has the secret of a key. */
export const NativeNewKey = z.looseObject({ ...keyFields, applicationKey: z.string() })

export const NativeFailure = z.looseObject({ status: z.int(), code: z.string(), message: z.string() })
