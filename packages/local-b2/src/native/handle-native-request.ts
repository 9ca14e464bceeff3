import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { S3Error } from '../errors.ts'
import type { Logger } from '../logger.ts'
import type { Store } from '../store/store.ts'
import { createBucket, deleteBucket, listBuckets, updateBucket } from './buckets.ts'
import { createKey, deleteKey, listKeys } from './keys.ts'
import type { NativeOperation } from './native-call.ts'
import { badRequest, NativeError, unauthorized } from './native-error.ts'
import type { createNativeSessions } from './native-sessions.ts'
import { getBucketNotificationRules, setBucketNotificationRules } from './notification-rules.ts'

export interface NativeDeps {
  store: Store
  sessions: ReturnType<typeof createNativeSessions>
  logger: Logger
}

const PATH = /^\/b2api\/v4\/(b2_[a-z_]+)(?:\?(.*))?$/
const MAX_BODY_BYTES = 1024 * 1024

/** The settings of buckets, events and keys; objects are reached by the S3 API only. */
const OPERATIONS: Record<string, NativeOperation> = {
  b2_create_bucket: createBucket,
  b2_create_key: createKey,
  b2_delete_bucket: deleteBucket,
  b2_delete_key: deleteKey,
  b2_get_bucket_notification_rules: getBucketNotificationRules,
  b2_list_buckets: listBuckets,
  b2_list_keys: listKeys,
  b2_set_bucket_notification_rules: setBucketNotificationRules,
  b2_update_bucket: updateBucket,
}

/** Returns the operation of B2's native API that a URL names; undefined for a request of the S3 API. */
export const nativeOperation = (url = ''): string | undefined =>
  url.startsWith('/b2api/') ? (PATH.exec(url)?.[1] ?? 'unknown') : undefined

/** Answers a request of the native API with JSON, an error too. */
export async function answerNative(deps: NativeDeps, message: IncomingMessage): Promise<unknown> {
  const [, name = '', query = ''] = PATH.exec(message.url ?? '') ?? []
  const url = `http://${message.headers.host}`
  if (name === 'b2_authorize_account') return deps.sessions.authorize(message.headers.authorization, url)
  const operation = OPERATIONS[name]
  if (!operation) throw new NativeError(404, 'not_found', `there is no ${message.url}`)
  const isGet = message.method === 'GET'
  if (!operation.methods.includes(isGet ? 'GET' : 'POST'))
    throw new NativeError(405, 'method_not_allowed', `${name} needs a POST`)
  const key = deps.sessions.keyOf(message.headers.authorization)
  if (key.capabilities && !key.capabilities.includes(operation.needs)) throw unauthorized()
  const body = isGet ? Object.fromEntries(new URLSearchParams(query)) : await readJson(message)
  return operation.run({ body, key, store: deps.store, url, now: Date.now() })
}

/** Sends an answer of the native API. @returns its status */
export function sendNative(response: ServerResponse, outcome: { answer: unknown } | { cause: unknown }): number {
  const {
    status,
    body,
    headers = {},
  } = 'cause' in outcome ? describeError(outcome.cause) : { status: 200, body: outcome.answer }
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json;charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'x-bz-request-id': randomBytes(8).toString('hex'),
    ...headers,
  })
  response.end(text)
  return status
}

/** Describes a failure in the words of the native API; those of faults and of shared rules are S3's. */
function describeError(cause: unknown): { status: number; body: object; headers?: Record<string, string> } {
  const known = cause instanceof NativeError || cause instanceof S3Error
  const status = known ? cause.status : 500
  const code = cause instanceof NativeError ? cause.code : (CODES[status] ?? 'bad_request')
  const message = known ? cause.message : 'internal error'
  return { status, body: { status, code, message }, ...(cause instanceof S3Error && { headers: cause.headers }) }
}

const CODES: Record<number, string> = { 403: 'cap_exceeded', 500: 'internal_error', 503: 'service_unavailable' }

async function readJson(message: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw badRequest('the request is too large')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    throw badRequest('the request is not valid JSON')
  }
}
