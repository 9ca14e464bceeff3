/** What every call takes. */
export interface CallOptions {
  signal?: AbortSignal | undefined
  /** In place of the key: the client token of an upload. */
  token?: string | undefined
  /** Of a POST: the service does it once, however often it comes with this key. Default: a new one for each call. */
  idempotencyKey?: string | undefined
  /** The `ETag` of what you read: the call fails with `PRECONDITION_FAILED` if it has changed since. */
  ifMatch?: string | undefined
}

export interface DownloadOptions extends CallOptions {
  /** Default: the original. */
  variant?: string | undefined
  /** Lifetime of the signed URL behind it, in seconds. */
  ttl?: number | undefined
  /** First byte that is wanted, to go on with a download that broke off: the answer is then a 206. */
  from?: number | undefined
}
