import { createDarkroom, type Darkroom, DarkroomError, type Memory } from '@darkroom/sdk'
import type { KeyStore } from './key-store.ts'

/** The clients of one API key. All calls throw `DarkroomError`. */
export interface Clients {
  /** Fails at the first fault: for what is asked again anyway, and for uploads, which repeat what they need. */
  quick: Darkroom
  /** Repeats what failed for a passing reason: for what somebody asked for once. */
  patient: Darkroom
}

interface ClientsDeps {
  keys: Pick<KeyStore, 'get' | 'refuse'>
  /** Where uploads are remembered. */
  memory: Memory
  /** Told when a call got no answer at all. */
  onNoAnswer: () => void
  /** Default: that of the page. */
  url?: string
  fetch?: typeof fetch
}

const MAX_RETRIES = 3

/** Asked to find out whether the service is there. */
const STATUS_TIMEOUT_MS = 8000

/** Creates the client for what needs no key: how the service stands. */
export const createPublicClient = (): Darkroom =>
  createDarkroom({ url: '', maxRetries: 0, timeoutMs: STATUS_TIMEOUT_MS })

/** Creates the function that returns the clients of the key of the moment: others for each key, so that no answer is mixed up. */
export function createClients({
  keys,
  memory,
  onNoAnswer,
  url = '',
  fetch = (...given) => globalThis.fetch(...given),
}: ClientsDeps) {
  let current: { key: string | null; clients: Clients } | null = null

  function fetchWith(key: string | null): typeof fetch {
    return async (input, init) => {
      if (key === null) throw unauthorized('An API key is needed.')
      const answer = await fetch(input, init).catch(error => {
        if (!init?.signal?.aborted) onNoAnswer()
        throw error
      })
      if (answer.status === 401) keys.refuse(key)
      // It must not be shown or used under the current key.
      else if (key !== keys.get().key) throw unauthorized('The API key was changed in the meantime.')
      return answer
    }
  }

  function clientsOf(key: string | null): Clients {
    const withRetries = (maxRetries: number) => createDarkroom({ url, key, memory, maxRetries, fetch: fetchWith(key) })
    return { quick: withRetries(0), patient: withRetries(MAX_RETRIES) }
  }

  return (): Clients => {
    const { key } = keys.get()
    if (current?.key !== key) current = { key, clients: clientsOf(key) }
    return current.clients
  }
}

const unauthorized = (message: string) => new DarkroomError({ code: 'UNAUTHORIZED', message, status: 401 })

/** Tells whether the key is valid but not allowed to do this (403). */
export const isForbidden = (error: unknown): error is DarkroomError =>
  error instanceof DarkroomError && error.status === 403

/** Tells whether the same request may soon succeed: no answer, or trouble of the server. */
export const isPassing = (error: unknown): error is DarkroomError =>
  error instanceof DarkroomError &&
  (error.code === 'NETWORK' || error.status === 429 || (error.status ?? 0) >= 500 || error.retryAfter !== null)
