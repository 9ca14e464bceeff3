import { z } from 'zod'

/**
 * The shapes of B2's native API, version 4, as its documentation gives them, apart from our client and our store: nothing may be
 * missing, and nothing may be there that is not documented. Sources: https://www.backblaze.com/apidocs, the page of each operation, and
 * https://www.backblaze.com/docs/cloud-storage-event-notifications-reference-guide.
 */
const ruleName = z.string().regex(/^(?!b2-)[A-Za-z0-9-]{6,63}$/)
const names = z.array(z.string())
const nullableDays = z.int().positive().nullable()

const capability = z.enum([
  'listKeys',
  'writeKeys',
  'deleteKeys',
  'listBuckets',
  'listAllBucketNames',
  'readBuckets',
  'writeBuckets',
  'deleteBuckets',
  'readBucketRetentions',
  'writeBucketRetentions',
  'readBucketEncryption',
  'writeBucketEncryption',
  'readBucketReplications',
  'writeBucketReplications',
  'readBucketNotifications',
  'writeBucketNotifications',
  'readBucketLogging',
  'writeBucketLogging',
  'readBucketLifecycleRules',
  'writeBucketLifecycleRules',
  'listFiles',
  'readFiles',
  'shareFiles',
  'writeFiles',
  'deleteFiles',
  'readFileLegalHolds',
  'writeFileLegalHolds',
  'readFileRetentions',
  'writeFileRetentions',
  'bypassGovernance',
])

const lifecycleRule = z.strictObject({
  fileNamePrefix: z.string(),
  daysFromUploadingToHiding: nullableDays.optional(),
  daysFromHidingToDeleting: nullableDays.optional(),
  daysFromStartingToCancelingUnfinishedLargeFiles: nullableDays.optional(),
})

const corsRule = z.strictObject({
  corsRuleName: ruleName,
  allowedOrigins: names.min(1),
  allowedOperations: z
    .array(
      z.enum([
        'b2_download_file_by_id',
        'b2_download_file_by_name',
        'b2_upload_file',
        'b2_upload_part',
        's3_delete',
        's3_get',
        's3_head',
        's3_post',
        's3_put',
      ]),
    )
    .min(1),
  allowedHeaders: names.nullable().optional(),
  exposeHeaders: names.nullable().optional(),
  maxAgeSeconds: z.int().min(0).max(86_400),
})

const bucketType = z.enum(['allPublic', 'allPrivate'])

const bucket = z.strictObject({
  accountId: z.string(),
  bucketId: z.string(),
  bucketName: z.string(),
  bucketType,
  bucketInfo: z.record(z.string(), z.string()),
  corsRules: z.array(corsRule).max(100),
  lifecycleRules: z.array(lifecycleRule).max(100),
  defaultServerSideEncryption: z.strictObject({
    isClientAuthorizedToRead: z.boolean(),
    value: z
      .strictObject({ mode: z.enum(['SSE-B2']).nullable(), algorithm: z.literal('AES256').optional() })
      .nullable(),
  }),
  fileLockConfiguration: z.strictObject({
    isClientAuthorizedToRead: z.boolean(),
    value: z
      .strictObject({
        isFileLockEnabled: z.boolean(),
        defaultRetention: z.strictObject({ mode: z.string().nullable(), period: z.unknown() }),
      })
      .nullable(),
  }),
  replicationConfiguration: z.strictObject({ isClientAuthorizedToRead: z.boolean(), value: z.unknown() }),
  options: names,
  revision: z.int(),
})

const eventRule = z.strictObject({
  name: ruleName,
  eventTypes: z.array(z.string().regex(/^b2:/)).min(1),
  isEnabled: z.boolean(),
  objectNamePrefix: z.string(),
  maxEventsPerBatch: z.int().min(1).max(50).optional(),
  targetConfiguration: z.strictObject({
    targetType: z.literal('webhook'),
    url: z.url(),
    customHeaders: z
      .array(z.strictObject({ name: z.string(), value: z.string() }))
      .nullable()
      .optional(),
    hmacSha256SigningSecret: z
      .string()
      .regex(/^[A-Za-z0-9]{32}$/)
      .nullable()
      .optional(),
  }),
})

