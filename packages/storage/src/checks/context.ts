import type { S3Client } from '@aws-sdk/client-s3'
import { silentLogger } from '@darkroom/core'
import { type Finding, fine, notChecked } from '@darkroom/core/checks'
import { createNativeClient, type NativeClient } from '../native/native-client.ts'
import type { ObjectStore } from '../object-store.ts'
import { createAnonymousClient, createS3Client } from '../s3-client.ts'
import { createS3Store } from '../s3-store.ts'
import { resolveS3StoreConfig } from '../s3-store-config.ts'
import type { StorageSettings } from '../storage-config.ts'
import { rootFailure } from './failure-reasons.ts'
import { createScratch, type Scratch } from './scratch.ts'

/** All that a check of the store may use. */
export interface StoreCheckContext {
  settings: StorageSettings
  /** Private, and public where there is one. */
  buckets: string[]
  /** Origins of web pages that upload. */
  origins: readonly string[]
  /** `api` is served by a key that may neither list nor delete. */
  role: 'api' | 'all'
  expectsEvents: boolean
  store: ObjectStore
  clientOf(bucket: string): S3Client
  anonymous: S3Client
  scratch: Scratch
  /** B2's native API with the key of a bucket; null where the store has none. */
  nativeOf(bucket: string): NativeClient | null
}

export interface StoreCheckOptions {
  origins?: readonly string[]
  role?: 'api' | 'all'
  expectsEvents?: boolean
}

const LIMITS = { maxAttempts: 3, connectTimeoutMs: 5000, idleTimeoutMs: 15_000 }

/** Opens what the checks of a store need. `close` leaves objects alone: `scratch.cleanUp` is a check. */
export function openStoreChecks(
  settings: StorageSettings,
  options: StoreCheckOptions = {},
): StoreCheckContext & { close(): void } {
  const { bucketKeys = {}, ...shared } = { ...settings.store, ...LIMITS }
  const store = createS3Store({ ...shared, bucketKeys }, { logger: silentLogger })
  const keyOf = (bucket: string) => bucketKeys[bucket] ?? shared
  const buckets = [settings.privateBucket, ...(settings.publicBucket ? [settings.publicBucket] : [])]
  const clients = new Map(
    buckets.map(bucket => [bucket, createS3Client(resolveS3StoreConfig({ ...shared, ...keyOf(bucket) }))]),
  )
  const anonymous = createAnonymousClient(resolveS3StoreConfig(shared))
  const clientOf = (bucket: string): S3Client => {
    const client = clients.get(bucket)
    if (!client) throw new Error(`${bucket} is none of our buckets`)
    return client
  }
  const { nativeApiUrl: url } = settings
  const natives = new Map(url ? buckets.map(bucket => [bucket, createNativeClient({ url, ...keyOf(bucket) })]) : [])
  return {
    settings,
    buckets,
    origins: options.origins ?? [],
    role: options.role ?? 'all',
    expectsEvents: options.expectsEvents ?? false,
    store,
    clientOf,
    anonymous,
    scratch: createScratch(store, clientOf, buckets),
    nativeOf: bucket => natives.get(bucket) ?? null,
    close() {
      store.close()
      anonymous.destroy()
      for (const client of clients.values()) client.destroy()
    },
  }
}

/** Reads a setting of a bucket, for which a server's key is not made. */
export async function unlessRefused(capability: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look()
  } catch (error) {
    const { status } = rootFailure(error)
    if (status === 401 || status === 403) return notChecked(`the key may not do this: it needs ${capability}`)
    if (status === 501 || status === 405) return notChecked('the store does not know this call')
    throw error
  }
}

/** Looks at every bucket, and tells the first that is not fine. */
export async function inEachBucket(
  { buckets }: StoreCheckContext,
  look: (bucket: string) => Promise<Finding>,
): Promise<Finding> {
  const findings: Finding[] = []
  for (const bucket of buckets) {
    const found = await look(bucket)
    findings.push({ ...found, seen: `${bucket}: ${found.seen}` })
  }
  const worst = ['fault', 'warning', 'not_checked'].flatMap(state => findings.filter(each => each.state === state))[0]
  return worst ?? fine(findings.map(({ seen }) => seen).join('; '))
}
