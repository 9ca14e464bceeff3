import { backoffMs } from './backoff.ts'
import { DarkroomError, errorOfAnswer, isDarkroomError, networkError } from './errors.ts'
import { newId } from './new-id.ts'
import { sleep } from './sleep.ts'

/** A secret, or what returns the one of the moment, and a fresh one when that is refused. Null: the request goes without. */
export type Key = string | null | (() => string | null | Promise<string | null>)

export interface TransportDeps {
  key: Key
  fetch: typeof fetch
  /** How often a request is repeated that failed for a passing reason. */
  maxRetries: number
  /** How long one attempt of a call may take, in ms. */
  timeoutMs: number
}

export interface SendOptions {
  /** Gives the body as it comes in, without a time limit for it. */
  isStreamed?: boolean
  /** Whether the answer leads to a file elsewhere, which is what is wanted. */
  isLink?: boolean
  /** In ms, where this call may take longer than others. */
  timeoutMs?: number
}

/** Sends one request; resolves with a success or 304 and throws `DarkroomError` for anything else. */
export type Transport = (request: Request, options?: SendOptions) => Promise<Response>

/** A service that asks for a longer wait than this is reported, not waited for. */
const MAX_RETRY_AFTER_SEC = 60

/** Creates the one way to the API: with the key, a time limit, and retries of what is safe to repeat. */
export function createTransport({ key, fetch, maxRetries, timeoutMs }: TransportDeps): Transport {
  async function attempt(request: Request, options: SendOptions): Promise<Response> {
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(), options.timeoutMs ?? timeoutMs)
    const signal = AbortSignal.any([request.signal, limit.signal])
    try {
      // Elsewhere a redirect is a wrong URL: the key would not go along, and a POST could become a GET.
      const answer = await fetch(request.clone(), { signal, redirect: options.isLink ? 'follow' : 'manual' })
      if (!answer.ok && answer.status !== 304) throw await errorOfAnswer(answer)
      return options.isStreamed ? answer : await readWhole(answer)
    } catch (error) {
      request.signal.throwIfAborted()
      throw isDarkroomError(error) ? error : networkError(request.url, error)
    } finally {
      clearTimeout(timer)
    }
  }

  return async (request, options = {}) => {
    let mayAskAgain = typeof key === 'function' && !request.headers.has('authorization')
    const authorize = async () => {
      const secret = typeof key === 'function' ? await key() : key
      if (secret !== null) request.headers.set('authorization', `Bearer ${secret}`)
    }
    if (!request.headers.has('authorization')) await authorize()
    // The service executes a repeated POST once for each key.
    if (request.method === 'POST' && !request.headers.has('idempotency-key'))
      request.headers.set('idempotency-key', newId())
    for (let retry = 0; ; retry += 1) {
      try {
        return await attempt(request, options)
      } catch (error) {
        // It ran out between the question and the call: nothing was done, so that even a PATCH can be repeated.
        if (mayAskAgain && isDarkroomError(error) && error.status === 401) {
          mayAskAgain = false
          await authorize()
          continue
        }
        if (!(error instanceof DarkroomError) || retry >= maxRetries || !mayRepeat(request.method, error)) throw error
        await sleep(backoffMs(retry, error.retryAfter), request.signal)
      }
    }
  }
}

/** Reads the body within the time limit, so that a connection that breaks in the middle counts as no answer. */
async function readWhole(answer: Response): Promise<Response> {
  const { status, statusText, headers } = answer
  const body = await answer.arrayBuffer()
  return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers })
}

const PASSING = new Set([408, 425, 429, 500, 502, 503, 504])
/** The service has not begun to do what was asked. */
const NOT_BEGUN = new Set([425, 429, 503])

/** Tells whether the same may succeed soon, by itself. */
export const isPassing = ({ code, status, retryAfter }: DarkroomError): boolean =>
  code === 'NETWORK' || (status !== null && PASSING.has(status)) || (status !== null && retryAfter !== null)

/** Tells whether a request that failed so can be sent again without doing anything twice. */
function mayRepeat(method: string, error: DarkroomError): boolean {
  if (!isPassing(error) || (error.retryAfter ?? 0) > MAX_RETRY_AFTER_SEC) return false
  return method !== 'PATCH' || (error.status !== null && NOT_BEGUN.has(error.status))
}
