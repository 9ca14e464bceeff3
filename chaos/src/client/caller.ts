import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '@darkroom/contracts'
import { scaledTimeout } from '../eventually.ts'

/** An answer that the client does not try again. */
export interface Answer {
  status: number
  headers: Headers
  body: unknown
}

/** An answer that breaks the HTTP contract: a 5xx other than 503, a 503 without `Retry-After`, or a problem without a code. */
export interface ContractViolation {
  call: string
  status: number
  text: string
}

export interface Caller {
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** One try; null when no answer came. */
  tryOnce(url: string, method: string, path: string, options?: CallOptions): Promise<Answer | null>
  /** Answers by status: what the outage looked like from outside. */
  readonly statuses: Map<number, number>
  readonly contractViolations: ContractViolation[]
}

export interface CallOptions {
  json?: unknown
  headers?: Record<string, string>
  body?: string
  /** The API that is asked first, as a load balancer might choose it. */
  via?: string
}

const REQUEST_MS = 30_000
const FIRST_PAUSE_MS = 100
const MAX_PAUSE_MS = 2000
const HONOURED_RETRY_AFTER_SEC = 10

/** Creates an HTTP client that retries as every client should: 503 and 429 after Retry-After, a failed connection at another API. */
export function createCaller(options: { urls: () => string[]; key: string; timeoutMs: number }): Caller {
  const statuses = new Map<number, number>()
  const contractViolations: ContractViolation[] = []

  const tryOnce: Caller['tryOnce'] = async (url, method, path, { json, headers, body } = {}) => {
    try {
      const response = await fetch(new URL(path, url), {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(REQUEST_MS),
        headers: {
          authorization: `Bearer ${options.key}`,
          ...(json !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(json !== undefined ? { body: JSON.stringify(json) } : body !== undefined && { body }),
      })
      const text = await response.text()
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
      const answer = { status: response.status, headers: response.headers, body: parse(text) }
      if (!followsContract(answer)) contractViolations.push({ call: `${method} ${path}`, status: answer.status, text })
      return answer
    } catch {
      // No answer: the process died, the connection broke, or nobody listens.
      return null
    }
  }

  return {
    statuses,
    contractViolations,
    tryOnce,
    async call(method, path, callOptions = {}) {
      const { isOver } = scaledTimeout(options.timeoutMs)
      for (let attempt = 0; ; attempt++) {
        const urls = callOptions.via && attempt === 0 ? [callOptions.via] : options.urls()
        const url = urls[attempt % Math.max(1, urls.length)]
        const answer = url ? await tryOnce(url, method, path, callOptions) : null
        if (answer && !isTransient(answer.status)) return answer
        if (isOver())
          throw new Error(
            `${method} ${path}: ${answer ? `still ${answer.status}` : 'no answer'} after ${options.timeoutMs} ms`,
          )
        await sleep(pauseMs(attempt, answer))
      }
    },
  }
}

const isTransient = (status: number) => status >= 500 || status === 429

function pauseMs(attempt: number, answer: Answer | null): number {
  const asked = Number(answer?.headers.get('retry-after') ?? 0)
  const pause = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt)
  return Math.max(pause, Math.min(HONOURED_RETRY_AFTER_SEC, asked) * 1000)
}

/**
 * Checks that an answer follows the HTTP contract: an outage is a 503 with Retry-After, and every refusal has a code of
 * the catalogue.
 */
function followsContract({ status, headers, body }: Answer): boolean {
  if (status < 400) return true
  const problem = Problem.safeParse(body)
  if (!problem.success || problem.data.code === 'INTERNAL') return false
  return status < 500 || (status === 503 && headers.has('retry-after'))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A page, or nothing.
    return text
  }
}
