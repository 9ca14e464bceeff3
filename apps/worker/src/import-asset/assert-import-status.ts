import { appError } from '@darkroom/contracts'
import type { DownloadAnswer } from '@darkroom/outbound'
import { readRetryAfter } from '../retry-after.ts'

/** Statuses that say nothing of the file: the host is busy, or asks to come back. */
const LATER: ReadonlySet<number> = new Set([408, 425, 429])
const GONE: ReadonlySet<number> = new Set([404, 410])

/**
 * Checks that the answer of a host is a successful download.
 * @throws IMPORT_NOT_FOUND, IMPORT_REFUSED; IMPORT_UNAVAILABLE with the time to retry at, where the host names one
 */
export function assertImportStatus(
  { status, headers }: Pick<DownloadAnswer, 'status' | 'headers'>,
  now: Date = new Date(),
): void {
  if (status === 200) return
  const detail = `The host responded with ${status}.`
  if (GONE.has(status)) throw appError('IMPORT_NOT_FOUND', detail)
  if (status < 500 && !LATER.has(status)) throw appError('IMPORT_REFUSED', detail)
  const askedForMs = readRetryAfter(headers['retry-after'], now)
  throw appError('IMPORT_UNAVAILABLE', detail, {
    ...(askedForMs !== undefined && { retryAfterSec: Math.ceil(askedForMs / 1000) }),
  })
}
