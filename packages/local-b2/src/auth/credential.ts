import { type S3ErrorCode, s3Error } from '../errors.ts'
import { maxClockSkewMs, maxPresignSeconds } from '../limits.ts'
import type { Scope } from './signature.ts'

export interface SignedClaim {
  keyId: string
  scope: Scope
  signedHeaders: string[]
  signature: string
  timestamp: string
}

/** Parses `key/20130524/us-east-1/s3/aws4_request`; a key ID may itself hold slashes. */
export function parseCredential(text: string, malformed: S3ErrorCode): { keyId: string; scope: Scope } {
  const parts = text.split('/')
  const [date, region, service, terminator] = parts.slice(-4)
  const keyId = parts.slice(0, -4).join('/')
  if (!date || !region || !service || terminator !== 'aws4_request' || keyId === '') throw s3Error(malformed)
  return { keyId, scope: { date, region, service } }
}

export function checkScope(claim: SignedClaim, region: string, malformed: S3ErrorCode) {
  const { scope } = claim
  if (scope.region !== region) {
    throw s3Error(malformed, `The region '${scope.region}' is wrong; expecting '${region}'`)
  }
  if (scope.service !== 's3') throw s3Error(malformed, `The service '${scope.service}' is wrong; expecting 's3'`)
  if (!claim.timestamp.startsWith(scope.date)) {
    throw s3Error('SignatureDoesNotMatch', 'The credential date and the request date differ.')
  }
  if (!claim.signedHeaders.includes('host')) throw s3Error('SignatureDoesNotMatch', 'The host header must be signed.')
}

/** Parses YYYYMMDDTHHMMSSZ to milliseconds. */
export function parseTimestamp(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second] = match
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time) ? undefined : time
}

export function checkRequestTime(timestamp: string, now: number) {
  const time = parseTimestamp(timestamp)
  if (time === undefined) throw s3Error('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header')
  if (Math.abs(now - time) > maxClockSkewMs) throw s3Error('RequestTimeTooSkewed')
}

export function checkPresignTime(timestamp: string, expires: string, now: number) {
  const time = parseTimestamp(timestamp)
  const seconds = /^\d{1,9}$/.test(expires) ? Number(expires) : Number.NaN
  if (time === undefined) throw s3Error('AuthorizationQueryParametersError', 'X-Amz-Date is missing or malformed')
  if (!(seconds >= 1 && seconds <= maxPresignSeconds)) {
    throw s3Error('AuthorizationQueryParametersError', `X-Amz-Expires must be from 1 to ${maxPresignSeconds} seconds`)
  }
  if (time > now + maxClockSkewMs) throw s3Error('AccessDenied', 'Request is not yet valid')
  if (now > time + seconds * 1000) throw s3Error('AccessDenied', 'Request has expired')
}
