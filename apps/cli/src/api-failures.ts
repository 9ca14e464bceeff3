import type { KeyOrigin } from './connection.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

const SET_KEY =
  'Set DARKROOM_KEY to the key that the first start printed, or create a new one on the server with `npx darkroom keys create --operator --direct`.'

/** What to do about a key that is not accepted, by where it comes from. */
export const WRONG_KEY: Record<KeyOrigin, (url: string) => string> = {
  DARKROOM_KEY: () => `DARKROOM_KEY is not a valid API key of this installation. ${SET_KEY}`,
  login: url =>
    `${url} does not accept the key of your login any more; it may be revoked or expired. Log in again: npx darkroom login ${url}`,
  'local mode': url => `${url} is not in local mode, so it needs an API key. ${SET_KEY}`,
}

const EXIT_OF_STATUS: Record<number, ExitCode> = {
  400: EXIT.usage,
  401: EXIT.unauthorized,
  403: EXIT.unauthorized,
  404: EXIT.notFound,
  410: EXIT.notFound,
  413: EXIT.refused,
  415: EXIT.refused,
  422: EXIT.refused,
  451: EXIT.refused,
  429: EXIT.unreachable,
  503: EXIT.unreachable,
}

/** Returns the exit code of what the API answered with an HTTP status. */
export const exitCodeOf = (status: number): ExitCode => EXIT_OF_STATUS[status] ?? EXIT.failed
