import { errorOfAnswer, networkError } from './api-error.ts'

export interface RequestDeps {
  fetch: typeof fetch
  /** The key of this moment, or null while there is none. */
  apiKey: () => string | null
  onUnauthorized: () => void
}

export interface RequestOptions {
  body?: unknown
  headers?: Record<string, string>
}

export type Request = (method: string, path: string, options?: RequestOptions) => Promise<Response>

/** Makes the function that asks the API, with the key of the moment. It throws `ApiError` for all but a success. */
export function createRequest({ fetch, apiKey, onUnauthorized }: RequestDeps): Request {
  return async (method, path, { body, headers } = {}) => {
    const key = apiKey()
    const answer = await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...(key && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(cause => {
      throw networkError(cause)
    })
    if (answer.ok) return answer
    if (answer.status === 401) onUnauthorized()
    throw await errorOfAnswer(answer)
  }
}
