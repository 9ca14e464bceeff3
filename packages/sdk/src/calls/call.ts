import createClient, { type Client } from 'openapi-fetch'
import { DarkroomError } from '../errors.ts'
import type { paths } from '../generated/api.ts'
import type { Transport } from '../transport.ts'

/** What every call takes. */
export interface CallOptions {
  signal?: AbortSignal | undefined
  /** In place of the key: the client token of an upload. */
  token?: string | undefined
  /** Of a POST: the service does it once, however often it comes with this key. Default: a new one for each call. */
  idempotencyKey?: string | undefined
  /** The `ETag` of what you read: the call fails with `PRECONDITION_FAILED` if it has changed since. */
  ifMatch?: string | undefined
}

export type ApiClient = Client<paths>

/** Creates the generated calls on top of a transport. */
export const createApiClient = (baseUrl: string, transport: Transport): ApiClient =>
  createClient<paths>({ baseUrl, fetch: request => transport(request) })

/** Returns the options of a call as the generated client takes them. */
export function init({ signal, ...options }: CallOptions = {}): {
  headers: Record<string, string>
  signal?: AbortSignal
} {
  return { headers: headersOf(options), ...(signal && { signal }) }
}

export function headersOf({ token, idempotencyKey, ifMatch }: CallOptions): Record<string, string> {
  return {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
    ...(ifMatch && { 'if-match': ifMatch }),
  }
}

/**
 * Returns what a call was answered with; the transport has thrown for anything but a success.
 * @throws INVALID_ANSWER where the answer is not JSON
 */
export async function read<T>(outcome: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data } = await outcome.catch(invalidAnswer)
  return data as T
}

function invalidAnswer(error: unknown): never {
  if (!(error instanceof SyntaxError)) throw error
  throw new DarkroomError({ code: 'INVALID_ANSWER', message: 'The answer is not JSON.' }, { cause: error })
}
