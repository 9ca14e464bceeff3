import { appError } from '@darkroom/contracts'
import { createNativeClient, type NativeAccount, type NativeClient } from '../native/native-client.ts'
import { BACKUP_PREFIX, KEY_PREFIXES, VARIANT_PREFIX } from '../object-key.ts'
import type { StorageSettings } from '../storage-config.ts'
import { createB2BucketAdministration } from './b2-bucket-administration.ts'
import type { BucketAccess, BucketAdministration } from './bucket-settings.ts'
import { corsRules, UPLOAD_OPERATIONS, VIEW_OPERATIONS } from './cors-rules.ts'
import { planEvents, setEventRules } from './event-rule.ts'
import { lifecycleActions } from './lifecycle-actions.ts'
import {
  applyBucketPlan,
  type KeptSetting,
  type PlannedChange,
  type ProvisionPart,
  planBucket,
  type WantedBucket,
} from './plan-bucket.ts'
import { createProvisioningClient } from './provisioning-client.ts'
import { createS3BucketAdministration } from './s3-bucket-administration.ts'
import { createKey, type NewKey, planKeys, wantedKeys } from './scoped-keys.ts'

/** What an installation needs of its store. */
export interface ProvisionInput {
  settings: StorageSettings
  /** A bucket of their own for backups; by default they are in the private one. */
  backupBucket?: string | null
  parts: readonly ProvisionPart[]
  /** Origins of the pages that upload and show files; empty leaves CORS alone. */
  origins: string[]
  hiddenDays: number
  /** null leaves event rules alone. */
  events: { url: string; secret: string | null } | null
  /** Whether settings that conflict with ours are replaced. */
  replace: boolean
  /** Whether keys are made although there are some of their name. */
  renewKeys: boolean
}

/** Secrets that were made, and that no store shows again. */
export interface ProvisionResult {
  keys: NewKey[]
  /** Signs event notifications; null: none was made. */
  eventSecret: string | null
}

/** Returns a result to be filled. */
export const noSecrets = (): ProvisionResult => ({ keys: [], eventSecret: null })

/** What would change, what stays, and how to do it. */
export interface ProvisionPlan {
  api: 'native' | 's3'
  planned: PlannedChange[]
  kept: KeptSetting[]
  /** Makes the changes. Each secret is put into `result` when it is made, so that those before a failure are not lost. */
  apply(result?: ProvisionResult): Promise<ProvisionResult>
}

/** What a key must be allowed to do for each part. https://www.backblaze.com/docs/cloud-storage-application-key-capabilities */
export const PART_CAPABILITIES: Record<ProvisionPart, readonly string[]> = {
  buckets: ['listBuckets', 'writeBuckets'],
  cors: ['listBuckets', 'writeBuckets'],
  lifecycle: ['listBuckets', 'writeBuckets'],
  encryption: ['listBuckets', 'writeBuckets', 'readBucketEncryption', 'writeBucketEncryption'],
  events: ['listBuckets', 'readBucketNotifications', 'writeBucketNotifications'],
  keys: ['listBuckets', 'listKeys', 'writeKeys'],
}

export const PROVISION_PARTS = Object.keys(PART_CAPABILITIES) as ProvisionPart[]

/** Parts that need B2's native API. */
const NATIVE_PARTS: readonly ProvisionPart[] = ['encryption', 'events', 'keys']

/**
 * Compares the store with what an installation needs, and changes nothing. B2 is asked by its native API, others by S3.
 * @param send how the native API is reached; tests look at what is said
 * @throws STORE_CREDENTIALS with what the key lacks, and the errors of a store
 */
export async function withProvisionPlan<T>(
  input: ProvisionInput,
  use: (plan: ProvisionPlan) => Promise<T>,
  send: typeof fetch = fetch,
): Promise<T> {
  const { store, nativeApiUrl } = input.settings
  if (nativeApiUrl) {
    const { keyId, applicationKey } = store
    const client = createNativeClient({ url: nativeApiUrl, keyId, applicationKey, fetch: send })
    checkCapabilities(await client.account(), input)
    return use(await planNative(client, input))
  }
  const client = createProvisioningClient(store)
  try {
    return await use(await planS3(createS3BucketAdministration(client), input))
  } finally {
    client.close()
  }
}

