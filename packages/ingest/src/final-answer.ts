import { errorCodesThat } from '@darkroom/contracts'
import { type AppError, isAppError } from '@darkroom/core'

const FINAL: ReadonlySet<string> = new Set(errorCodesThat('isFinal'))

/**
 * Whether what `confirmArrived` threw is its answer: the bytes are not there, not right, or no longer wanted, and it will not
 * say otherwise in a minute. Anything else is worth another try.
 */
export const isFinalAnswer = (error: unknown): error is AppError => isAppError(error) && FINAL.has(error.code)
