import type { ErrorCode } from '@darkroom/contracts'
import { ApiError } from '../api/api-error.ts'

/** What the page was doing when it failed; a retry begins there. */
export type Step = 'send' | 'confirm' | 'process' | 'remove'

/** Codes of the page itself, beside those of the service. */
export type PageCode = 'NETWORK' | 'FILE_UNREADABLE' | 'UPLOAD_URL_REFUSED' | 'STORE_REFUSED'

/** Why a file did not get through, as it is shown. */
export interface Failure {
  code: string
  detail: string
  step: Step
  /** What the service says about trying again; null when it does not say. */
  retryable: boolean | null
}

/** Converts anything that the API client or the transfer throws to a failure. */
export function failureOf(error: unknown, step: Step): Failure {
  if (error instanceof ApiError) {
    const isServerFault = error.status === null || error.status === 429 || error.status >= 500
    return { code: error.code, detail: error.message, step, retryable: isServerFault || null }
  }
  return { ...otherFault(error), step, retryable: true }
}

/**
 * Finds out why a transfer failed. When a browser cannot read a file any more it reports a network error, so the file
 * itself is tried.
 */
export async function failureOfTransfer(error: unknown, file: File): Promise<Failure> {
  const failure = failureOf(error, 'send')
  if (failure.code !== 'NETWORK' || (await isReadable(file))) return failure
  const code: PageCode = 'FILE_UNREADABLE'
  return { code, detail: 'The file can no longer be read.', step: 'send', retryable: false }
}

const isReadable = (file: File): Promise<boolean> =>
  file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    )

/**
 * Describes the other errors of a transfer: refusals of the object store with an HTTP status, no answer, and unexpected
 * errors.
 */
function otherFault(error: unknown): { code: PageCode | ErrorCode; detail: string } {
  const status = statusOf(error)
  if (status === null && isLackOfAnswer(error)) {
    return { code: 'NETWORK', detail: 'The connection to the object store was lost.' }
  }
  if (status === null) return { code: 'INTERNAL', detail: error instanceof Error ? error.message : String(error) }
  if (status === 401 || status === 403) {
    return { code: 'UPLOAD_URL_REFUSED', detail: 'The store no longer accepts this upload link.' }
  }
  return { code: 'STORE_REFUSED', detail: `The object store responded with ${status}.` }
}

/** Tells whether there was no answer, as Uppy marks it. */
const isLackOfAnswer = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'NETWORK'

const statusOf = (error: unknown): number | null =>
  error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : null
