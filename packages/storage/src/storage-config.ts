import { z } from 'zod'
import { B2_NATIVE_API } from './native/native-client.ts'
import type { S3StoreConfig } from './s3-store-config.ts'

const B2_HOST = /^s3\.([a-z]{2}-[a-z]+-\d{3})\.backblazeb2\.com$/
const BUCKET_NAME = /^[A-Za-z0-9][A-Za-z0-9.-]{1,61}[A-Za-z0-9]$/
const REGION = /^[a-z0-9][a-z0-9-]*$/
const MASTER_KEY_ID = /^[0-9a-f]{12}$/
const DEFAULT_S3_REGION = 'us-east-1'

const variable = (meaning: string) =>
  z
    .string()
    .trim()
    .optional()
    .transform(value => value || undefined)
    .describe(meaning)

const Variables = z.object({
  B2_KEY_ID: variable('Key id of a B2 application key (not of the master key)'),
  B2_APPLICATION_KEY: variable('The secret of the B2 application key'),
  B2_BUCKET_NAME: variable('Private bucket for uploads and originals'),
  B2_PUBLIC_BUCKET_NAME: variable('Public bucket for variants; without it, all files are private'),
  B2_PUBLIC_KEY_ID: variable('Key id for the public bucket, if B2_KEY_ID may use only the private one'),
  B2_PUBLIC_APPLICATION_KEY: variable('The secret of B2_PUBLIC_KEY_ID'),
  B2_REGION: variable('Region of the bucket, such as us-west-004; taken from B2_ENDPOINT if that is a B2 address'),
  B2_ENDPOINT: variable('S3 endpoint; default `https://s3.<region>.backblazeb2.com`'),
  B2_NATIVE_API_URL: variable(
    'Address of the native API of B2, for `darkroom provision`; default https://api.backblazeb2.com if B2_ENDPOINT is a B2 address',
  ),
  B2_PUBLIC_ENDPOINT: variable('S3 endpoint in signed URLs, if clients reach the store under another address'),
  B2_DOWNLOAD_ENDPOINT: variable(
    'S3 endpoint in signed URLs for reading, if a CDN that verifies them is in front of the private bucket; default B2_PUBLIC_ENDPOINT',
  ),
  CDN_BASE_URL: variable('Base URL of the CDN in front of the public bucket, used in URLs of variants'),
})

type Values = z.output<typeof Variables>
type Variable = keyof Values

export interface StorageSettings {
  store: S3StoreConfig
  privateBucket: string
  publicBucket: string | null
  cdnBaseUrl: string | null
  /** null for a store that has only the S3 API. */
  nativeApiUrl: string | null
}

/** Collects faults by variable; a value that has one is replaced by an empty text and never used. */
class Faults {
  readonly list: { variable: Variable; message: string }[] = []

  add(variable: Variable, message: string): void {
    this.list.push({ variable, message })
  }

  require(values: Values, variable: Variable, what: string): string {
    const value = values[variable]
    if (value === undefined) this.add(variable, `is missing; expected ${what}`)
    return value ?? ''
  }
}

