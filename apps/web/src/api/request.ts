import { errorOfAnswer, networkError, noKeyError, otherKeyError } from './api-error.ts'

const READ_TIMEOUT_MS = 30_000
/** What changes something may have to wait for the object store. */
const CHANGE_TIMEOUT_MS = 120_000

export interface RequestDeps {
  fetch: typeof fetch
  /** The key of this moment, or null while there is none. */
  apiKey: () => string | null
  /** Told which key it was: another may have been entered since. */
  onUnauthorized: (key: string) => void
  /** Told when something that needs a key got no answer at all. */
  onNoAnswer?: () => void
}

export interface RequestOptions {
  body?: unknown
  headers?: Record<string, string>
  /** Asked without a key. */
  isPublic?: boolean
  /** In ms, for the whole answer. Half a minute where nothing is changed, two else. */
  timeoutMs?: number
}

export type Request = (method: string, path: string, options?: RequestOptions) => Promise<Response>

/** Makes the function that asks the API, with the key of the moment. It throws `ApiError` for all but a success. */
export function createRequest({ fetch, apiKey, onUnauthorized, onNoAnswer }: RequestDeps): Request {
  return async (method, path, { body, headers, isPublic = false, timeoutMs = timeoutOf(method) } = {}) => {
    const key = isPublic ? null : apiKey()
    if (key === null && !isPublic) throw noKeyError()
    const answer = await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...(key && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch(cause => {
      if (!isPublic) onNoAnswer?.()
      throw networkError(cause)
    })
    if (key !== null && answer.status === 401) onUnauthorized(key)
    else if (key !== null && key !== apiKey()) throw otherKeyError()
    if (answer.ok) return answer
    throw await errorOfAnswer(answer)
  }
}

const timeoutOf = (method: string): number => (method === 'GET' ? READ_TIMEOUT_MS : CHANGE_TIMEOUT_MS)
