import { errorOfAnswer, networkError } from '../../api/api-error.ts'

export interface SendDeps {
  fetch: typeof fetch
  /** The key of this moment, or null while there is none. */
  apiKey: () => string | null
  onUnauthorized: () => void
}

type Method = 'GET' | 'POST' | 'DELETE'

export type Send = <T>(method: Method, path: string, body?: unknown) => Promise<T>

/** Makes the function that asks the API. It throws `ApiError`; an answer without a body becomes undefined. */
export function createSend({ fetch, apiKey, onUnauthorized }: SendDeps): Send {
  return async <T>(method: Method, path: string, body?: unknown): Promise<T> => {
    const key = apiKey()
    const answer = await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...(key && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch(cause => {
      throw networkError(cause)
    })
    if (answer.status === 401) onUnauthorized()
    if (!answer.ok) throw await errorOfAnswer(answer)
    const text = await answer.text().catch(cause => {
      throw networkError(cause)
    })
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
}
