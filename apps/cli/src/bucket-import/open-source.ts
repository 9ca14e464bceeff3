import { text } from 'node:stream/consumers'
import { isAppError, parseConfig, silentLogger } from '@darkroom/core'
import type { BucketSource } from '@darkroom/ingest'
import { createS3Store, KEY_PREFIXES, type ObjectRef, type ObjectStore } from '@darkroom/storage'
import { SourceConfig } from '../admin-config.ts'
import { CommandError, EXIT } from '../exit-codes.ts'
import type { Installation } from '../open-installation.ts'

export interface SourceOptions {
  bucket: string
  prefix: string
  endpoint?: string
  region?: string
  keyId?: string
  secretStdin?: true
}

/**
 * Opens the bucket that moves in, with the key of this installation or one of its own. Its secret is never an argument, which everybody on
 * the machine could read.
 */
export async function openSource(
  { bucket, prefix, endpoint, region, keyId, secretStdin }: SourceOptions,
  { store: ownStore, storeConfig, settings }: Pick<Installation, 'store' | 'storeConfig' | 'settings'>,
): Promise<BucketSource> {
  const { bucketKeys: _, ...own } = storeConfig
  const url = endpoint === undefined ? own.endpoint : addressOf(endpoint)
  const isSameStore = url === own.endpoint
  const ownFiles = findOwnFiles({ bucket, prefix }, settings)
  if (isSameStore && ownFiles !== null) throw filesAreOurs(bucket, ownFiles)
  if (!isSameStore && keyId === undefined)
    throw new CommandError('--key-id is missing: the key of this installation is for its own store.', EXIT.usage)
  const place = { endpoint: url, region: region ?? (isSameStore ? own.region : regionOf(url)) }
  const key = keyId === undefined ? own : { keyId, applicationKey: await readSecret(secretStdin === true) }
  const store = createS3Store(
    { ...place, keyId: key.keyId, applicationKey: key.applicationKey, forcePathStyle: own.forcePathStyle },
    { logger: silentLogger },
  )
  try {
    if (ownFiles !== null && (await isOneBucket({ bucket, key: markerKey(prefix, ownFiles) }, ownStore, store)))
      throw filesAreOurs(bucket, ownFiles)
  } catch (error) {
    store.close()
    throw error
  }
  return { endpoint: url, bucket, store, isSameStore }
}

function addressOf(text: string): string {
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `https://${text}`)
  if (url?.pathname !== '/' || url.search || url.username)
    throw new CommandError(
      '--endpoint: expected the address of a store without a bucket, such as https://s3.eu-central-1.amazonaws.com',
      EXIT.usage,
    )
  return url.href.replace(/\/+$/, '')
}

/** The region is part of S3's usual host names, and is signed. */
const regionOf = (url: string): string => /(?:^|\.)s3[.-]([a-z0-9-]+)\./.exec(new URL(url).hostname)?.[1] ?? 'us-east-1'

/** Finds files of assets below a prefix of a bucket that is called like one of ours. @returns what their keys begin with, or null */
function findOwnFiles(
  { bucket, prefix }: { bucket: string; prefix: string },
  settings: Installation['settings'],
): string | null {
  if (bucket !== settings.privateBucket && bucket !== settings.publicBucket) return null
  return KEY_PREFIXES.find(one => one.startsWith(prefix) || prefix.startsWith(one)) ?? null
}

const filesAreOurs = (bucket: string, own: string) =>
  new CommandError(
    `--bucket: ${bucket} is a bucket of this installation, and ${own} has the files of its assets. Give a --prefix beside it.`,
    EXIT.usage,
  )

/** Returns a key that nothing else has, where a key for that prefix alone can read it too. */
const markerKey = (prefix: string, own: string): string =>
  `${prefix.length > own.length ? prefix : own}import-check-${crypto.randomUUID()}`

/**
 * Tells whether two stores have one bucket: what is written to it by our own key is there for the other. Host names do not tell, because a
 * store can have several.
 */
async function isOneBucket(marker: ObjectRef, own: ObjectStore, other: ObjectStore): Promise<boolean> {
  const { etag } = await own.put({ ...marker, body: Buffer.from('1'), byteSize: 1, contentType: 'text/plain' })
  try {
    const found = await other.head(marker)
    return found?.etag === etag
  } catch (error) {
    // A key that may not read there imports nothing from there.
    if (isAppError(error, 'STORE_CREDENTIALS')) return false
    throw error
  } finally {
    await own.deleteAll(marker)
  }
}

async function readSecret(fromStdin: boolean): Promise<string> {
  const { SOURCE_APPLICATION_KEY } = parseConfig(SourceConfig, process.env)
  const secret = fromStdin ? (await text(process.stdin)).trim() : SOURCE_APPLICATION_KEY
  if (secret) return secret
  throw new CommandError(
    'Set SOURCE_APPLICATION_KEY to the secret of --key-id, or pipe it into the command with --secret-stdin.',
    EXIT.usage,
  )
}
