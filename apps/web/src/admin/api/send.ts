import { networkError } from '../../api/api-error.ts'
import { createRequest, type RequestDeps } from '../../api/request.ts'
import { withRetries } from '../../api/with-retries.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

export type Send = <T>(method: Method, path: string, body?: unknown, headers?: Record<string, string>) => Promise<T>

/** Makes the function that asks the API and reads the answer. It throws `ApiError`; an empty answer becomes undefined. */
export function createSend(deps: RequestDeps): Send {
  const request = createRequest(deps)
  return async <T>(method: Method, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> => {
    const answer = await request(method, path, { body, headers })
    const text = await answer.text().catch(cause => {
      throw networkError(cause)
    })
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
}

export type SendOnce = <T>(path: string, body?: unknown) => Promise<T>

/**
 * Creates the sender of POSTs that create or send something. A lost answer is retried, and `Idempotency-Key` keeps the
 * work from being done twice.
 */
export const createSendOnce =
  (send: Send, newId: () => string): SendOnce =>
  <T>(path: string, body: unknown = {}) => {
    const headers = { 'idempotency-key': newId() }
    return withRetries(() => send<T>('POST', path, body, headers))
  }
