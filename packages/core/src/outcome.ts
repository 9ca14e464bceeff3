import type { AppError } from './app-error.ts'

/** How a job run ended. Handlers return one of these; `run-job.ts` alone maps it to rows and to the queue. */
export type Outcome =
  | { type: 'done' }
  | { type: 'skipped'; reason: string }
  | { type: 'snoozed'; delayMs: number }
  | { type: 'cancelled'; reason: string }
  | { type: 'failed'; error: AppError }
  /** All that is required was made; `error` kept something else from being made, and may not do so another time. */
  | { type: 'incomplete'; error: AppError }

export const done = (): Outcome => ({ type: 'done' })
export const skipped = (reason: string): Outcome => ({ type: 'skipped', reason })
export const snoozed = (delayMs: number): Outcome => ({ type: 'snoozed', delayMs })
export const cancelled = (reason: string): Outcome => ({ type: 'cancelled', reason })
export const failed = (error: AppError): Outcome => ({ type: 'failed', error })
export const incomplete = (error: AppError): Outcome => ({ type: 'incomplete', error })
