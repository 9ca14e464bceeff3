import {
  type CORSRule,
  CreateBucketCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  HeadBucketCommand,
  type LifecycleRule,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
} from '@aws-sdk/client-s3'
import { isAppError } from '@darkroom/core'
import { readS3Failure } from '../s3-errors.ts'
import {
  type BucketAccess,
  type BucketAdministration,
  type CorsRule,
  isOurs,
  isSameAction,
  type LifecycleAction,
} from './bucket-settings.ts'
import type { ProvisioningClient } from './provisioning-client.ts'

/** The group to which S3 gives what it gives to everybody. */
const EVERYBODY = 'http://acs.amazonaws.com/groups/global/AllUsers'
const ACL = { private: 'private', public: 'public-read' } as const

/** Changes buckets by the S3 API, of any store that has it. Encryption is left alone: stores differ too much in it. */
export function createS3BucketAdministration(client: ProvisioningClient): BucketAdministration {
  return {
    async read(name) {
      if (!(await bucketExists(client, name))) return null
      const [access, cors, lifecycle] = await Promise.all([
        readAccess(client, name),
        readCors(client, name),
        readLifecycle(client, name),
      ])
      const settings = { name, access, encryption: null }
      return { ...settings, cors: cors.map(toCorsRule), lifecycle: lifecycle.flatMap(toActions) }
    },
    async create(name, access) {
      const command = new CreateBucketCommand({ Bucket: name, ...(access === 'public' ? { ACL: ACL.public } : {}) })
      await client.call({ operation: 'CreateBucket', bucket: name }, s3 => s3.send(command))
    },
    async update(name, { access, cors, lifecycle }) {
      if (access) await putAccess(client, name, access)
      if (cors) await putCors(client, name, cors)
      if (lifecycle) await putLifecycle(client, name, lifecycle)
    },
  }
}

function bucketExists(client: ProvisioningClient, bucket: string): Promise<boolean> {
  return client.call({ operation: 'HeadBucket', bucket }, s3 =>
    s3.send(new HeadBucketCommand({ Bucket: bucket })).then(
      () => true,
      (error: unknown) => {
        if (readS3Failure(error).status === 404) return false
        throw error
      },
    ),
  )
}

/** Reads who may read the bucket; a store without access lists, or a key that may not see them, leaves it unknown. */
async function readAccess(client: ProvisioningClient, bucket: string): Promise<BucketAccess | null> {
  try {
    const { Grants = [] } = await client.call({ operation: 'GetBucketAcl', bucket }, s3 =>
      s3.send(new GetBucketAclCommand({ Bucket: bucket })),
    )
    return Grants.some(({ Grantee }) => Grantee?.URI === EVERYBODY) ? 'public' : 'private'
  } catch (error) {
    if (isAppError(error, 'STORE_CREDENTIALS') || isAppError(error, 'INTERNAL')) return null
    throw error
  }
}

async function putAccess(client: ProvisioningClient, bucket: string, access: BucketAccess): Promise<void> {
  const command = new PutBucketAclCommand({ Bucket: bucket, ACL: ACL[access] })
  await client.call({ operation: 'PutBucketAcl', bucket }, s3 => s3.send(command))
}

const readCors = (client: ProvisioningClient, bucket: string): Promise<CORSRule[]> =>
  readRules(() =>
    client.call(
      { operation: 'GetBucketCors', bucket },
      async s3 => (await s3.send(new GetBucketCorsCommand({ Bucket: bucket }))).CORSRules,
    ),
  )

async function putCors(client: ProvisioningClient, bucket: string, ours: CorsRule[]): Promise<void> {
  const foreign = (await readCors(client, bucket)).filter(rule => !isOurs(toCorsRule(rule)))
  const configuration = { CORSRules: [...foreign, ...ours.map(fromCorsRule)] }
  const command = new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: configuration })
  await client.call({ operation: 'PutBucketCors', bucket }, s3 => s3.send(command))
}

const toCorsRule = (rule: CORSRule): CorsRule => ({
  name: rule.ID ?? null,
  origins: rule.AllowedOrigins ?? [],
  operations: (rule.AllowedMethods ?? []).map(method => `s3_${method.toLowerCase()}`),
  allowedHeaders: rule.AllowedHeaders ?? [],
  exposeHeaders: rule.ExposeHeaders ?? [],
  maxAgeSec: rule.MaxAgeSeconds ?? 0,
})

