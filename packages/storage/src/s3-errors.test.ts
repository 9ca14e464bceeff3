import { appError } from '@darkroom/contracts'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { isRetryable, readS3Failure, translateS3Error } from './s3-errors.ts'

const target = { operation: 'PutObject', bucket: 'photos', key: 'uploads/a' }

const answered = (status: number, name: string, headers: Record<string, string> = {}, message = name) =>
  Object.assign(new Error(message), {
    name,
    $metadata: { httpStatusCode: status },
    $response: { statusCode: status, headers },
  })
const failed = (code: string) => Object.assign(new Error(code), { code })

describe('translateS3Error', () => {
  it.each([
    ['503 SlowDown', answered(503, 'SlowDown'), 'STORE_UNAVAILABLE', true],
    ['500 InternalError', answered(500, 'InternalError'), 'STORE_UNAVAILABLE', true],
    ['429', answered(429, 'TooManyRequests'), 'STORE_UNAVAILABLE', true],
    ['408', answered(408, 'RequestTimeout'), 'STORE_UNAVAILABLE', true],
    ['400 RequestTimeout', answered(400, 'RequestTimeout'), 'STORE_UNAVAILABLE', true],
    ['a reset', failed('ECONNRESET'), 'STORE_UNAVAILABLE', true],
    ['a refused connection', failed('ECONNREFUSED'), 'STORE_UNAVAILABLE', true],
    ['an unknown host', failed('ENOTFOUND'), 'STORE_UNAVAILABLE', true],
    ['a cut body', failed('ERR_STREAM_PREMATURE_CLOSE'), 'STORE_UNAVAILABLE', true],
    ['a timeout', Object.assign(new Error('late'), { name: 'TimeoutError' }), 'STORE_UNAVAILABLE', true],
    ['a missing bucket', answered(404, 'NoSuchBucket'), 'STORE_UNAVAILABLE', false],
    ['a missing key', answered(404, 'NoSuchKey'), 'STORE_NOT_FOUND', false],
    ['a missing version', answered(404, 'NoSuchVersion'), 'STORE_NOT_FOUND', false],
    ['a HEAD without body', answered(404, 'NotFound'), 'STORE_NOT_FOUND', false],
    ['a hide marker', answered(405, 'MethodNotAllowed'), 'STORE_NOT_FOUND', false],
    ['other bytes', answered(412, 'PreconditionFailed'), 'STORE_NOT_FOUND', false],
    ['a wrong key', answered(403, 'InvalidAccessKeyId'), 'STORE_CREDENTIALS', false],
    ['a wrong signature', answered(403, 'SignatureDoesNotMatch'), 'STORE_CREDENTIALS', false],
    ['401', answered(401, 'Unauthorized'), 'STORE_CREDENTIALS', false],
    ['a wrong clock', answered(403, 'RequestTimeTooSkewed'), 'STORE_CREDENTIALS', true],
    ['a cap by code', answered(403, 'storage_cap_exceeded'), 'STORE_CAP_EXCEEDED', false],
    ['a cap by text', answered(403, 'AccessDenied', {}, 'Transaction cap exceeded'), 'STORE_CAP_EXCEEDED', false],
    ['a cap behind 503', answered(503, 'download_cap_exceeded'), 'STORE_CAP_EXCEEDED', false],
    ['501', answered(501, 'NotImplemented'), 'INTERNAL', false],
    ['400', answered(400, 'InvalidArgument'), 'INTERNAL', false],
    ['a bug', new TypeError('x is not a function'), 'INTERNAL', false],
  ])('reads %s', (_name, error, code, retryable) => {
    expect(translateS3Error(error, target)).toMatchObject({ code, cause: error })
    expect(isRetryable(readS3Failure(error))).toBe(retryable)
  })

  it.each([
    ['7', 7],
    ['Sat, 21 Nov 2026 12:00:05 GMT', 5],
    ['soon', undefined],
  ])('hands on Retry-After: %s', (value, expected) => {
    vi.useFakeTimers({ now: new Date('2026-11-21T12:00:00Z') })
    onTestFinished(() => void vi.useRealTimers())
    const error = translateS3Error(answered(503, 'SlowDown', { 'retry-after': value }), target)
    expect((error as { retryAfterSec?: number }).retryAfterSec).toBe(expected)
  })

  it('names operation, bucket and key and no address', () => {
    expect(translateS3Error(answered(503, 'SlowDown'), target)).toMatchObject({
      message: 'PutObject photos/uploads/a: 503 SlowDown',
      context: target,
    })
  })

  it('passes an AppError through', () => {
    const error = appError('STORE_NOT_FOUND')
    expect(translateS3Error(error, target)).toBe(error)
  })

  it('gives the reason of an abort', () => {
    const reason = appError('LEASE_LOST')
    expect(translateS3Error(failed('ECONNRESET'), target, AbortSignal.abort(reason))).toBe(reason)
  })
})
