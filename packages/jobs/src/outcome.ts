import type { AppError } from '@darkroom/core'

/** How a run of a job ended. A handler returns one of these, or throws, which is `failed`; the runner alone maps it to rows. */
export type Outcome<Result> =
  | { type: 'done'; result: Result }
  /** All that is required was made; `error` kept something else from being made, and may not do so another time. */
  | { type: 'incomplete'; result: Result; error: AppError }
  | { type: 'skipped'; reason: string }
  | { type: 'snoozed'; delayMs: number }
  | { type: 'cancelled'; reason: string }
  | { type: 'failed'; error: AppError }