async function planNative(client: NativeClient, input: ProvisionInput): Promise<ProvisionPlan> {
  const { parts, settings, events: target } = input
  const { privateBucket } = settings
  const administration = createB2BucketAdministration(client)
  const buckets = await planBuckets(administration, input)
  const wanted = parts.includes('events') && target ? { ...target, bucket: privateBucket } : null
  const events = wanted && (await planEvents(client, wanted))
  const allBuckets = bucketRoles(input).map(({ name }) => name)
  const keys = parts.includes('keys')
    ? await planKeys(client, wantedKeys(privateBucket, allBuckets), input.renewKeys)
    : null
  return {
    api: 'native',
    planned: [...buckets.planned, ...(events?.planned ?? []), ...(keys?.planned ?? [])],
    kept: [...buckets.kept, ...(events?.kept ?? []), ...(keys?.kept ?? [])],
    async apply(result = noSecrets()) {
      await buckets.apply()
      if (events?.rules) await setEventRules(client, privateBucket, events.rules)
      result.eventSecret = events?.newSecret ?? null
      for (const key of keys?.create ?? []) result.keys.push(await createKey(client, key))
      return result
    },
  }
}

async function planS3(administration: BucketAdministration, input: ProvisionInput): Promise<ProvisionPlan> {
  const { planned, kept, apply } = await planBuckets(administration, input)
  const left = input.parts.filter(part => NATIVE_PARTS.includes(part))
  const why = 'only the native API of B2 sets this; see the documentation of your store'
  const notes = left.map(part => ({ part, target: input.settings.privateBucket, is: 'not looked at', why }))
  return {
    api: 's3',
    planned,
    kept: [...kept, ...notes],
    async apply(result = noSecrets()) {
      await apply()
      return result
    },
  }
}

async function planBuckets(administration: BucketAdministration, input: ProvisionInput) {
  const plans = await Promise.all(
    wantedBuckets(input).map(async wanted =>
      planBucket(await administration.read(wanted.name), wanted, { replace: input.replace }),
    ),
  )
  return {
    planned: plans.flatMap(({ planned }) => planned),
    kept: plans.flatMap(({ kept }) => kept),
    async apply() {
      for (const plan of plans) await applyBucketPlan(administration, plan)
    },
  }
}

function wantedBuckets(input: ProvisionInput): WantedBucket[] {
  const { parts, origins, hiddenDays, settings } = input
  const viewing = settings.nativeApiUrl ? VIEW_OPERATIONS : VIEW_OPERATIONS.filter(each => each.startsWith('s3_'))
  const isForPages = parts.includes('cors') && origins.length > 0
  return bucketRoles(input).map(({ name, access, prefixes, isForPages: hasPages }) => ({
    name,
    access,
    ...(isForPages && hasPages && { cors: corsRules(origins, access === 'private' ? UPLOAD_OPERATIONS : viewing) }),
    ...(parts.includes('lifecycle') && { lifecycle: lifecycleActions(prefixes, hiddenDays) }),
    ...(parts.includes('encryption') && settings.nativeApiUrl && { encryption: 'SSE-B2' as const }),
  }))
}

/** What each bucket of an installation is for. */
interface BucketRole {
  name: string
  access: BucketAccess
  /** Prefixes of the objects in it. */
  prefixes: readonly string[]
  /** Whether pages upload to it or show files out of it. */
  isForPages: boolean
}

function bucketRoles({ settings: { privateBucket, publicBucket }, backupBucket }: ProvisionInput): BucketRole[] {
  const hasOwnBackups = Boolean(backupBucket) && backupBucket !== privateBucket
  const privatePrefixes = hasOwnBackups ? KEY_PREFIXES : [...KEY_PREFIXES, BACKUP_PREFIX]
  const roles: (BucketRole | false)[] = [
    { name: privateBucket, access: 'private', prefixes: privatePrefixes, isForPages: true },
    publicBucket !== null && { name: publicBucket, access: 'public', prefixes: [VARIANT_PREFIX], isForPages: true },
    hasOwnBackups && { name: backupBucket ?? '', access: 'private', prefixes: [BACKUP_PREFIX], isForPages: false },
  ]
  return roles.filter(role => role !== false)
}

/** Refuses a key that could not do all of it, before any of it is done. */
function checkCapabilities({ capabilities, buckets }: NativeAccount, input: ProvisionInput): void {
  const { parts } = input
  const lacking = parts.flatMap(part => {
    const missing = PART_CAPABILITIES[part].filter(capability => !capabilities.includes(capability))
    return missing.length > 0 ? [`${part} needs ${missing.join(', ')}`] : []
  })
  const needed = new Set(parts.flatMap(part => PART_CAPABILITIES[part]))
  if (lacking.length > 0) {
    throw appError(
      'STORE_CREDENTIALS',
      `The key of B2_KEY_ID lacks capabilities: ${lacking.join('; ')}. Use a key with ${[...needed].join(', ')}, or name the parts that it may set, such as: darkroom provision cors.`,
    )
  }
  const outside = bucketRoles(input)
    .map(({ name }) => name)
    .filter(name => buckets && !buckets.some(bucket => bucket.name === name))
  if (outside.length > 0)
    throw appError(
      'STORE_CREDENTIALS',
      `The key of B2_KEY_ID is limited to other buckets than ${outside.join(', ')}. Use a key for all buckets.`,
    )
}
