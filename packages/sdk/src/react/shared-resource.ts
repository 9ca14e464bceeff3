import { DarkroomError, isDarkroomError } from '../errors.ts'

/** What is known of a resource at one moment. */
export interface Loaded<T> {
  value: T | null
  error: DarkroomError | null
  isLoading: boolean
}

/** Loads a resource, and tells of it as often as it changes until then. */
export type Load<T> = (key: string, tell: (value: T) => void, signal: AbortSignal) => Promise<T>

interface Entry<T> {
  state: Loaded<T>
  listeners: Set<() => void>
  loading: AbortController
}

export const NOT_LOADED: Loaded<never> = { value: null, error: null, isLoading: true }

export type SharedResource<T> = ReturnType<typeof createSharedResource<T>>

/** Creates resources by key which any number of components share: one load for all, from the first of them to the last. */
export function createSharedResource<T>(load: Load<T>) {
  const entries = new Map<string, Entry<T>>()

  function start(key: string, entry: Entry<T>): void {
    entry.loading.abort()
    const loading = new AbortController()
    entry.loading = loading
    const tell = (change: Partial<Loaded<T>>) => {
      if (loading.signal.aborted) return
      entry.state = { ...entry.state, ...change }
      for (const listener of entry.listeners) listener()
    }
    tell({ isLoading: true, error: null })
    load(key, value => tell({ value }), loading.signal).then(
      value => tell({ value, isLoading: false }),
      error => tell({ error: asDarkroomError(error), isLoading: false }),
    )
  }

  function subscribe(key: string, listener: () => void): () => void {
    const known = entries.get(key)
    const entry = known ?? { state: NOT_LOADED, listeners: new Set(), loading: new AbortController() }
    entry.listeners.add(listener)
    entries.set(key, entry)
    if (!known) start(key, entry)
    return () => {
      entry.listeners.delete(listener)
      // React in strict mode, and a page that changes, subscribe again at once.
      setTimeout(() => {
        if (entry.listeners.size > 0 || entries.get(key) !== entry) return
        entries.delete(key)
        entry.loading.abort()
      })
    }
  }

  return {
    subscribe,
    snapshot: (key: string): Loaded<T> => entries.get(key)?.state ?? NOT_LOADED,
    /** Loads once more; what was known stays until then. */
    refetch(key: string): void {
      const entry = entries.get(key)
      if (entry) start(key, entry)
    },
  }
}

/** Returns any failure as the one type that components show. */
export const asDarkroomError = (error: unknown): DarkroomError =>
  isDarkroomError(error) ? error : new DarkroomError({ code: 'INTERNAL', message: String(error) }, { cause: error })
