import { z } from 'zod'
import { mayUse } from '../auth/application-key.ts'
import { checkBucketName } from '../object-name.ts'
import { SSE_B2 } from '../operations/bucket-encryption.ts'
import type { SettingValues } from '../store/buckets.ts'
import { NativeCorsRules, NativeEncryption, NativeLifecycleRules } from './bucket-shapes.ts'
import { BUCKET_TYPES, describeBucket } from './describe-bucket.ts'
import { changeBucket, type NativeCall, operation, requireAccount, requireBucketId } from './native-call.ts'
import { badRequest, NativeError, unauthorized } from './native-error.ts'

const BucketType = z.enum(['allPrivate', 'allPublic'])

const settings = {
  bucketInfo: z.record(z.string(), z.string()).optional(),
  corsRules: NativeCorsRules.optional(),
  lifecycleRules: NativeLifecycleRules.optional(),
  defaultServerSideEncryption: NativeEncryption.optional(),
}
type Settings = z.output<z.ZodObject<typeof settings>>

const accessOf = (type: z.output<typeof BucketType>) => (type === BUCKET_TYPES.public ? 'public' : 'private')

export const listBuckets = operation({
  needs: 'listBuckets',
  methods: ['GET', 'POST'],
  body: z.strictObject({
    accountId: z.string(),
    bucketId: z.string().optional(),
    bucketName: z.string().optional(),
    bucketTypes: z.array(z.string()).optional(),
  }),
  run({ body, key, store }) {
    requireAccount(body.accountId)
    const asked = store.buckets
      .list()
      .filter(bucket => body.bucketId === undefined || bucket.b2_id === body.bucketId)
      .filter(bucket => body.bucketName === undefined || bucket.name === body.bucketName)
    const isNamed = body.bucketId !== undefined || body.bucketName !== undefined
    // A key that is limited to buckets must name one of them.
    if (key.buckets && (!isNamed || asked.some(({ name }) => !key.buckets?.includes(name)))) throw unauthorized()
    return { buckets: asked.map(bucket => describeBucket(bucket, key)) }
  },
})

export const createBucket = operation({
  needs: 'writeBuckets',
  body: z.strictObject({ accountId: z.string(), bucketName: z.string(), bucketType: BucketType, ...settings }),
  async run(call) {
    const { body, key, store, now } = call
    requireAccount(body.accountId)
    const name = checkBucketName(body.bucketName)
    const values = settingValues(call, name, body)
    await store.commit(transaction => {
      if (store.buckets.find(name)) {
        throw new NativeError(400, 'duplicate_bucket_name', 'Bucket name is already in use.')
      }
      store.buckets.create(transaction, name, accessOf(body.bucketType), now)
      const made = store.buckets.find(name)
      if (made && Object.keys(values).length > 0) store.buckets.set(transaction, made, values)
    })
    const bucket = store.buckets.find(name)
    if (!bucket) throw new Error(`the bucket ${name} was made and is gone`)
    return describeBucket(bucket, key)
  },
})

export const updateBucket = operation({
  needs: 'writeBuckets',
  body: z.strictObject({
    accountId: z.string(),
    bucketId: z.string(),
    bucketType: BucketType.optional(),
    ifRevisionIs: z.int().optional(),
    ...settings,
  }),
  async run(call) {
    const { body, key } = call
    requireAccount(body.accountId)
    const bucket = requireBucketId(call, body.bucketId)
    if (body.ifRevisionIs !== undefined && body.ifRevisionIs !== (bucket.revision ?? 1)) {
      throw new NativeError(409, 'conflict', 'Bucket revision number does not match ifRevisionIs.')
    }
    const values = settingValues(call, bucket.name, body)
    if (body.bucketType) values.access = accessOf(body.bucketType)
    return describeBucket(await changeBucket(call, bucket, values), key)
  },
})

export const deleteBucket = operation({
  needs: 'deleteBuckets',
  body: z.strictObject({ accountId: z.string(), bucketId: z.string() }),
  async run(call) {
    requireAccount(call.body.accountId)
    const bucket = requireBucketId(call, call.body.bucketId)
    await call.store.commit(transaction => {
      if (call.store.buckets.isInUse(bucket)) {
        throw new NativeError(400, 'cannot_delete_non_empty_bucket', 'Cannot delete non-empty bucket.')
      }
      call.store.buckets.remove(transaction, bucket)
    })
    return describeBucket(bucket, call.key)
  },
})

function settingValues({ key }: NativeCall, bucket: string, body: Settings): SettingValues {
  const { bucketInfo, corsRules, lifecycleRules, defaultServerSideEncryption: encryption } = body
  if (encryption && !mayUse(key, 'writeBucketEncryption', bucket)) throw unauthorized()
  if (encryption?.mode === SSE_B2 && !encryption.algorithm) throw badRequest('SSE-B2 needs the algorithm AES256')
  return {
    ...(bucketInfo && { info: JSON.stringify(bucketInfo) }),
    ...(corsRules && { cors: JSON.stringify(corsRules) }),
    ...(lifecycleRules && { lifecycle: JSON.stringify(lifecycleRules) }),
    ...(encryption && { encryption: encryption.mode === SSE_B2 ? SSE_B2 : null }),
  }
}
