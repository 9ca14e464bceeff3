/** How to reach an S3 store. Times are milliseconds, sizes bytes; the defaults suit B2. */
export interface S3StoreConfig {
  endpoint: string
  /** Host of every URL handed out; default `endpoint`. */
  publicEndpoint?: string | undefined
  /** Host of the URLs for reading; default `publicEndpoint`. */
  downloadEndpoint?: string | undefined
  region: string
  keyId: string
  applicationKey: string
  /** Keys by bucket, for buckets that the key above may not use. */
  bucketKeys?: Record<string, { keyId: string; applicationKey: string }> | undefined
  /** Default true: Backblaze's own SDKs pin path style. */
  forcePathStyle?: boolean | undefined
  connectTimeoutMs?: number | undefined
  /** How long a request may move no byte, either way. Copies and the end of a multipart upload may take ten times as long. */
  idleTimeoutMs?: number | undefined
  /** Attempts per call, the first included. */
  maxAttempts?: number | undefined
  /** Larger bodies go up in parts. */
  multipartThresholdBytes?: number | undefined
  /** Size of a part; grows by itself so that 10,000 parts are enough. B2: 5 MB to 5 GB. */
  partBytes?: number | undefined
  /** Largest object that one CopyObject may copy. */
  maxSingleCopyBytes?: number | undefined
}

const DEFAULTS = {
  connectTimeoutMs: 5_000,
  idleTimeoutMs: 30_000,
  maxAttempts: 4,
  multipartThresholdBytes: 200_000_000,
  partBytes: 100_000_000,
  maxSingleCopyBytes: 5_000_000_000,
  forcePathStyle: true,
}

export type ResolvedS3StoreConfig = typeof DEFAULTS &
  Pick<S3StoreConfig, 'region' | 'keyId' | 'applicationKey' | 'endpoint'> & {
    publicEndpoint: string
    downloadEndpoint: string
  }

/** Fills in the defaults; an undefined field counts as not given. */
export function resolveS3StoreConfig(config: S3StoreConfig): ResolvedS3StoreConfig {
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined))
  const publicEndpoint = config.publicEndpoint ?? config.endpoint
  return {
    ...DEFAULTS,
    publicEndpoint,
    downloadEndpoint: publicEndpoint,
    ...(given as typeof config),
  } as ResolvedS3StoreConfig
}
