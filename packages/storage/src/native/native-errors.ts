import { AppError } from '@darkroom/core'
import { storeCapExceeded, storeCredentials, storeNotFound, storeProtocol, storeUnavailable } from '../errors.ts'

/** An answer of B2's native API that is an error, or `status` 0 when no answer came. */
export class NativeApiError extends Error {
  readonly status: number
  /** B2's word, such as `bad_request`. https://www.backblaze.com/docs/cloud-storage-api-error-codes */
  readonly code: string
  readonly retryAfterSec: number | undefined

  constructor(failure: { status: number; code: string; message: string; retryAfterSec?: number | undefined }) {
    super(failure.message)
    this.name = 'NativeApiError'
    this.status = failure.status
    this.code = failure.code
    this.retryAfterSec = failure.retryAfterSec
  }
}

/** Returns whether a new authorization may help: tokens end after 24 hours. */
export const isTokenRefused = (error: unknown): boolean =>
  error instanceof NativeApiError && ['bad_auth_token', 'expired_auth_token'].includes(error.code)

/** Returns whether the same call may go through at another time. */
export const isBusy = ({ status, code }: NativeApiError): boolean =>
  status === 0 || status === 408 || status === 429 || (status >= 500 && status !== 501) || code === 'too_many_requests'

/** Returns whether a bucket could not be created because there is one of its name, in this account or in another. */
export const isNameTaken = (error: unknown): boolean =>
  error instanceof AppError && error.cause instanceof NativeApiError && error.cause.code === 'duplicate_bucket_name'

/** Translates a failed call into an `AppError`; what is none of the API's passes through. */
export function translateNativeError(error: unknown, operation: string, bucket: string): unknown {
  if (error instanceof AppError || !(error instanceof NativeApiError)) return error
  const target = { operation, bucket }
  const reason = `${error.status || 'no answer'} ${error.code}: ${error.message}`
  if (/cap_exceeded/.test(error.code)) return storeCapExceeded(target, reason, error)
  if (error.status === 401 || error.status === 403) return storeCredentials(target, reason, error)
  if (isBusy(error)) return storeUnavailable(target, reason, error, error.retryAfterSec)
  if (error.status === 404) return storeNotFound(target, reason, error)
  return storeProtocol(target, reason, error)
}
