import { errorEntry, type Problem } from '@darkroom/contracts'

/** Where each code is explained. */
const ERROR_DOCS = 'https://github.com/darkroom-media/darkroom/blob/main/docs/errors.md'

/** Returns the problem details (RFC 9457) for a code of the error catalogue. */
export function problemOf({ code, detail, requestId }: { code: string; detail: string; requestId: string }): Problem {
  const { status, title } = errorEntry(code)
  return { type: `${ERROR_DOCS}#${code.toLowerCase()}`, title, status, detail, code, requestId }
}
