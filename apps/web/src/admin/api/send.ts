import { networkError } from '../../api/api-error.ts'
import { createRequest, type RequestDeps } from '../../api/request.ts'

type Method = 'GET' | 'POST' | 'DELETE'

export type Send = <T>(method: Method, path: string, body?: unknown) => Promise<T>

/** Makes the function that asks the API and reads the answer. It throws `ApiError`; an empty answer becomes undefined. */
export function createSend(deps: RequestDeps): Send {
  const request = createRequest(deps)
  return async <T>(method: Method, path: string, body?: unknown): Promise<T> => {
    const answer = await request(method, path, { body })
    const text = await answer.text().catch(cause => {
      throw networkError(cause)
    })
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
}
