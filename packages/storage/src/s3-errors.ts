import { AppError } from '@darkroom/core'
import {
  storeCapExceeded,
  storeCredentials,
  storeNotFound,
  storeProtocol,
  storeUnavailable,
  type Target,
} from './errors.ts'

/** The facts of a failed S3 call, whatever the SDK made of it. */
export interface S3Failure {
  /** 0 when no answer came. */
  status: number
  /** S3's error code, or the system's (`ECONNRESET`). */
  code: string
  message: string
  retryAfterSec: number | undefined
  /** Whether the store says besides that its disk is full, as only our own does. */
  isStoreFull: boolean
}

interface SdkError extends Error {
  code?: unknown
  $metadata?: { httpStatusCode?: number }
  $response?: { statusCode?: number; headers?: Record<string, string> }
}

const parseRetryAfter = (value: string | undefined): number | undefined => {
  if (!value) return undefined
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - Date.now()) / 1000
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined
}

export function readS3Failure(error: unknown): S3Failure {
  const sdk = error as SdkError
  const named = sdk.name && !['Error', 'Unknown', 'UnknownError'].includes(sdk.name) ? sdk.name : undefined
  return {
    status: sdk.$metadata?.httpStatusCode ?? sdk.$response?.statusCode ?? 0,
    code: typeof sdk.code === 'string' ? sdk.code : (named ?? 'Unknown'),
    message: error instanceof Error ? error.message : String(error),
    retryAfterSec: parseRetryAfter(sdk.$response?.headers?.['retry-after']),
    isStoreFull: sdk.$response?.headers?.['x-local-b2-full'] === 'true',
  }
}

const isNetworkFailure = (failure: S3Failure): boolean =>
  failure.status === 0 &&
  (failure.code === 'TimeoutError' || /^(E[A-Z_]+|ERR_.*|CERT_.*|.*_CERT.*)$/.test(failure.code))

const isCapExceeded = (failure: S3Failure): boolean => /cap[\s_]?exceeded/i.test(`${failure.code} ${failure.message}`)

/**
 * Tells whether a retry may help. B2 answers 500 and 503 by design; 501 is a missing feature, and a full disk (507)
 * stays full for a while.
 */
const isBusy = ({ status, code }: S3Failure): boolean =>
  status === 408 ||
  status === 429 ||
  (status >= 500 && status !== 501 && status !== 507) ||
  code === 'RequestTimeout' ||
  code === 'SlowDown'

/** Returns whether the same request may go through at another time, on another connection. The SDK corrects its clock after a skew. */
export const isRetryable = (failure: S3Failure): boolean =>
  !isCapExceeded(failure) && (isBusy(failure) || isNetworkFailure(failure) || failure.code === 'RequestTimeTooSkewed')

/** Returns whether the key or version is not there, is hidden, or is not the pinned one. A missing bucket is a fault of the set-up instead. */
export const isAbsent = ({ status, code }: S3Failure): boolean =>
  (status === 404 && code !== 'NoSuchBucket') || status === 405 || status === 412

/** Translates any failure of an S3 call into an `AppError`; what already is one, and the reason of an abort, pass through. */
export function translateS3Error(error: unknown, target: Target, signal?: AbortSignal): unknown {
  if (error instanceof AppError) return error
  if (signal?.aborted) return signal.reason
  const failure = readS3Failure(error)
  const reason = failure.status === 0 ? failure.code : `${failure.status} ${failure.code}`
  if (isCapExceeded(failure)) return storeCapExceeded(target, reason, error)
  if (failure.code === 'RequestTimeTooSkewed')
    return storeCredentials(target, `${reason}: check this machine's clock`, error)
  if (failure.code === 'NoSuchBucket') return storeUnavailable(target, 'the bucket does not exist', error)
  if (failure.status === 401 || failure.status === 403) return storeCredentials(target, reason, error)
  if (isAbsent(failure)) return storeNotFound(target, reason, error)
  if (isRetryable(failure)) return storeUnavailable(target, reason, error, failure.retryAfterSec)
  return storeProtocol(target, reason, error)
}
