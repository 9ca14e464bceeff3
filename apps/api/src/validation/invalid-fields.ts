import { ERRORS, type Problem } from '@darkroom/contracts'
import { AppError } from '@darkroom/core'

export type FieldErrors = NonNullable<Problem['errors']>

/** A request of which fields are wrong, each named. */
export class InvalidFields extends AppError {
  readonly fields: FieldErrors

  constructor(fields: FieldErrors) {
    super('INVALID_REQUEST', ERRORS.INVALID_REQUEST.owner)
    this.fields = fields
  }
}