/** What only B2 sets. */
const reportedEventRule = eventRule.extend({ isSuspended: z.boolean(), suspensionReason: z.string() })
const reportedEventRules = z.strictObject({
  bucketId: z.string(),
  eventNotificationRules: z.array(reportedEventRule).max(25),
})

const key = z.strictObject({
  accountId: z.string(),
  applicationKeyId: z.string(),
  keyName: z.string(),
  capabilities: z.array(capability),
  bucketIds: names.nullable(),
  namePrefix: z.string().nullable(),
  expirationTimestamp: z.int().nullable(),
  options: names,
})

const updatable = {
  bucketType: bucketType.optional(),
  bucketInfo: z.record(z.string(), z.string()).optional(),
  corsRules: z.array(corsRule).max(100).optional(),
  lifecycleRules: z.array(lifecycleRule).max(100).optional(),
  defaultServerSideEncryption: z
    .strictObject({ mode: z.enum(['SSE-B2', 'none']), algorithm: z.literal('AES256') })
    .optional(),
}

export const DOCUMENTED: Record<string, { method: 'GET' | 'POST'; request: z.ZodType; answer: z.ZodType }> = {
  b2_authorize_account: {
    method: 'GET',
    request: z.strictObject({}),
    answer: z.strictObject({
      accountId: z.string(),
      authorizationToken: z.string(),
      applicationKeyExpirationTimestamp: z.int().nullable(),
      apiInfo: z.strictObject({
        storageApi: z.strictObject({
          absoluteMinimumPartSize: z.int(),
          recommendedPartSize: z.int(),
          apiUrl: z.url(),
          downloadUrl: z.url(),
          s3ApiUrl: z.url(),
          allowed: z.strictObject({
            capabilities: z.array(capability),
            buckets: z.array(z.strictObject({ id: z.string(), name: z.string().nullable() })).nullable(),
            namePrefix: z.string().nullable(),
          }),
        }),
      }),
    }),
  },
  b2_list_buckets: {
    method: 'POST',
    request: z.strictObject({ accountId: z.string(), bucketName: z.string() }),
    answer: z.strictObject({ buckets: z.array(bucket) }),
  },
  b2_create_bucket: {
    method: 'POST',
    request: z.strictObject({ accountId: z.string(), bucketName: z.string(), ...updatable, bucketType }),
    answer: bucket,
  },
  b2_update_bucket: {
    method: 'POST',
    request: z.strictObject({
      accountId: z.string(),
      bucketId: z.string(),
      ifRevisionIs: z.int().optional(),
      ...updatable,
    }),
    answer: bucket,
  },
  b2_get_bucket_notification_rules: {
    method: 'GET',
    request: z.strictObject({ bucketId: z.string() }),
    answer: reportedEventRules,
  },
  b2_set_bucket_notification_rules: {
    method: 'POST',
    request: z.strictObject({ bucketId: z.string(), eventNotificationRules: z.array(eventRule).max(25) }),
    answer: reportedEventRules,
  },
  b2_list_keys: {
    method: 'POST',
    request: z.strictObject({
      accountId: z.string(),
      maxKeyCount: z.int().min(1).max(10_000).optional(),
      startApplicationKeyId: z.string().optional(),
    }),
    answer: z.strictObject({ keys: z.array(key), nextApplicationKeyId: z.string().nullable() }),
  },
  b2_create_key: {
    method: 'POST',
    request: z.strictObject({
      accountId: z.string(),
      capabilities: z.array(capability).min(1),
      keyName: z.string().regex(/^[A-Za-z0-9-]{1,100}$/),
      bucketIds: names.optional(),
      namePrefix: z.string().optional(),
      validDurationInSeconds: z.int().positive().optional(),
    }),
    answer: key.extend({ applicationKey: z.string() }),
  },
}

export const DOCUMENTED_ERROR = z.strictObject({
  status: z.int(),
  code: z.string().regex(/^[a-z_]+$/),
  message: z.string(),
})
