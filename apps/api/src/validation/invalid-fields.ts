import { ERRORS, type Problem } from '@darkroom/contracts'
import { AppError } from '@darkroom/core'

/** A text that is longer is none of ours, and is not sent back whole. */
const MAX_SHOWN_LENGTH = 100

/** Shortens what a client wrote to the length that an error quotes. */
export const shown = (written: string): string =>
  written.length <= MAX_SHOWN_LENGTH ? written : `${written.slice(0, MAX_SHOWN_LENGTH)}…`

export type FieldErrors = NonNullable<Problem['errors']>

/** Enough to correct a request by; a body of nothing but faults has thousands. */
export const MAX_ERRORS = 50

/** A request of which fields are wrong, each named. */
export class InvalidFields extends AppError {
  readonly fields: FieldErrors

  constructor(fields: FieldErrors) {
    super('INVALID_REQUEST', ERRORS.INVALID_REQUEST.owner)
    this.fields = fields.slice(0, MAX_ERRORS)
  }
}
