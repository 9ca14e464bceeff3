import type { ServiceStatus } from '@darkroom/contracts'
import { LOCAL_KEY } from '@darkroom/contracts/local-key'

const STORAGE_KEY = 'darkroom.apiKey'

export interface KeyState {
  key: string | null
  /** The last key was refused. */
  refused: boolean
}

/** Holds the API key of this tab: the fixed one in local mode, else what was typed, kept for the session. */
export function createKeyStore(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
  let state: KeyState = { key: storage.getItem(STORAGE_KEY), refused: false }
  let mode: ServiceStatus['mode'] | null = null
  const listeners = new Set<() => void>()

  function set(next: KeyState): void {
    state = next
    for (const listener of listeners) listener()
  }

  return {
    get: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** Tells the mode that the service is in. Local mode needs no form. */
    setMode(next: ServiceStatus['mode']): void {
      if (next === mode) return
      mode = next
      if (mode === 'local') set({ key: LOCAL_KEY, refused: false })
      else if (state.key === LOCAL_KEY) set({ key: null, refused: false })
    },
    enter(key: string): void {
      storage.setItem(STORAGE_KEY, key)
      set({ key, refused: false })
    },
    forget(): void {
      storage.removeItem(STORAGE_KEY)
      set({ key: null, refused: false })
    },
    /** The key was refused: forget it, so that the form asks again. */
    refuse(): void {
      if (mode === 'local') return
      storage.removeItem(STORAGE_KEY)
      set({ key: null, refused: true })
    },
  }
}