/** Reads an http(s) address without query; a bare host, as the B2 console shows it, counts as https. */
function readAddress(faults: Faults, values: Values, variable: Variable, allowPath = false): URL | undefined {
  const value = values[variable]
  if (value === undefined) return undefined
  const url = URL.parse(/^[a-z]+:\/\//i.test(value) ? value : `https://${value}`)
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username && !url.password
  if (isPlain && (allowPath || url.pathname === '/')) return url
  faults.add(
    variable,
    `expected an http(s) address${allowPath ? '' : ' without a path'}, such as https://${allowPath ? 'cdn.example.com' : 's3.us-west-004.backblazeb2.com'}`,
  )
  return undefined
}

const addressText = (url: URL): string => url.href.replace(/\/+$/, '')

/** Returns the region of a B2 address. Adds a fault when it looks like B2 and is not an S3 endpoint. */
function b2RegionOf(faults: Faults, variable: Variable, url: URL | undefined): string | undefined {
  if (!url || !/(^|\.)backblazeb2\.com$/.test(url.hostname)) return undefined
  const region = B2_HOST.exec(url.hostname)?.[1]
  if (!region) faults.add(variable, 'expected the S3 endpoint of B2, s3.<region>.backblazeb2.com, without a bucket')
  else if (url.protocol !== 'https:') faults.add(variable, 'B2 answers https only')
  return region
}

function readPlace(faults: Faults, values: Values): { endpoint: string; region: string; isB2: boolean } {
  const endpoint = readAddress(faults, values, 'B2_ENDPOINT')
  const derived = b2RegionOf(faults, 'B2_ENDPOINT', endpoint)
  const region = values.B2_REGION
  if (region && !REGION.test(region)) faults.add('B2_REGION', 'expected a region, such as us-west-004')
  if (region && derived && region !== derived) {
    faults.add('B2_REGION', `"${region}" disagrees with B2_ENDPOINT, which is in "${derived}"; give only one of them`)
  }
  if (endpoint)
    return {
      endpoint: addressText(endpoint),
      region: region ?? derived ?? DEFAULT_S3_REGION,
      isB2: derived !== undefined,
    }
  if (!region && !values.B2_ENDPOINT)
    faults.add('B2_REGION', 'is missing; set B2_REGION (such as us-west-004) or B2_ENDPOINT')
  return { endpoint: `https://s3.${region}.backblazeb2.com`, region: region ?? '', isB2: true }
}

function readBuckets(faults: Faults, values: Values): { privateBucket: string; publicBucket: string | null } {
  const privateBucket = faults.require(values, 'B2_BUCKET_NAME', 'the name of a private bucket')
  const publicBucket = values.B2_PUBLIC_BUCKET_NAME ?? null
  for (const name of ['B2_BUCKET_NAME', 'B2_PUBLIC_BUCKET_NAME'] as const) {
    if (values[name] && !BUCKET_NAME.test(values[name]))
      faults.add(name, 'expected a bucket name (3 to 63 letters, digits, hyphens)')
  }
  if (publicBucket && publicBucket === privateBucket) {
    faults.add('B2_PUBLIC_BUCKET_NAME', 'is the same as B2_BUCKET_NAME, which would publish the originals')
  }
  return { privateBucket, publicBucket }
}

/** Reads the key of the public bucket, which has one of its own where no key may use two buckets. */
function readBucketKeys(faults: Faults, values: Values, publicBucket: string | null): S3StoreConfig['bucketKeys'] {
  const { B2_PUBLIC_KEY_ID: keyId, B2_PUBLIC_APPLICATION_KEY: applicationKey } = values
  if (keyId === undefined && applicationKey === undefined) return undefined
  if (keyId === undefined)
    faults.add('B2_PUBLIC_KEY_ID', 'is missing; expected the key id of B2_PUBLIC_APPLICATION_KEY')
  if (applicationKey === undefined)
    faults.add('B2_PUBLIC_APPLICATION_KEY', 'is missing; expected the secret of B2_PUBLIC_KEY_ID')
  if (!publicBucket) faults.add('B2_PUBLIC_BUCKET_NAME', 'is missing; B2_PUBLIC_KEY_ID is the key of that bucket')
  if (!keyId || !applicationKey || !publicBucket) return undefined
  return { [publicBucket]: { keyId, applicationKey } }
}

function readSettings(faults: Faults, values: Values, { allowsMasterKey }: Purpose): StorageSettings {
  const keyId = faults.require(values, 'B2_KEY_ID', 'the key id of an application key')
  const applicationKey = faults.require(values, 'B2_APPLICATION_KEY', 'the application key that belongs to B2_KEY_ID')
  const buckets = readBuckets(faults, values)
  const { endpoint, region, isB2 } = readPlace(faults, values)
  const bucketKeys = readBucketKeys(faults, values, buckets.publicBucket)
  for (const name of ['B2_KEY_ID', 'B2_PUBLIC_KEY_ID'] as const) {
    if (isB2 && !allowsMasterKey && MASTER_KEY_ID.test(values[name] ?? ''))
      faults.add(name, 'is the master key, which the S3 API refuses; create an application key')
  }
  const publicEndpoint = readAddress(faults, values, 'B2_PUBLIC_ENDPOINT')
  const downloadEndpoint = readAddress(faults, values, 'B2_DOWNLOAD_ENDPOINT')
  const cdn = readAddress(faults, values, 'CDN_BASE_URL', true)
  const nativeApi = readAddress(faults, values, 'B2_NATIVE_API_URL')
  return {
    store: {
      endpoint,
      region,
      keyId,
      applicationKey,
      ...(bucketKeys && { bucketKeys }),
      ...(publicEndpoint ? { publicEndpoint: addressText(publicEndpoint) } : {}),
      ...(downloadEndpoint ? { downloadEndpoint: addressText(downloadEndpoint) } : {}),
    },
    ...buckets,
    cdnBaseUrl: cdn ? addressText(cdn) : null,
    nativeApiUrl: nativeApi ? addressText(nativeApi) : isB2 ? B2_NATIVE_API : null,
  }
}

interface Purpose {
  /** The native API takes the master key; S3 refuses it. */
  allowsMasterKey: boolean
}

const storageConfig = (purpose: Purpose) =>
  Variables.transform((values, context): StorageSettings => {
    const faults = new Faults()
    const settings = readSettings(faults, values, purpose)
    for (const { variable, message } of faults.list) {
      context.issues.push({ code: 'custom', path: [variable], message, input: undefined })
    }
    return settings
  })

/** Where objects live, from the environment; all faults at once, each on its variable. Use with `parseConfig`. */
export const StorageConfig = storageConfig({ allowsMasterKey: false })

/** The same for who sets up buckets, with a key that servers should not have. */
export const ProvisionConfig = storageConfig({ allowsMasterKey: true })
