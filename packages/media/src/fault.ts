import { errorCodesThat } from '@darkroom/contracts/errors'
import { LIMIT_VARIABLES, type Limits } from './limits.ts'

/** Codes that a child may give. */
export const FAULT_CODES = ['INTERNAL', ...errorCodesThat('isOfMedia')] as const
export type FaultCode = (typeof FAULT_CODES)[number]

/** A failure as it crosses from the child to the parent: data, because the child is not trusted with more. */
export interface Fault {
  code: FaultCode
  /** For the owner, in words of our own. */
  detail: string
  /** What a library said, or which setting decided: for the log and for admins, never for the owner. */
  said?: string | undefined
}

/** Thrown by steps; the child turns it into a `Fault`, the parent turns that into an `AppError`. */
export class MediaFault extends Error {
  readonly code: FaultCode

  constructor(code: FaultCode, detail: string, options?: { cause?: unknown }) {
    super(detail, options)
    this.name = 'MediaFault'
    this.code = code
  }
}

const MAX_DETAIL_LENGTH = 500

/** Returns what was thrown, as it crosses. What is no fault of the media is `INTERNAL`, with words that fit where it happened. */
export function toFault(error: unknown, otherwise: Fault): Fault {
  if (!(error instanceof MediaFault)) return { ...otherwise, said: firstLine(error) }
  const { code, message, cause } = error
  return {
    code,
    detail: withoutPaths(message).slice(0, MAX_DETAIL_LENGTH),
    ...(cause !== undefined && { said: firstLine(cause) }),
  }
}

/** Two names or more; the type of a file (`image/png`) and a fraction have one. */
const PATH = /(?<![\w<])(?:[A-Za-z]:)?(?:[/\\][\w.@+~-]+){2,}/g

/** Libraries name the file that they were given; where the worker has it is nobody's business. */
const withoutPaths = (text: string): string => text.replace(PATH, 'the file')

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return withoutPaths(message.split('\n')[0] ?? '').slice(0, MAX_DETAIL_LENGTH)
}

/** Returns the fault of what a limit refuses. What raises it is for admins. */
export const overLimit = (limit: keyof Limits, code: FaultCode, detail: string): MediaFault =>
  new MediaFault(code, detail, { cause: limitedBy(limit) })

/** Returns which setting it is. */
export const limitedBy = (limit: keyof Limits): string => `The limit is ${LIMIT_VARIABLES[limit]}`

/** Returns the fault of what is refused for want of a program. */
export const lacksTool = (tool: string): MediaFault =>
  new MediaFault('DECODER_UNAVAILABLE', 'A program needed for this kind of file is not installed here', {
    cause: `There is no ${tool}`,
  })
