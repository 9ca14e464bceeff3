import { errorEntry, type ResourceError } from '@darkroom/contracts'
import type { AppError } from '@darkroom/core'

/** Returns an error as it is stored in rows and shown to clients. The text of a bug stays in the logs. */
export function toResourceError(error: AppError): ResourceError {
  const { owner, retryable } = errorEntry(error.code)
  return { code: error.code, message: error.code === 'INTERNAL' ? owner : error.message, retryable }
}

/** Returns the detail that only an admin sees: what the decoder reported, or which setting decided. */
export const adminDetailOf = ({ context: { said } }: AppError): string | undefined =>
  typeof said === 'string' ? said : undefined

/** Returns the error of a variant. Its `retryable` tells whether the variant is tried again. */
export const toVariantError = (error: AppError, isTriedAgain: boolean): ResourceError => ({
  ...toResourceError(error),
  retryable: isTriedAgain,
})
