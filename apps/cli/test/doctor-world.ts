import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketCorsCommand,
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  ListObjectVersionsCommand,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { parseConfig } from '@darkroom/core'
import { type CheckResult, isAmiss } from '@darkroom/core/checks'
import { migrateDatabase } from '@darkroom/db/migrate'
import { migrateQueue } from '@darkroom/jobs/executor'
import { type ApplicationKey, type LocalB2, startLocalB2 } from '@darkroom/local-b2'
import { createProvisioningClient, StorageConfig, withProvisionPlan } from '@darkroom/storage'
import { createTestDatabase, type HttpProxy, memoryFolder, type ProxyChanges, startHttpProxy } from '@darkroom/testing'
import { type DoctorOptions, type GroupResults, runDoctor } from '../src/doctor/run-doctor.ts'
import { startDeafPostgres } from './deaf-postgres.ts'

export const PRIVATE = 'darkroom-private'
export const PUBLIC = 'darkroom-public'
export const ORIGIN = 'https://app.example.com'

const ADMIN: ApplicationKey = { keyId: 'localkey', applicationKey: 'localsecret' }
const BUCKETS = [PRIVATE, PUBLIC]
const files = (...names: ('list' | 'read' | 'write' | 'delete')[]) => names.map(name => `${name}Files` as const)

/** Keys that lack something each; `worker` is as docs/b2.md says. */
const KEYS = {
  worker: { capabilities: files('list', 'read', 'write', 'delete'), buckets: BUCKETS },
  api: { capabilities: files('read', 'write'), buckets: [PRIVATE] },
  privateOnly: { capabilities: files('list', 'read', 'write', 'delete'), buckets: [PRIVATE] },
  privateSetup: {
    capabilities: [...files('list', 'read', 'write', 'delete'), 'readBucketLifecycleRules'],
    buckets: [PRIVATE],
  },
  reader: { capabilities: files('list', 'read'), buckets: BUCKETS },
  noList: { capabilities: files('read', 'write', 'delete'), buckets: BUCKETS },
  noDelete: { capabilities: files('list', 'read', 'write'), buckets: BUCKETS },
} satisfies Record<string, Partial<ApplicationKey>>
export type KeyName = keyof typeof KEYS

export const envOfKey = (name: KeyName) => ({ B2_KEY_ID: name, B2_APPLICATION_KEY: 'secret' })

/** What is set up and how doctor sees it: local B2 behind a proxy, which stands for the store, B2's native API and the CDN. */
export interface World {
  /** URLs of databases with a fault, by what stands for them in a variable. */
  databases: Record<string, string>
  b2: LocalB2
  proxy: HttpProxy
  env: Record<string, string>
  setAccess(bucket: string, acl: 'private' | 'public-read'): Promise<unknown>
  setCors(rules: { origins: string[]; methods: string[]; exposed?: string[] }[]): Promise<unknown>
  setRules(bucket: string, rules: Omit<LifecycleRule, 'Status'>[]): Promise<unknown>
  /** Adds a rule to ours. */
  addRule(bucket: string, rule: Omit<LifecycleRule, 'Status'>): Promise<unknown>
  makeBucket(name: string): Promise<unknown>
  /** Keys of what is stored, in all buckets. */
  stored(): Promise<string[]>
  /** Makes all as it was. */
  heal(): Promise<void>
  close(): Promise<void>
}

