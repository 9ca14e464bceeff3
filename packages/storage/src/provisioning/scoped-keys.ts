import type { NativeClient } from '../native/native-client.ts'
import { type NativeKey, NativeKeys, NativeNewKey } from '../native/native-shapes.ts'
import { findNativeBucket } from './b2-bucket-administration.ts'
import type { KeptSetting, PlannedChange } from './plan-bucket.ts'

/** A key with the least that one process needs (decision 0130). */
export interface WantedKey {
  name: string
  capabilities: string[]
  /** Names of the buckets that it is limited to. */
  buckets: string[]
}

/** A key that was made; its secret is never shown again. */
export interface NewKey {
  name: string
  keyId: string
  applicationKey: string
}

export interface KeyPlan {
  create: WantedKey[]
  planned: PlannedChange[]
  kept: KeptSetting[]
}

/** The largest page that is billed as one call. */
const PAGE_SIZE = 1000

/** Returns the keys of API and worker; a worker uses all buckets. */
export const wantedKeys = (privateBucket: string, allBuckets: string[]): WantedKey[] => [
  { name: 'darkroom-api', capabilities: ['readFiles', 'writeFiles'], buckets: [privateBucket] },
  {
    name: 'darkroom-worker',
    capabilities: ['listFiles', 'readFiles', 'writeFiles', 'deleteFiles'],
    buckets: allBuckets,
  },
]

/**
 * Compares the keys of the account with those that we want.
 * @param renew whether to make new ones although there are some, as when a secret was lost
 */
export async function planKeys(client: NativeClient, wanted: WantedKey[], renew: boolean): Promise<KeyPlan> {
  const existing = await listKeys(client)
  const plans = await Promise.all(
    wanted.map(async key => planKey(key, { existing, renew, bucketIds: await idsOf(client, key.buckets) })),
  )
  return {
    create: plans.flatMap(({ create }) => create),
    planned: plans.flatMap(({ planned }) => planned),
    kept: plans.flatMap(({ kept }) => kept),
  }
}

/** Makes a key, limited to its buckets, which must exist by now. */
export async function createKey(client: NativeClient, wanted: WantedKey): Promise<NewKey> {
  const { name, capabilities, buckets } = wanted
  const { accountId } = await client.account()
  const body = { accountId, keyName: name, capabilities, bucketIds: await idsOf(client, buckets) }
  const key = await client.call({ operation: 'b2_create_key', bucket: '', body, answer: NativeNewKey })
  return { name, keyId: key.applicationKeyId, applicationKey: key.applicationKey }
}

interface Known {
  existing: NativeKey[]
  bucketIds: string[]
  renew: boolean
}

function planKey(wanted: WantedKey, { existing, bucketIds, renew }: Known): KeyPlan {
  const line = { part: 'keys' as const, target: wanted.name }
  const named = existing.filter(({ keyName }) => keyName === wanted.name)
  const fitting = named.find(key => isEnough(key, wanted, bucketIds))
  const kept = named
    .filter(key => key !== fitting || renew)
    .map(key => ({ ...line, is: describeKey(key), why: 'older key of this name; delete it when no process uses it' }))
  if (fitting && !renew) {
    const extra = fitting.capabilities.filter(capability => !wanted.capabilities.includes(capability))
    const more =
      extra.length > 0
        ? [{ ...line, is: describeKey(fitting), why: `may do more than is needed: ${extra.join(', ')}` }]
        : []
    return { create: [], planned: [], kept: [...kept, ...more] }
  }
  const will = `${wanted.capabilities.join(', ')} in ${wanted.buckets.join(', ')}`
  const is = named.length > 0 ? named.map(describeKey).join('; ') : 'no key'
  const why = 'a process that is taken over can then do no more than this'
  return { create: [wanted], planned: [{ ...line, is, will, why }], kept }
}

function isEnough(key: NativeKey, wanted: WantedKey, bucketIds: string[]): boolean {
  const limits = key.bucketIds ?? []
  const isForBuckets = limits.length === bucketIds.length && bucketIds.every(id => limits.includes(id))
  const mayAll = wanted.capabilities.every(capability => key.capabilities.includes(capability))
  return (
    isForBuckets && bucketIds.length === wanted.buckets.length && mayAll && !key.namePrefix && !key.expirationTimestamp
  )
}

const describeKey = ({ applicationKeyId, capabilities }: NativeKey): string =>
  `${applicationKeyId} with ${capabilities.join(', ')}`

/** Returns the ids of the buckets that exist. */
async function idsOf(client: NativeClient, buckets: string[]): Promise<string[]> {
  const found = await Promise.all(buckets.map(name => findNativeBucket(client, name)))
  return found.flatMap(bucket => bucket?.bucketId ?? [])
}

async function listKeys(client: NativeClient): Promise<NativeKey[]> {
  const { accountId } = await client.account()
  const keys: NativeKey[] = []
  let start: string | null | undefined
  do {
    const body = { accountId, maxKeyCount: PAGE_SIZE, ...(start && { startApplicationKeyId: start }) }
    const page = await client.call({ operation: 'b2_list_keys', bucket: '', body, answer: NativeKeys })
    keys.push(...page.keys)
    start = page.nextApplicationKeyId
  } while (start)
  return keys
}
