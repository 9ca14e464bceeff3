import { appError } from '@darkroom/contracts'
import { AppError } from '@darkroom/core'

/** What was being done to what, for messages and context. Never a URL. */
export interface Target {
  operation: string
  bucket: string
  key?: string | undefined
}

export const describeTarget = ({ operation, bucket, key }: Target): string =>
  `${operation} ${bucket}${key === undefined ? '' : `/${key}`}`

export function storeUnavailable(target: Target, reason: string, cause?: unknown, retryAfterSec?: number): AppError {
  return appError('STORE_UNAVAILABLE', `${describeTarget(target)}: ${reason}`, {
    cause,
    context: { ...target },
    ...(retryAfterSec === undefined ? {} : { retryAfterSec }),
  })
}

export function storeNotFound(target: Target, reason: string, cause?: unknown): AppError {
  return appError('STORE_NOT_FOUND', `${describeTarget(target)}: ${reason}`, { cause, context: { ...target } })
}

export function storeCredentials(target: Target, reason: string, cause?: unknown): AppError {
  return appError('STORE_CREDENTIALS', `${describeTarget(target)}: ${reason}`, { cause, context: { ...target } })
}

export function storeCapExceeded(target: Target, reason: string, cause?: unknown): AppError {
  return appError('STORE_CAP_EXCEEDED', `${describeTarget(target)}: ${reason}`, { cause, context: { ...target } })
}

/** Returns the error of a store that answered what our requests should never bring about: a bug here or a feature the store lacks. */
export function storeProtocol(target: Target, reason: string, cause?: unknown): AppError {
  return appError('INTERNAL', `${describeTarget(target)}: ${reason}`, { cause, context: { ...target } })
}

/** Returns the error of parts that changed after they were listed. */
export function partsRefused(target: Target, reason: string, cause?: unknown): AppError {
  return appError('INVALID_PARTS', undefined, { cause, context: { ...target, reason } })
}

/** Returns the error of a store that cannot copy exactly the pinned bytes; upload the verified local copy instead. */
export function copyUnsupported(target: Target, reason: string, cause?: unknown): AppError {
  return appError('INTERNAL', `${describeTarget(target)}: ${reason}`, {
    cause,
    context: { ...target, copyUnsupported: true },
  })
}

/** Returns whether `copy` failed because the store cannot do it safely, so that an upload of the same bytes is the way on. */
export const isCopyUnsupported = (error: unknown): boolean =>
  error instanceof AppError && error.context.copyUnsupported === true
