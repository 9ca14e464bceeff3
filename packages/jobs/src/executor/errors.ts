import { appError } from '@darkroom/contracts'
import { type AppError, isAppError } from '@darkroom/core'

/** The backend does not answer, or not in time. */
export const queueUnavailable = (backend: string, cause: unknown): AppError =>
  isAppError(cause)
    ? cause
    : appError('UNAVAILABLE', `The job queue on ${backend} does not respond.`, { cause, context: { backend } })

/** A caller of ours passed what no worker could run: a bug. */
export const invalidEntry = (cause: unknown): AppError => appError('INTERNAL', 'A queue entry is not valid.', { cause })

export const poolTooSmall = (max: number): AppError =>
  appError(
    'INTERNAL',
    `The queue's Postgres pool of ${max} is too small: each queue that a worker serves needs one or two connections of its own, plus two. Raise DATABASE_QUEUE_POOL_MAX.`,
    {
      context: { max },
    },
  )
