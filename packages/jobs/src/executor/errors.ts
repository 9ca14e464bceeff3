import { appError } from '@darkroom/contracts'
import { type AppError, isAppError } from '@darkroom/core'

/** Returns the error for a backend that does not answer, or not in time. An AppError passes unchanged. */
export const queueUnavailable = (backend: string, cause: unknown): AppError =>
  isAppError(cause)
    ? cause
    : appError('UNAVAILABLE', `The job queue on ${backend} does not respond.`, { cause, context: { backend } })

/** Returns the error for an entry that no worker could run: a bug of the caller. */
export const invalidEntry = (cause: unknown): AppError => appError('INTERNAL', 'A queue entry is not valid.', { cause })

export const poolTooSmall = (max: number): AppError =>
  appError(
    'INTERNAL',
    `The queue's Postgres pool of ${max} is too small: each queue that a worker serves needs one or two connections of its own, plus two. Raise DATABASE_QUEUE_POOL_MAX.`,
    {
      context: { max },
    },
  )