export async function startWorld(): Promise<World> {
  await using opened = new AsyncDisposableStack()
  const database = await createTestDatabase({
    template: {
      name: 'darkroom_with_queue',
      async prepare(template) {
        await migrateDatabase(template)
        await migrateQueue({ kind: 'postgres', url: template })
      },
    },
  })
  opened.defer(database.drop)
  const empty = await createTestDatabase({ template: { name: 'empty', prepare: async () => undefined } })
  opened.defer(empty.drop)
  const deaf = await startDeafPostgres(database.url)
  opened.defer(deaf.close)
  const dataDir = await mkdtemp(join(memoryFolder(), 'darkroom-doctor-'))
  opened.defer(() => rm(dataDir, { recursive: true, force: true }))
  const keys = Object.entries(KEYS).map(([keyId, more]) => ({ keyId, applicationKey: 'secret', ...more }))
  const b2 = await startLocalB2({
    dataDir,
    keys: [ADMIN, ...keys],
    buckets: [
      { name: PRIVATE, access: 'private' },
      { name: PUBLIC, access: 'public' },
    ],
  })
  opened.defer(() => b2.close())
  const proxy = await startHttpProxy(b2.url)
  opened.defer(() => proxy.close())
  const env = {
    PATH: process.env.PATH ?? '',
    DATABASE_URL: database.url,
    MAX_UPLOAD_BYTES: '1000000',
    DARKROOM_SECRET: 'x'.repeat(32),
    CORS_ORIGINS: ORIGIN,
    B2_KEY_ID: ADMIN.keyId,
    B2_APPLICATION_KEY: ADMIN.applicationKey,
    B2_BUCKET_NAME: PRIVATE,
    B2_PUBLIC_BUCKET_NAME: PUBLIC,
    B2_REGION: 'local-000',
    B2_ENDPOINT: proxy.url,
    CDN_BASE_URL: `${proxy.url}/${PUBLIC}`,
  }
  const settings = parseConfig(StorageConfig, { ...env, B2_ENDPOINT: b2.url })
  const admin = createProvisioningClient(settings.store)
  opened.defer(async () => admin.close())
  const send = <T>(operation: string, run: (client: S3Client) => Promise<T>) =>
    admin.call({ operation, bucket: PRIVATE }, run)
  const made = new Set<string>()
  const setAccess: World['setAccess'] = (Bucket, ACL) =>
    send('PutBucketAcl', s3 => s3.send(new PutBucketAclCommand({ Bucket, ACL })))
  const setRules: World['setRules'] = (Bucket, rules) => {
    const Rules = rules.map((rule, index) => ({ ID: `darkroom-test-${index}`, Status: 'Enabled' as const, ...rule }))
    if (Rules.length === 0)
      return send('DeleteBucketLifecycle', s3 => s3.send(new DeleteBucketLifecycleCommand({ Bucket })))
    const LifecycleConfiguration = { Rules }
    return send('PutBucketLifecycle', s3 =>
      s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration })),
    )
  }
  const missing = new URL(database.url)
  missing.pathname = '/nowhere'
  const readOnly = `${database.url}${database.url.includes('?') ? '&' : '?'}default_transaction_read_only=on`
  const world: World = {
    databases: { '{empty}': empty.url, '{deaf}': deaf.url, '{missing}': missing.href, '{read-only}': readOnly },
    b2,
    proxy,
    env,
    setAccess,
    setRules,
    addRule: async (Bucket, rule) => {
      const found = await send('GetBucketLifecycle', s3 =>
        s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
      )
      await setRules(Bucket, [...(found.Rules ?? []), { ID: 'theirs', ...rule }])
    },
    setCors(rules) {
      if (rules.length === 0)
        return send('DeleteBucketCors', s3 => s3.send(new DeleteBucketCorsCommand({ Bucket: PRIVATE })))
      const CORSRules = rules.map(({ origins, methods, exposed = ['etag'] }) => ({
        ID: 'darkroom-test',
        AllowedOrigins: origins,
        AllowedMethods: methods,
        AllowedHeaders: ['*'],
        ExposeHeaders: exposed,
      }))
      const command = { Bucket: PRIVATE, CORSConfiguration: { CORSRules } }
      return send('PutBucketCors', s3 => s3.send(new PutBucketCorsCommand(command)))
    },
    makeBucket(bucket) {
      made.add(bucket)
      return send('CreateBucket', s3 => s3.send(new CreateBucketCommand({ Bucket: bucket })))
    },
    async stored() {
      const pages = await Promise.all(
        [PRIVATE, PUBLIC].map(Bucket =>
          send('ListObjectVersions', s3 => s3.send(new ListObjectVersionsCommand({ Bucket }))),
        ),
      )
      return pages.flatMap(({ Versions = [], DeleteMarkers = [] }) =>
        [...Versions, ...DeleteMarkers].map(({ Key = '' }) => Key),
      )
    },
    async heal() {
      proxy.setChanges({})
      b2.faults.clear()
      for (const Bucket of made) await send('DeleteBucket', s3 => s3.send(new DeleteBucketCommand({ Bucket })))
      made.clear()
      await setAccess(PRIVATE, 'private')
      await setAccess(PUBLIC, 'public-read')
      for (const bucket of [PRIVATE, PUBLIC]) await setRules(bucket, [])
      await world.setCors([])
      const input = { settings, origins: [ORIGIN], hiddenDays: 30, events: null, replace: true, renewKeys: false }
      await withProvisionPlan({ ...input, parts: ['cors', 'lifecycle'] }, plan => plan.apply())
    },
    close: () => owned.disposeAsync(),
  }
  await world.heal()
  const owned = opened.move()
  return world
}

