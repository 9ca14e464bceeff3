import type { ErrorCode } from '@darkroom/contracts'

/** A failure as it crosses from the child to the parent: data, because the child is not trusted with more. */
export interface Fault {
  code: ErrorCode
  detail: string
}

/** Thrown by steps; the child turns it into a `Fault`, the parent turns that into an `AppError`. */
export class MediaFault extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, detail: string, options?: { cause?: unknown }) {
    super(detail, options)
    this.name = 'MediaFault'
    this.code = code
  }
}
