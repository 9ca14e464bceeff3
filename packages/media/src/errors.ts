import { appError } from '@darkroom/contracts'
import { AppError } from '@darkroom/core'
import { type Fault, limitedBy } from './fault.ts'

export const unsafeEngine = (found: string, minimum: string): AppError =>
  appError('INTERNAL', `sharp ${found} has known security holes; at least ${minimum} is needed`)

export const poolClosed = (): AppError => appError('UNAVAILABLE', 'The media pool is closed')

export const timedOut = (ms: number): AppError =>
  appError('TIMEOUT', `Processing took longer than ${ms / 1000} s`, { context: { limitMs: ms } })

export const memoryExceeded = (maxBytes: number, context: Record<string, unknown> = {}): AppError =>
  appError('RESOURCE_LIMIT', `Processing needed more than ${Math.round(maxBytes / 1024 / 1024)} MiB of memory`, {
    context: { maxBytes, said: limitedBy('maxRssBytes'), ...context },
  })

export const outputTooLarge = (maxBytes: number): AppError =>
  appError('OUTPUT_TOO_LARGE', `The result is larger than ${Math.round(maxBytes / 1024 / 1024)} MiB`, {
    context: { maxBytes, said: limitedBy('maxOutputBytes') },
  })

/** Returns the signal's own reason when it is one of ours, else LEASE_LOST: nobody wants the result any more. */
export const aborted = (signal: AbortSignal): AppError =>
  signal.reason instanceof AppError
    ? signal.reason
    : appError('LEASE_LOST', 'Processing was cancelled', { cause: signal.reason })

export const childCrashed = (context: Record<string, unknown>): AppError =>
  appError('WORKER_CRASHED', 'The process that decoded the file crashed', { context })

export const childMisbehaved = (what: string, cause?: unknown): AppError =>
  appError('WORKER_CRASHED', 'The process that decoded the file sent an invalid answer', {
    cause,
    context: { said: what },
  })

export const fromFault = ({ code, detail, said }: Fault): AppError =>
  appError(code, detail, { context: said === undefined ? {} : { said } })
