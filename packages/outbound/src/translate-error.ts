import { appError } from '@darkroom/contracts'
import { AppError } from '@darkroom/core'

/** undici's own limits, of one step of an exchange. */
const TIMEOUTS: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** Returns what a call failed of, as URL_TIMEOUT or URL_UNREACHABLE; what is an `AppError` already stays as it is. */
export function translateError(error: unknown, what = 'The host could not be reached'): AppError {
  if (error instanceof AppError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no response'
  if (TIMEOUTS.has(code)) return appError('URL_TIMEOUT', 'The host did not respond in time.', { cause: error })
  return appError('URL_UNREACHABLE', `${what}: ${code}.`, { cause: error })
}
