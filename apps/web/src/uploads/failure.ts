import { type ClientErrorCode, DarkroomError } from '@darkroom/sdk'

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

/** Texts of the page for what the SDK says of itself. */
const DETAILS: Partial<Record<ClientErrorCode, string>> = {
  NETWORK: 'The connection was lost.',
  FILE_UNREADABLE: 'The file can no longer be read.',
}

/** Converts anything that the SDK throws to a failure. */
export function failureOf(error: unknown, step: Step): Failure {
  if (error instanceof DarkroomError) {
    const { code, message, status, retryable } = error
    const isPassing = retryable || status === 429 || (status ?? 0) >= 500
    const detail = (DETAILS as Record<string, string | undefined>)[code] ?? message
    return { code, detail, step, retryable: code === 'FILE_UNREADABLE' ? false : isPassing || null }
  }
  return { code: 'INTERNAL', detail: error instanceof Error ? error.message : String(error), step, retryable: true }
}
