import { ApiError } from '../api/api-error.ts'

/** What the page was doing when it failed; a retry begins there. */
export type Step = 'send' | 'confirm' | 'process' | 'remove'

/** Why a file did not get through, as it is shown. */
export interface Failure {
  code: string
  detail: string
  step: Step
  /** What the service says about trying again; null when it does not say. */
  retryable: boolean | null
}

/** A failure from anything thrown by the API client or by the transfer. */
export function failureOf(error: unknown, step: Step): Failure {
  if (error instanceof ApiError) {
    const isServerFault = error.status === null || error.status === 429 || error.status >= 500
    return { code: error.code, detail: error.message, step, retryable: isServerFault || null }
  }
  return { ...storeFault(error), step, retryable: true }
}

/** The object store's refusals, which carry an HTTP status, and the lack of any answer. */
function storeFault(error: unknown): Pick<Failure, 'code' | 'detail'> {
  const status = statusOf(error)
  if (status === null) return { code: 'NETWORK', detail: 'The connection to the object store broke off.' }
  if (status === 401 || status === 403) {
    return { code: 'UPLOAD_URL_REFUSED', detail: 'The store no longer accepts this upload link.' }
  }
  return { code: 'STORE_REFUSED', detail: `The object store answered ${status}.` }
}

const statusOf = (error: unknown): number | null =>
  error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : null