/** An answer of b2_authorize_account, and of b2_get_bucket_notification_rules. */
interface Account {
  capabilities?: string[]
  /** Besides those of a worker. */
  extra?: string[]
  buckets?: { id: string; name: string }[]
  namePrefix?: string
  expiresAt?: number
  s3ApiUrl?: string
  rules?: object[]
  isEncrypted?: false
}

const ENCRYPTED =
  '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>'

const WORKER = ['listFiles', 'readFiles', 'writeFiles', 'deleteFiles', 'readBucketNotifications']

/** Returns how a proxy answers as B2's native API, as far as doctor asks it (version 4). */
export function nativeAnswers(account: Account): (url: string) => ProxyChanges {
  const {
    capabilities = WORKER,
    extra = [],
    buckets = [
      { id: 'p', name: PRIVATE },
      { id: 'q', name: PUBLIC },
    ],
  } = account
  const json = (value: object) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) })
  return url => {
    const storageApi = {
      apiUrl: url,
      s3ApiUrl: account.s3ApiUrl ?? url,
      allowed: { capabilities: [...capabilities, ...extra], buckets, namePrefix: account.namePrefix ?? null },
    }
    const authorized = {
      accountId: 'account',
      authorizationToken: 'token',
      applicationKeyExpirationTimestamp: account.expiresAt ?? null,
      apiInfo: { storageApi },
    }
    const targetConfiguration = { targetType: 'webhook', url: 'https://darkroom.example.com/v1/hooks/b2' }
    const rule = { name: 'darkroom', objectNamePrefix: 'uploads/', isEnabled: true, targetConfiguration }
    const eventTypes = ['b2:ObjectCreated:*']
    const eventNotificationRules = account.rules?.map(each => ({ ...rule, eventTypes, ...each }))
    return {
      instead({ url: path = '' }) {
        if (path.startsWith('/b2api/v4/b2_authorize_account')) return json(authorized)
        if (path.startsWith('/b2api/v4/b2_get_bucket_notification_rules')) return json({ eventNotificationRules })
        if (account.isEncrypted !== false && /\?encryption\b/.test(path)) return { body: ENCRYPTED }
        return undefined
      },
    }
  }
}

export interface Examined {
  groups: GroupResults[]
  results: Map<string, CheckResult>
  /** Ids of what is a fault or a warning. */
  amiss: string[]
}

/** Runs doctor in this process. `{proxy}` and the like in a variable are replaced. */
export async function examine(
  { env, proxy, databases }: World,
  changed: Record<string, string> = {},
  options: Partial<DoctorOptions> = {},
): Promise<Examined> {
  const { port } = new URL(proxy.url)
  const places = {
    ...databases,
    '{proxy}': proxy.url,
    '{bucket-host}': `http://${PRIVATE}.localhost:${port}`,
    '{other-host}': `http://localhost:${port}`,
  }
  const placed = (text: string) => Object.entries(places).reduce((rest, [from, to]) => rest.replace(from, to), text)
  const groups = await runDoctor({
    env: Object.fromEntries(Object.entries({ ...env, ...changed }).map(([name, value]) => [name, placed(value)])),
    role: 'all',
    origins: [],
    isStarted: false,
    repairs: false,
    ...options,
  })
  const results = new Map(groups.flatMap(({ results }) => results.map(result => [result.id, result])))
  return { groups, results, amiss: [...results.values()].filter(isAmiss).map(({ id }) => id) }
}
