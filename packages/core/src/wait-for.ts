import pRetry from 'p-retry'
import { ConfigError, StartupError, UnreachableError } from './config.ts'
import { redact } from './logger.ts'

/** Something that a process cannot start without. */
export interface Dependency {
  /** What it is, for people: `Postgres`. */
  name: string
  /** What a person does when it does not come: `Start it`. */
  advice: string
  /** The variable that says where it is. */
  variable: string
  /** Where it is: `db.example:5432`. */
  place: string
  /** Throws while it cannot be used; leaves nothing open. */
  probe(): Promise<void>
  /** Whether the same may succeed in a moment; anything else has to be put right by a person. */
  isTransient(error: unknown): boolean
}

export interface WaitOptions {
  /** Ends the waiting. */
  signal: AbortSignal
  maxWaitMs: number
  say?: (text: string) => void
}

/**
 * Waits for what a process stands on, because machines start in any order, and says so once.
 * @throws ConfigError in one line when it does not answer in time, or refuses; a StartupError of the probe as it is
 */
export async function waitFor(dependency: Dependency, { signal, maxWaitMs, say = console.error }: WaitOptions) {
  const { name, place } = dependency
  let isWaiting = false
  const report = (error: Error, retryDelay: number) => {
    if (isWaiting || retryDelay <= 0 || !dependency.isTransient(error)) return
    isWaiting = true
    say(`waiting for ${name} at ${place}, at most ${maxWaitMs / 1000} s (${reasonOf(error)})`)
  }
  const stopped = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  await pRetry(() => Promise.race([dependency.probe(), stopped]), {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 250,
    maxTimeout: 2000,
    maxRetryTime: maxWaitMs,
    signal,
    shouldRetry: ({ error }) => dependency.isTransient(error),
    onFailedAttempt: ({ error, retryDelay }) => report(error, retryDelay),
  }).catch((error: unknown) => {
    if (signal.aborted) throw signal.reason
    if (error instanceof StartupError) throw error
    throw refusal(dependency, maxWaitMs, error)
  })
  if (isWaiting) say(`${name} at ${place} is available`)
}

/** Returns host and port of a URL, or several of them, without user and password. */
export const placeOf = (url: string): string => /^[a-z+]+:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(url)?.[1] || 'this machine'

function refusal(dependency: Dependency, maxWaitMs: number, error: unknown): ConfigError {
  const { name, variable, place, advice, isTransient } = dependency
  const line = (what: string) => [`${variable}: ${name} at ${place} ${what} (${reasonOf(error)}). ${advice}`]
  if (!isTransient(error)) return new ConfigError(line('cannot be used'))
  return new UnreachableError(
    line(maxWaitMs > 0 ? `was not available within ${maxWaitMs / 1000} s` : 'is not available'),
  )
}

/** Returns the innermost message in one line; the outer message of a library often only says that something failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return redact(String(error))
  // A name with several addresses fails with one error for each, and no message of its own.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (error.cause instanceof Error) return reasonOf(error.cause)
  return redact(error.message.replace(/\s+/g, ' ') || error.name)
}
