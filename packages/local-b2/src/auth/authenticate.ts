import { s3Error } from '../errors.ts'
import type { S3Request } from '../http/s3-request.ts'
import type { KeyRing } from './application-key.ts'
import { checkPresignTime, checkRequestTime, checkScope, parseCredential, type SignedClaim } from './credential.ts'
import { anonymous, type Identity } from './identity.ts'
import {
  algorithm,
  canonicalRequest,
  deriveSigningKey,
  equalSignatures,
  type Scope,
  signHex,
  stringToSign,
} from './signature.ts'

export interface Authority {
  keys: KeyRing
  region: string
  now: () => number
}

/** Verifies the signature of a request, in its header or its query; a request without one is anonymous. */
export function createAuthenticator({ keys, region, now }: Authority) {
  const signingKeys = new Map<string, (scope: Scope) => Buffer>()

  function signingKeyOf(secret: string, scope: Scope): Buffer {
    const cached = signingKeys.get(secret) ?? cachedSigningKey(secret)
    signingKeys.set(secret, cached)
    return cached(scope)
  }

  function verify(request: S3Request, claim: SignedClaim, payloadHash: string): Identity {
    const key = keys.find(claim.keyId)
    if (!key) throw s3Error('InvalidAccessKeyId')
    const signingKey = signingKeyOf(key.applicationKey, claim.scope)
    const canonical = canonicalRequest({
      method: request.method,
      path: request.path,
      pairs: request.pairs.filter(([name]) => name !== 'X-Amz-Signature'),
      signedHeaders: claim.signedHeaders,
      headerValue: name => request.message.headersDistinct[name]?.join(',') ?? '',
      payloadHash,
    })
    const expected = signHex(signingKey, stringToSign(canonical, claim.timestamp, claim.scope))
    if (!equalSignatures(claim.signature, expected)) throw s3Error('SignatureDoesNotMatch')
    checkNothingUnsigned(request, claim)
    return {
      kind: 'key',
      key,
      presigned: request.isPresigned,
      payload: payloadHash,
      chunkSigning: { signingKey, scope: claim.scope, timestamp: claim.timestamp, seedSignature: expected },
    }
  }

  function fromHeader(request: S3Request, authorization: string): Identity {
    const claim = parseAuthorization(authorization, request)
    checkScope(claim, region, 'AuthorizationHeaderMalformed')
    checkRequestTime(claim.timestamp, now())
    const payload = request.header('x-amz-content-sha256')
    if (payload === undefined) {
      throw s3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
    }
    return verify(request, claim, payload)
  }

  function fromQuery(request: S3Request): Identity {
    const parameter = (name: string) => request.query.get(name) ?? ''
    if (parameter('X-Amz-Algorithm') !== algorithm) {
      throw s3Error('AuthorizationQueryParametersError', `X-Amz-Algorithm only supports ${algorithm}`)
    }
    const claim: SignedClaim = {
      ...parseCredential(parameter('X-Amz-Credential'), 'AuthorizationQueryParametersError'),
      signedHeaders: parameter('X-Amz-SignedHeaders').split(';'),
      signature: parameter('X-Amz-Signature'),
      timestamp: parameter('X-Amz-Date'),
    }
    checkPresignTime(claim.timestamp, parameter('X-Amz-Expires'), now())
    checkScope(claim, region, 'AuthorizationQueryParametersError')
    return verify(request, claim, request.header('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD')
  }

  return (request: S3Request): Identity => {
    const { authorization } = request.message.headers
    if (authorization !== undefined) {
      if (request.isPresigned) {
        throw s3Error(
          'InvalidArgument',
          'Only one auth mechanism allowed: a query signature or an Authorization header',
        )
      }
      return fromHeader(request, authorization)
    }
    if (request.isPresigned) return fromQuery(request)
    if (request.query.has('Signature') || request.query.has('AWSAccessKeyId')) throw signatureVersion2()
    return anonymous
  }
}

function signatureVersion2() {
  return s3Error('InvalidRequest', 'The V2 signature is not supported. Please use AWS4-HMAC-SHA256.')
}

function parseAuthorization(text: string, request: S3Request): SignedClaim {
  if (text.startsWith('AWS ')) throw signatureVersion2()
  if (!text.startsWith(algorithm)) throw s3Error('InvalidArgument', 'Unsupported Authorization Type')
  const field = (name: string) => new RegExp(`[\\s,]${name}=([^,\\s]+)`).exec(text)?.[1]
  const credential = field('Credential')
  const signedHeaders = field('SignedHeaders')
  const signature = field('Signature')
  if (!credential || !signedHeaders || !signature) throw s3Error('AuthorizationHeaderMalformed')
  return {
    ...parseCredential(credential, 'AuthorizationHeaderMalformed'),
    signedHeaders: signedHeaders.split(';'),
    signature,
    timestamp: request.message.headers['x-amz-date']?.toString() ?? dateHeader(request),
  }
}

function dateHeader(request: S3Request): string {
  const time = Date.parse(request.message.headers.date ?? '')
  return Number.isNaN(time) ? '' : `${new Date(time).toISOString().replace(/[-:]|\.\d+/g, '')}`
}

/**
 * Refuses headers that change the request and are not signed; otherwise the holder of a presigned URL could add them.
 */
function checkNothingUnsigned(request: S3Request, claim: SignedClaim) {
  for (const name of Object.keys(request.message.headers)) {
    if (!name.startsWith('x-amz-') || claim.signedHeaders.includes(name)) continue
    if (request.isPresigned && name === 'x-amz-content-sha256') continue
    throw s3Error('AccessDenied', `There were headers present in the request which were not signed: ${name}`)
  }
}

function cachedSigningKey(secret: string): (scope: Scope) => Buffer {
  let cached: { date: string; region: string; key: Buffer } | undefined
  return scope => {
    if (cached?.date !== scope.date || cached.region !== scope.region) {
      cached = { date: scope.date, region: scope.region, key: deriveSigningKey(secret, scope) }
    }
    return cached.key
  }
}
