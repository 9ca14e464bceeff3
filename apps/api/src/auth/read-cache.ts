import { AUTH_CACHE_MS } from '@darkroom/db/projects'

/** What was found, and for how long it holds by itself, in milliseconds; null without an end. */
export interface Found<T> {
  value: T
  remainingMs: number | null
}

/** Wraps what was found, if anything was, as a value that does not expire by itself. */
export const lasting = <T>(value: T | null): Found<T> | null => (value === null ? null : { value, remainingMs: null })

interface Read<T> {
  /** Of `performance.now()`. */
  trustedUntil: number
  value: Promise<T | null>
}

const MAX_READS = 10_000

/**
 * What was asked for less than `AUTH_CACHE_MS` ago, so that a client that asks often costs two queries a second instead of one a
 * request. Counted from before the query is sent: however late its answer comes, it is never older than that.
 */
export class ReadCache<T> {
  readonly #reads = new Map<string, Read<T>>()

  /** What `find` finds, or found a moment ago; that there is nothing is not kept. */
  get(key: string, find: () => Promise<Found<T> | null>): Promise<T | null> {
    const known = this.#reads.get(key)
    if (known && performance.now() < known.trustedUntil) return known.value
    return this.#read(key, find)
  }

  #read(key: string, find: () => Promise<Found<T> | null>): Promise<T | null> {
    const askedAt = performance.now()
    const read: Read<T> = { trustedUntil: askedAt + AUTH_CACHE_MS, value: Promise.resolve(null) }
    read.value = find().then(
      found => {
        if (!found) this.#forget(key, read)
        else if (found.remainingMs !== null)
          read.trustedUntil = Math.min(read.trustedUntil, askedAt + found.remainingMs)
        return found?.value ?? null
      },
      error => {
        this.#forget(key, read)
        throw error
      },
    )
    this.#keep(key, read)
    return read.value
  }

  /** The newest last, so that the first is the one to make way. */
  #keep(key: string, read: Read<T>): void {
    this.#reads.delete(key)
    this.#reads.set(key, read)
    const [oldest] = this.#reads.keys()
    if (oldest !== undefined && this.#reads.size > MAX_READS) this.#reads.delete(oldest)
  }

  #forget(key: string, read: Read<T>): void {
    if (this.#reads.get(key) === read) this.#reads.delete(key)
  }
}
