/** What Darkroom, or the server in front of it, refused. The message can be shown to a person. */
export class DarkroomError extends Error {
  readonly status: number
  /** A code of docs/errors.md; null for an answer that has none. */
  readonly code: string | null

  constructor(status: number, { code, detail }: { code?: unknown; detail?: unknown }) {
    super(typeof detail === 'string' ? detail : `The server responded with ${status}.`)
    this.name = 'DarkroomError'
    this.status = status
    this.code = typeof code === 'string' ? code : null
  }
}

export interface Question {
  method: 'GET' | 'POST' | 'DELETE'
  url: string
  headers?: Record<string, string>
  /** Sent as JSON. */
  body?: unknown
}

const PASSING: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])
/** The same request is still running, from before its connection broke. */
const STILL_RUNNING = 'IDEMPOTENCY_IN_FLIGHT'
const DELAYS_MS = [500, 1000, 2000, 4000, 8000]
const MAX_RETRY_AFTER_SEC = 60

/**
 * Sends a request until it is answered: five more times after a passing fault, and not while the browser is offline.
 * @returns the JSON of the answer; null where it has no body
 * @throws DarkroomError for a refusal, and what `fetch` throws when the network stays broken
 */
export async function ask<T>(question: Question): Promise<T> {
  for (const delayMs of DELAYS_MS) {
    await untilOnline()
    const outcome = await attempt<T>(question).catch((error: Error) => ({ error, waitMs: null }))
    if (!('error' in outcome)) return outcome.answer
    if (outcome.error instanceof DarkroomError && !isPassing(outcome.error)) throw outcome.error
    await sleep(outcome.waitMs ?? delayMs * (0.5 + Math.random()))
  }
  await untilOnline()
  const outcome = await attempt<T>(question)
  if ('error' in outcome) throw outcome.error
  return outcome.answer
}

const isPassing = ({ status, code }: DarkroomError) => PASSING.has(status) || code === STILL_RUNNING

type Outcome<T> = { answer: T } | { error: DarkroomError; waitMs: number | null }

async function attempt<T>({ method, url, headers = {}, body }: Question): Promise<Outcome<T>> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const response = await fetch(url, {
    method,
    headers: { ...json, ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  })
  const text = await response.text()
  if (response.ok) return { answer: text === '' ? null : JSON.parse(text) }
  const retryAfterSec = Number(response.headers.get('retry-after'))
  const waitMs = retryAfterSec > 0 ? Math.min(retryAfterSec, MAX_RETRY_AFTER_SEC) * 1000 : null
  return { error: new DarkroomError(response.status, problemIn(text)), waitMs }
}

/** Returns the fields of a problem; none for what another server, such as a proxy, answers. */
function problemIn(text: string): { code?: unknown; detail?: unknown } {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

const sleep = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

function untilOnline(): Promise<void> {
  if (globalThis.navigator?.onLine !== false) return Promise.resolve()
  return new Promise(resolve => addEventListener('online', () => resolve(), { once: true }))
}
