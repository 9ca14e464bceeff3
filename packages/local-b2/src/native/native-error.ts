/** An error of the native API. https://www.backblaze.com/docs/cloud-storage-api-error-codes */
export class NativeError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'NativeError'
    this.status = status
    this.code = code
  }
}

export const badRequest = (message: string): NativeError => new NativeError(400, 'bad_request', message)

export const badBucketId = (id: string): NativeError =>
  new NativeError(400, 'bad_bucket_id', `Bucket does not exist: ${id}`)

/** Refuses what a key may not do. B2 does not say which capability it misses. */
export const unauthorized = (): NativeError => new NativeError(401, 'unauthorized', 'not entitled')
