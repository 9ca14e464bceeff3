import { appError } from '@darkroom/contracts'
import type { NativeClient } from '../native/native-client.ts'
import { isNameTaken } from '../native/native-errors.ts'
import { NativeBucket, NativeBuckets, type NativeCorsRule, type NativeLifecycleRule } from '../native/native-shapes.ts'
import {
  type BucketAccess,
  type BucketAdministration,
  type BucketChanges,
  type BucketSettings,
  type CorsRule,
  isOurs,
  isSameAction,
  LIFECYCLE_KINDS,
  type LifecycleAction,
} from './bucket-settings.ts'

const TYPES = { private: 'allPrivate', public: 'allPublic' } as const

/** Where B2's rules keep each action; a prefix has one rule. https://www.backblaze.com/docs/cloud-storage-lifecycle-rules */
const FIELDS = {
  hide: 'daysFromUploadingToHiding',
  'delete-hidden': 'daysFromHidingToDeleting',
  'cancel-multipart': 'daysFromStartingToCancelingUnfinishedLargeFiles',
} as const satisfies Record<LifecycleAction['kind'], keyof NativeLifecycleRule>

/** Changes buckets by B2's native API: all settings of a bucket in one call, and only if nobody else changed them meanwhile. */
export function createB2BucketAdministration(client: NativeClient): BucketAdministration {
  return {
    async read(name) {
      const bucket = await findNativeBucket(client, name)
      return bucket && toSettings(bucket)
    },
    create: (name, access) => createBucket(client, name, access),
    async update(name, changes) {
      const bucket = await findNativeBucket(client, name)
      if (!bucket) throw appError('STORE_NOT_FOUND', `b2_update_bucket ${name}: the bucket does not exist`)
      const { accountId } = await client.account()
      const target = { accountId, bucketId: bucket.bucketId, ifRevisionIs: bucket.revision }
      const body = { ...target, ...changedFields(bucket, changes) }
      await client.call({ operation: 'b2_update_bucket', bucket: name, body, answer: NativeBucket })
    },
  }
}

async function createBucket(client: NativeClient, name: string, access: BucketAccess): Promise<void> {
  const { accountId } = await client.account()
  const body = { accountId, bucketName: name, bucketType: TYPES[access] }
  try {
    await client.call({ operation: 'b2_create_bucket', bucket: name, body, answer: NativeBucket })
  } catch (error) {
    // The answer to a call that did its work may have been lost, and the call was repeated.
    if (!isNameTaken(error)) throw error
    if (await findNativeBucket(client, name)) return
    throw appError(
      'INVALID_REQUEST',
      `Another account of B2 has a bucket ${name}. Choose a name that nobody else has.`,
      {
        cause: error,
      },
    )
  }
}

/** Finds a bucket by its name, as a key limited to buckets must ask for it; null when there is none. */
export async function findNativeBucket(client: NativeClient, name: string): Promise<NativeBucket | null> {
  const { accountId } = await client.account()
  const body = { accountId, bucketName: name }
  const { buckets } = await client.call({ operation: 'b2_list_buckets', bucket: name, body, answer: NativeBuckets })
  return buckets.find(({ bucketName }) => bucketName === name) ?? null
}

function toSettings(bucket: NativeBucket): BucketSettings {
  const { bucketName, bucketType, corsRules, lifecycleRules, defaultServerSideEncryption: encryption } = bucket
  return {
    name: bucketName,
    access: bucketType === TYPES.public ? 'public' : bucketType === TYPES.private ? 'private' : null,
    encryption: encryption?.isClientAuthorizedToRead ? toEncryption(encryption.value?.mode) : null,
    cors: corsRules.map(toCorsRule),
    lifecycle: lifecycleRules.flatMap(toActions),
  }
}

const toEncryption = (mode: string | null | undefined): BucketSettings['encryption'] =>
  mode === 'SSE-B2' ? 'SSE-B2' : 'none'

function changedFields(bucket: NativeBucket, { access, encryption, cors, lifecycle }: BucketChanges) {
  return {
    ...(access && { bucketType: TYPES[access] }),
    ...(encryption && { defaultServerSideEncryption: { mode: encryption, algorithm: 'AES256' } }),
    ...(cors && {
      corsRules: [...bucket.corsRules.filter(rule => !isOurs(toCorsRule(rule))), ...cors.map(fromCorsRule)],
    }),
    ...(lifecycle && { lifecycleRules: changeRules(bucket.lifecycleRules, lifecycle) }),
  }
}

const toCorsRule = (rule: NativeCorsRule): CorsRule => ({
  name: rule.corsRuleName,
  origins: rule.allowedOrigins,
  operations: rule.allowedOperations,
  allowedHeaders: rule.allowedHeaders ?? [],
  exposeHeaders: rule.exposeHeaders ?? [],
  maxAgeSec: rule.maxAgeSeconds,
})

const fromCorsRule = (rule: CorsRule): NativeCorsRule => ({
  corsRuleName: rule.name ?? '',
  allowedOrigins: rule.origins,
  allowedOperations: rule.operations,
  allowedHeaders: rule.allowedHeaders,
  exposeHeaders: rule.exposeHeaders,
  maxAgeSeconds: rule.maxAgeSec,
})

const toActions = (rule: NativeLifecycleRule): LifecycleAction[] =>
  LIFECYCLE_KINDS.flatMap(kind => {
    const days = rule[FIELDS[kind]]
    return days ? [{ prefix: rule.fileNamePrefix, kind, days }] : []
  })

/** Adds actions to the rules of their prefixes, and takes others out; a rule that then does nothing is refused by B2, so it goes. */
function changeRules(
  rules: NativeLifecycleRule[],
  { add, remove }: Record<'add' | 'remove', LifecycleAction[]>,
): NativeLifecycleRule[] {
  const left = rules.flatMap(toActions).filter(action => !remove.some(each => isSameAction(each, action)))
  const byPrefix = Map.groupBy([...left, ...add], ({ prefix }) => prefix)
  return [...byPrefix].map(([prefix, actions]) => fromActions(prefix, actions))
}

function fromActions(prefix: string, actions: LifecycleAction[]): NativeLifecycleRule {
  const rule: NativeLifecycleRule = {
    fileNamePrefix: prefix,
    daysFromUploadingToHiding: null,
    daysFromHidingToDeleting: null,
    daysFromStartingToCancelingUnfinishedLargeFiles: null,
  }
  for (const { kind, days } of actions) rule[FIELDS[kind]] = days
  return rule
}