const fromCorsRule = (rule: CorsRule): CORSRule => ({
  ID: rule.name ?? undefined,
  AllowedOrigins: rule.origins,
  AllowedMethods: rule.operations.flatMap(operation => /^s3_(.+)$/.exec(operation)?.[1]?.toUpperCase() ?? []),
  AllowedHeaders: rule.allowedHeaders,
  ExposeHeaders: rule.exposeHeaders,
  MaxAgeSeconds: rule.maxAgeSec,
})

const readLifecycle = (client: ProvisioningClient, bucket: string): Promise<LifecycleRule[]> =>
  readRules(() =>
    client.call(
      { operation: 'GetBucketLifecycleConfiguration', bucket },
      async s3 => (await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }))).Rules,
    ),
  )

/** Reads what the lifecycle rules of a bucket do. */
export const readLifecycleActions = async (client: ProvisioningClient, bucket: string): Promise<LifecycleAction[]> =>
  (await readLifecycle(client, bucket)).flatMap(toActions)

async function putLifecycle(
  client: ProvisioningClient,
  bucket: string,
  { add, remove }: Record<'add' | 'remove', LifecycleAction[]>,
): Promise<void> {
  const kept = (await readLifecycle(client, bucket)).flatMap(rule => without(rule, remove))
  const configuration = { Rules: [...kept, ...add.map(fromAction)] }
  const command = new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: configuration })
  await client.call({ operation: 'PutBucketLifecycleConfiguration', bucket }, s3 => s3.send(command))
}

/** Where S3's rules keep each action, which they may have together or in rules of their own. */
const FIELDS = {
  hide: 'Expiration',
  'delete-hidden': 'NoncurrentVersionExpiration',
  'cancel-multipart': 'AbortIncompleteMultipartUpload',
} as const satisfies Record<LifecycleAction['kind'], keyof LifecycleRule>

/** Returns what a rule does. One that is disabled, or chooses its objects by more than a prefix, is not ours to judge. */
function toActions(rule: LifecycleRule): LifecycleAction[] {
  const { Filter = {}, Status } = rule
  const isByPrefix = Object.entries(Filter).every(([name, value]) => name === 'Prefix' || value === undefined)
  if (Status !== 'Enabled' || !isByPrefix) return []
  const prefix = Filter.Prefix ?? rule.Prefix ?? ''
  const isPlainDelete = rule.NoncurrentVersionExpiration?.NewerNoncurrentVersions === undefined
  const days: Record<LifecycleAction['kind'], number | undefined> = {
    hide: rule.Expiration?.Days,
    'delete-hidden': isPlainDelete ? rule.NoncurrentVersionExpiration?.NoncurrentDays : undefined,
    'cancel-multipart': rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
  }
  return Object.entries(days).flatMap(([kind, count]) =>
    count === undefined ? [] : [{ prefix, kind: kind as LifecycleAction['kind'], days: count }],
  )
}

/** Returns the rule without these actions; nothing when it then does nothing any more. */
function without(rule: LifecycleRule, removed: LifecycleAction[]): LifecycleRule[] {
  const gone = toActions(rule).filter(action => removed.some(each => isSameAction(each, action)))
  if (gone.length === 0) return [rule]
  const left = { ...rule }
  for (const { kind } of gone) delete left[FIELDS[kind]]
  const doesSomething = [...Object.values(FIELDS), 'Transitions' as const].some(field => left[field] !== undefined)
  return doesSomething ? [left] : []
}

const SETTINGS: Record<LifecycleAction['kind'], (days: number) => Partial<LifecycleRule>> = {
  hide: days => ({ Expiration: { Days: days } }),
  'delete-hidden': days => ({ NoncurrentVersionExpiration: { NoncurrentDays: days } }),
  'cancel-multipart': days => ({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: days } }),
}

const fromAction = ({ prefix, kind, days }: LifecycleAction): LifecycleRule => ({
  ID: `darkroom-${prefix.replaceAll('/', '-')}${kind}`,
  Status: 'Enabled',
  Filter: { Prefix: prefix },
  ...SETTINGS[kind](days),
})

/** Reads rules; a bucket that has none says so with a 404. */
async function readRules<R>(read: () => Promise<R[] | undefined>): Promise<R[]> {
  try {
    return (await read()) ?? []
  } catch (error) {
    if (isAppError(error, 'STORE_NOT_FOUND')) return []
    throw error
  }
}
