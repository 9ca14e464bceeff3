import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { encodeUri, type QueryPair } from '../http/query.ts'

/** AWS Signature Version 4, as in https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
export const algorithm = 'AWS4-HMAC-SHA256'

export interface Scope {
  /** YYYYMMDD */
  date: string
  region: string
  service: string
}

export function formatScope({ date, region, service }: Scope): string {
  return `${date}/${region}/${service}/aws4_request`
}

export function sha256Hex(data: string | Buffer, encoding: 'utf8' | 'latin1' = 'utf8'): string {
  const hash = createHash('sha256')
  return (typeof data === 'string' ? hash.update(data, encoding) : hash.update(data)).digest('hex')
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest()
}

export function deriveSigningKey(secret: string, { date, region, service }: Scope): Buffer {
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request')
}

export function signHex(signingKey: Buffer, stringToSign: string): string {
  return hmac(signingKey, stringToSign).toString('hex')
}

export interface CanonicalParts {
  method: string
  /** Decoded path. */
  path: string
  pairs: readonly QueryPair[]
  signedHeaders: readonly string[]
  /** Value of a header as it came, its bytes as latin1. */
  headerValue(name: string): string
  payloadHash: string
}

function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function canonicalQuery(pairs: readonly QueryPair[]): string {
  return pairs
    .map(([name, value]) => [encodeUri(name, false), encodeUri(value, false)] as const)
    .sort((a, b) => compareBytes(a[0], b[0]) || compareBytes(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

export function canonicalRequest(parts: CanonicalParts): string {
  const headers = parts.signedHeaders.map(name => `${name}:${parts.headerValue(name).trim().replace(/ +/g, ' ')}\n`)
  return [
    parts.method,
    encodeUri(parts.path, true),
    canonicalQuery(parts.pairs),
    headers.join(''),
    parts.signedHeaders.join(';'),
    parts.payloadHash,
  ].join('\n')
}

/** Returns the string to sign of SigV4; `timestamp` is YYYYMMDDTHHMMSSZ. Header bytes outside ASCII are latin1 in Node, so the request is hashed as latin1. */
export function stringToSign(canonical: string, timestamp: string, scope: Scope): string {
  return [algorithm, timestamp, formatScope(scope), sha256Hex(canonical, 'latin1')].join('\n')
}

export function equalSignatures(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
