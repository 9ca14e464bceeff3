import { appError } from '@darkroom/contracts'
import { type AppError, isAppError } from '@darkroom/core'

/** Returns the error for a backend that does not answer, or not in time. An AppError passes unchanged. */
export const queueUnavailable = (backend: string, cause: unknown): AppError =>
  isAppError(cause)
    ? cause
    : appError('UNAVAILABLE', `The job queue on ${backend} does not respond.`, { cause, context: { backend } })

/** Returns the error for an entry that no worker could run: a bug of the caller. */
export const invalidEntry = (cause: unknown): AppError => appError('INTERNAL', 'A queue entry is not valid.', { cause })
