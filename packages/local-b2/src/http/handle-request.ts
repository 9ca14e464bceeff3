import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type ApplicationKey, mayUse } from '../auth/application-key.ts'
import { anonymous, type Identity } from '../auth/identity.ts'
import { openIncomingBody } from '../body/incoming-body.ts'
import { actualCorsHeaders, corsVary, findCorsRule } from '../cors.ts'
import { S3Error, s3Error } from '../errors.ts'
import type { EventSink } from '../events/event-sink.ts'
import { damageReply, type Fault, type Faults } from '../faults.ts'
import { answerNative, type NativeDeps, nativeOperation, sendNative } from '../native/handle-native-request.ts'
import { corsRulesOf } from '../operations/bucket-cors.ts'
import { findRoute, type Route } from '../operations/routes.ts'
import type { createRequestLog } from '../request-log.ts'
import type { Store } from '../store/store.ts'
import { errorReply, type Reply } from './reply.ts'
import { parseRequest, type S3Request } from './s3-request.ts'
import { isDisconnect, sendReply } from './send.ts'

export interface HandlerDeps extends NativeDeps {
  region: string
  authenticate(request: S3Request): Identity
  refuseChecksumHeaders: boolean
  events: EventSink
  maxCopyBytes: number
  faults: Faults
  log: ReturnType<typeof createRequestLog>
  connectionNumber(socket: Socket): number
}

const checksumHeader = /^x-amz-(checksum-.*|sdk-checksum-algorithm)$/

/** Refuses headers that B2 did not know in 2025; tags it never supported. */
function refuseHeaders(request: S3Request, refuseChecksums: boolean) {
  const refused = request
    .headerNames()
    .find(name => name === 'x-amz-tagging' || (refuseChecksums && checksumHeader.test(name)))
  if (refused !== undefined) {
    throw s3Error('InvalidArgument', `Unsupported header '${refused}' received for this API call.`)
  }
}

/** Refuses a key without the needed capabilities. https://www.backblaze.com/docs/cloud-storage-s3-compatible-app-keys */
function requireCapabilities(key: ApplicationKey, request: S3Request, route: Route) {
  const needed = typeof route.needs === 'function' ? route.needs(request) : route.needs
  if (needed !== undefined && !mayUse(key, needed, request.bucket)) throw s3Error('AccessDenied', 'not entitled')
}

function authorize(deps: HandlerDeps, request: S3Request, route: Route): Identity {
  if (route.operation === 'Preflight') return anonymous
  // A browser's form carries its policy in the body; B2 refuses it before looking.
  if (route.operation === 'PostPolicyUpload') return anonymous
  const identity = deps.authenticate(request)
  if (identity.kind === 'key') {
    requireCapabilities(identity.key, request, route)
    return identity
  }
  const bucket = deps.store.buckets.find(request.bucket ?? '')
  const isOpen = route.publicRead === true && bucket?.access === 'public' && !request.query.has('versionId')
  if (!isOpen) throw s3Error('AccessDenied')
  return identity
}

function withCors(store: Store, request: S3Request, reply: Reply): Reply {
  const origin = request.message.headers.origin
  const bucket = origin === undefined ? undefined : store.buckets.find(request.bucket ?? '')
  if (origin === undefined || !bucket || request.method === 'OPTIONS') return reply
  const rule = findCorsRule(corsRulesOf(bucket), { origin, method: request.method, headers: [] })
  if (!rule) return reply
  return { ...reply, headers: { ...reply.headers, ...actualCorsHeaders(rule, origin), vary: corsVary } }
}

function slowDown(fault: Fault): S3Error {
  const { retryAfterSec } = fault
  return s3Error('SlowDown', undefined, retryAfterSec === undefined ? {} : { 'retry-after': String(retryAfterSec) })
}

async function answer(deps: HandlerDeps, request: S3Request, route: Route, response: ServerResponse): Promise<Reply> {
  refuseHeaders(request, deps.refuseChecksumHeaders)
  const identity = authorize(deps, request, route)
  return route.run({
    request,
    identity,
    store: deps.store,
    region: deps.region,
    now: Date.now(),
    events: deps.events,
    maxCopyBytes: deps.maxCopyBytes,
    body: () => openIncomingBody(request, response, identity),
  })
}

/** Faults that strike before any work; true when the request is to be left alone. */
async function strikeBefore(
  faults: Faults,
  fault: Fault | undefined,
  { message }: { message: IncomingMessage },
): Promise<boolean> {
  if (fault?.kind === 'slow-down') throw slowDown(fault)
  if (fault?.kind === 'cap-exceeded') throw s3Error('CapExceeded')
  if (fault?.kind === 'wrong-key') throw s3Error('InvalidAccessKeyId')
  if (fault?.kind === 'delay') await faults.delay(fault.ms ?? 0)
  if (fault?.kind === 'reset') message.socket.resetAndDestroy()
  return fault?.kind === 'reset' || fault?.kind === 'hang'
}

function toErrorReply(deps: HandlerDeps, cause: unknown, request: S3Request): Reply {
  if (!(cause instanceof S3Error)) deps.logger.error({ cause, path: request.path }, 'request failed')
  return errorReply(cause, request)
}

/** Takes one request of the native API, with the same log and the same faults. */
async function handleNative(deps: HandlerDeps, operation: string, message: IncomingMessage, response: ServerResponse) {
  const { method = 'GET', socket } = message
  const record = deps.log.add({
    operation,
    method,
    bucket: undefined,
    key: undefined,
    headerNames: Object.keys(message.headers),
    status: undefined,
    connection: deps.connectionNumber(socket),
  })
  const fault = deps.faults.take({ method, key: undefined, operation, socket })
  try {
    if (await strikeBefore(deps.faults, fault, { message })) return
    const answer = await answerNative(deps, message)
    if (fault?.kind === 'lost-response') socket.destroy()
    else record.status = sendNative(response, { answer })
  } catch (cause) {
    record.status = sendNative(response, { cause })
  }
}

/** Takes one request from its arrival to its answer: route, faults, checks, work, CORS, send. */
export async function handleRequest(deps: HandlerDeps, message: IncomingMessage, response: ServerResponse) {
  const native = nativeOperation(message.url)
  if (native !== undefined) {
    await handleNative(deps, native, message, response)
    return
  }
  let request: S3Request
  try {
    request = parseRequest(message)
  } catch (cause) {
    const path = message.url ?? '/'
    await sendReply(errorReply(cause, { id: '0', method: message.method ?? 'GET', path }), response, '0')
    return
  }
  const route = findRoute(request)
  const { socket } = message
  const { method, key, bucket } = request
  const record = deps.log.add({
    operation: route.operation,
    method,
    bucket,
    key,
    headerNames: Object.keys(message.headers),
    status: undefined,
    connection: deps.connectionNumber(socket),
  })
  const fault = deps.faults.take({ method, key, operation: route.operation, socket })

  let reply: Reply
  try {
    if (await strikeBefore(deps.faults, fault, request)) return
    reply = await answer(deps, request, route, response)
  } catch (cause) {
    if (isDisconnect(cause)) {
      response.destroy()
      return
    }
    reply = toErrorReply(deps, cause, request)
  }
  if (fault?.kind === 'lost-response') {
    reply.release?.()
    socket.destroy()
    return
  }
  // A client that waits for `100 Continue` and got a refusal may or may not send its body: the connection is of no use.
  if (message.headers.expect !== undefined && reply.status >= 400) response.shouldKeepAlive = false
  record.status = reply.status
  await sendReply(damageReply(withCors(deps.store, request, reply), fault), response, request.id)
}
