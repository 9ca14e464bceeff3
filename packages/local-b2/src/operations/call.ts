import type { Identity } from '../auth/identity.ts'
import { type IncomingBody, readDocument } from '../body/incoming-body.ts'
import { s3Error } from '../errors.ts'
import type { EventSink } from '../events/event-sink.ts'
import type { Reply } from '../http/reply.ts'
import type { S3Request } from '../http/s3-request.ts'
import { maxXmlBytes } from '../limits.ts'
import type { Bucket } from '../store/buckets.ts'
import type { Store } from '../store/store.ts'

/** What an operation gets: facts about one request, and the store. */
export interface Call {
  readonly request: S3Request
  readonly identity: Identity
  readonly store: Store
  readonly region: string
  readonly now: number
  readonly events: EventSink
  /** What one CopyObject may copy. */
  readonly maxCopyBytes: number
  /** Opens the request's body; it is verified while it is read. */
  body(): IncomingBody
}

export type Operation = (call: Call) => Reply | Promise<Reply>

export function bucketName({ request }: Call): string {
  if (request.bucket === undefined) throw s3Error('NoSuchBucket')
  return request.bucket
}

export const requireBucket = (call: Call): Bucket => bucketNamed(call.store, bucketName(call))

export function bucketNamed(store: Store, name: string): Bucket {
  const bucket = store.buckets.find(name)
  if (!bucket) throw s3Error('NoSuchBucket', `The specified bucket does not exist: ${name}`)
  return bucket
}

export function requireKey({ request }: Call): string {
  if (request.key === undefined) throw s3Error('InvalidRequest', 'This operation needs a key.')
  return request.key
}

export function readXml(call: Call, maxBytes = maxXmlBytes): Promise<string> {
  return readDocument(call.body(), maxBytes)
}

/** Returns a number of the query from `min` to `max`; larger ones are cut to `max` when `clamp` is set. */
export function integerParameter(
  { request }: Call,
  name: string,
  range: { min: number; max: number; fallback?: number; clamp?: boolean },
): number {
  const text = request.query.get(name)
  if ((text === undefined || text === '') && range.fallback !== undefined) return range.fallback
  const value = /^\d{1,9}$/.test(text ?? '') ? Number(text) : Number.NaN
  if (range.clamp && value > range.max) return range.max
  if (!(value >= range.min && value <= range.max)) {
    throw s3Error('InvalidArgument', `${name} must be an integer from ${range.min} to ${range.max}`)
  }
  return value
}
