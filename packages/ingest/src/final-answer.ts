import { codesWhere, type ErrorCodeOf } from '@darkroom/contracts'
import { type AppError, isAppError } from '@darkroom/core'

const FINAL: ReadonlySet<string> = new Set(
  codesWhere({
    QUOTA_EXCEEDED: false,
    EXTERNAL_ID_TAKEN: false,
    UPLOAD_INCOMPLETE: true,
    SIZE_MISMATCH: true,
    UPLOAD_EXPIRED: true,
    UPLOAD_CONFIRMED: false,
    ASSET_DELETED: true,
    INVALID_PARTS: true,
  } satisfies Record<ErrorCodeOf<'upload'>, boolean>),
)

/**
 * Whether what `confirmArrived` threw is its answer: the bytes are not there, not right, or no longer wanted, and it will not
 * say otherwise in a minute. Anything else is worth another try.
 */
export const isFinalAnswer = (error: unknown): error is AppError => isAppError(error) && FINAL.has(error.code)
