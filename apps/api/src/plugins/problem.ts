import { errorAnchor, errorEntry, type Problem } from '@darkroom/contracts'

interface ProblemInput {
  code: string
  detail: string
  requestId: string
  /** Where the documentation is, without a trailing slash. */
  docsUrl: string
}

/** Returns the problem details (RFC 9457) for a code of the error catalogue. `type` is the section of the code in the documentation. */
export function problemOf({ code, detail, requestId, docsUrl }: ProblemInput): Problem {
  const { status, title } = errorEntry(code)
  return { type: `${docsUrl}/errors#${errorAnchor(code)}`, title, status, detail, code, requestId }
}
