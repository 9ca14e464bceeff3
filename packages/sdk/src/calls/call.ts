import type { Client } from 'openapi-fetch'
import { DarkroomError } from '../errors.ts'
import type { paths } from '../generated/api.ts'
import type { Transport } from '../transport.ts'
import type { CallOptions } from './call-options.ts'

/** Calls by method and path, checked by the compiler against the OpenAPI document. */
export type ApiClient = Pick<Client<paths>, 'GET' | 'POST' | 'PATCH' | 'DELETE'>

interface Init {
  params?: { path?: Record<string, string>; query?: Record<string, unknown> }
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

/**
 * Creates the calls on top of a transport. The types are those of openapi-fetch; of its code, which is a sixth of what the SDK may
 * weigh, nothing else is needed.
 */
export function createApiClient(baseUrl: string, transport: Transport): ApiClient {
  const call =
    (method: string) =>
    async (template: string, { params = {}, body, headers, signal }: Init) => {
      const path = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params.path?.[name] ?? ''))
      const request = new Request(baseUrl + path + queryOf(params.query), {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        signal: signal ?? null,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const response = await transport(request)
      const text = await response.text()
      return { data: text === '' ? undefined : JSON.parse(text), response }
    }
  const client = { GET: call('GET'), POST: call('POST'), PATCH: call('PATCH'), DELETE: call('DELETE') }
  return client as unknown as ApiClient
}

/** Writes a query; each value of a list is a parameter of its own. */
function queryOf(query: Record<string, unknown> = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map(one => [name, one] as const))
  const given = pairs.filter(([, value]) => value !== undefined && value !== null)
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return text && `?${text}`
}

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
