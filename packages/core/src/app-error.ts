/** What every failure in Darkroom is: a stable code from `@darkroom/contracts` and the facts that help whoever reads it. */
export class AppError extends Error {
  readonly code: string
  /** Facts for logs and admins (ids, limits, measured values). Never secrets, never signed URLs. */
  readonly context: Record<string, unknown>
  /** Seconds after which a retry makes sense, when the failing side named them. */
  readonly retryAfterSec: number | undefined

  constructor(
    code: string,
    detail: string,
    options: { cause?: unknown; context?: Record<string, unknown>; retryAfterSec?: number } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.context = options.context ?? {}
    this.retryAfterSec = options.retryAfterSec
  }
}

export function isAppError(error: unknown, code?: string): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code)
}
