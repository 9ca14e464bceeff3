import { errorEntry, type ResourceError } from '@darkroom/contracts'
import type { AppError } from '@darkroom/core'

/** An error as it is stored in rows and shown to clients: the text of a bug stays in the logs. */
export function toResourceError(error: AppError): ResourceError {
  const { owner, retryable } = errorEntry(error.code)
  return { code: error.code, message: error.code === 'INTERNAL' ? owner : error.message, retryable }
}

/** What an admin is told besides: what the decoder said, or which setting decided. */
export const adminDetailOf = ({ context: { said } }: AppError): string | undefined =>
  typeof said === 'string' ? said : undefined

/** The same of a variant, of which `retryable` promises that it is tried again. */
export const toVariantError = (error: AppError, isTriedAgain: boolean): ResourceError => ({
  ...toResourceError(error),
  retryable: isTriedAgain,
})
