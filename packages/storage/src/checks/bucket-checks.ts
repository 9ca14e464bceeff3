import { GetBucketEncryptionCommand, GetBucketVersioningCommand, GetObjectCommand } from '@aws-sdk/client-s3'
import { type Check, type Finding, fault, fine, notChecked, observed, warning } from '@darkroom/core/checks'
import { type NativeEventRule, NativeEventRules } from '../native/native-shapes.ts'
import { UPLOAD_PREFIX } from '../object-key.ts'
import { inEachBucket, type StoreCheckContext, unlessRefused } from './context.ts'
import { rootFailure } from './failure-reasons.ts'

const BYTES = 'Who reads this without a key?'

/** Who may read what, and what the settings of the buckets say. */
export const BUCKET_CHECKS: readonly Check<StoreCheckContext>[] = [
  {
    id: 'bucket.private',
    title: 'nobody reads the bucket of originals without a key',
    cause: 'The bucket is public, or its policy lets anybody read.',
    fix: 'Make the bucket private in its settings. API and worker do not start until then.',
    needs: ['key.write'],
    async look(context) {
      const { privateBucket } = context.settings
      const { key } = await context.scratch.put(privateBucket, 'who-reads', BYTES)
      const seen = await readWithoutKey(context, privateBucket, key)
      return seen === BYTES ? fault(`anybody can read ${privateBucket}`) : fine(`refused: ${seen}`)
    },
  },
  {
    id: 'bucket.public',
    title: 'everybody reads the public bucket',
    cause: 'The bucket is private, so the URLs of public variants do not work.',
    fix: 'Make the bucket public in its settings, or leave B2_PUBLIC_BUCKET_NAME out.',
    needs: ['key.public-bucket', 'key.write'],
    async look(context) {
      const { publicBucket } = context.settings
      if (publicBucket === null) return notChecked('B2_PUBLIC_BUCKET_NAME is not set')
      if (context.role === 'api') return notChecked('the key of an API may not write there')
      const { key } = await context.scratch.put(publicBucket, 'who-reads', BYTES)
      const seen = await readWithoutKey(context, publicBucket, key)
      return seen === BYTES ? fine('read without a key') : fault(`${publicBucket} refuses: ${seen}`)
    },
  },
  {
    id: 'bucket.anonymous-absent',
    title: 'what a private bucket says of an absent object without a key',
    cause: 'Stores differ.',
    fix: 'Nothing to do: nothing rests on it.',
    proves: 'a private bucket refuses to say without a key that an object is absent',
    needs: ['store.answers'],
    async look(context) {
      const { privateBucket } = context.settings
      const seen = await readWithoutKey(context, privateBucket, context.scratch.keyOf('absent'))
      return observed(seen, /^40[13]/.test(seen))
    },
  },
  {
    id: 'bucket.versioning',
    title: 'the buckets keep versions',
    cause: 'Versioning was never switched on, or is suspended. B2 always keeps versions.',
    fix: 'Switch versioning on in the settings of the bucket.',
    needs: ['key.private-bucket'],
    look: context =>
      inEachBucket(context, bucket =>
        unlessRefused('readBuckets', async () => {
          const { Status } = await context.clientOf(bucket).send(new GetBucketVersioningCommand({ Bucket: bucket }))
          return Status === 'Enabled' ? fine('on') : fault(`it is ${Status?.toLowerCase() ?? 'off'}`)
        }),
      ),
  },
  {
    id: 'bucket.encryption',
    title: 'the buckets are encrypted',
    cause: 'Default encryption is off.',
    fix: 'npx darkroom provision encryption --apply. It costs nothing, and is for new files only.',
    needs: ['key.private-bucket'],
    look: context =>
      inEachBucket(context, bucket => unlessRefused('readBucketEncryption', () => encryptionOf(context, bucket))),
  },
  {
    id: 'bucket.events',
    title: 'the rule for event notifications is there and not suspended',
    cause: 'The rule is missing, is suspended because our address did not answer, or has another prefix or secret.',
    fix: 'npx darkroom provision events --apply',
    look: eventRule,
  },
]

/** The bytes, or what the store said in their place. */
async function readWithoutKey({ anonymous }: StoreCheckContext, bucket: string, key: string): Promise<string> {
  try {
    const { Body } = await anonymous.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    return (await Body?.transformToString()) ?? ''
  } catch (error) {
    const { status, code } = rootFailure(error)
    if (status === 0) throw error
    return `${status} ${code}`
  }
}

async function encryptionOf({ clientOf, settings }: StoreCheckContext, bucket: string): Promise<Finding> {
  try {
    const { ServerSideEncryptionConfiguration: set } = await clientOf(bucket).send(
      new GetBucketEncryptionCommand({ Bucket: bucket }),
    )
    const algorithm = set?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm
    return algorithm ? fine(algorithm) : notEncrypted(settings)
  } catch (error) {
    if (rootFailure(error).status === 404) return notEncrypted(settings)
    throw error
  }
}

/** The embedded store and others on a disk of one's own leave this to the disk. */
const notEncrypted = ({ nativeApiUrl }: StoreCheckContext['settings']): Finding =>
  nativeApiUrl ? warning('it is off') : fine('left to the disk of the store')

async function eventRule({ nativeOf, settings, expectsEvents }: StoreCheckContext): Promise<Finding> {
  if (!expectsEvents) return notChecked('B2_EVENT_SECRET is not set: uploads are found by looking')
  const bucket = settings.privateBucket
  const native = nativeOf(bucket)
  if (!native) return notChecked('only B2’s own API tells')
  const { buckets, capabilities } = await native.account()
  const bucketId = buckets?.find(({ name }) => name === bucket)?.id
  if (!bucketId || !capabilities.includes('readBucketNotifications'))
    return notChecked('the key may not look: it needs readBucketNotifications, for this bucket')
  const { eventNotificationRules } = await native.call({
    operation: 'b2_get_bucket_notification_rules',
    bucket,
    method: 'GET',
    body: { bucketId },
    answer: NativeEventRules,
  })
  return ruleFinding(eventNotificationRules)
}

function ruleFinding(rules: NativeEventRule[]): Finding {
  const rule = rules.find(({ eventTypes }) => eventTypes.some(type => type.startsWith('b2:ObjectCreated:')))
  if (!rule) return fault('there is no rule for created objects')
  if (rule.isSuspended) return fault(`${rule.name} is suspended: ${rule.suspensionReason ?? 'B2 does not say why'}`)
  if (!rule.isEnabled) return fault(`${rule.name} is switched off`)
  return rule.objectNamePrefix === UPLOAD_PREFIX
    ? fine(rule.name)
    : fault(`${rule.name} is for "${rule.objectNamePrefix}", so every copy inside the bucket is an event as well`)
}
