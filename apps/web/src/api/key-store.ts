import type { ServiceStatus } from '@darkroom/contracts'
import { LOCAL_KEY } from '@darkroom/contracts/local-key'

const STORAGE_KEY = 'darkroom.apiKey'

export interface KeyState {
  key: string | null
  /** The last key was refused. */
  refused: boolean
  /** Why assets cannot be read with it, in the words of the service; null as long as nothing else is known. */
  readDenial: string | null
}

const withKey = (key: string | null): KeyState => ({ key, refused: false, readDenial: null })

export type KeyStore = ReturnType<typeof createKeyStore>

/** Holds the API key of this tab: the fixed one in local mode unless another was chosen, else what was typed here or in another tab, kept for the session. */
export function createKeyStore(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
  let state: KeyState = withKey(storage.getItem(STORAGE_KEY))
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
      // A key that was chosen instead, such as that of another project, stays.
      if (mode === 'local' && state.key === null) set(withKey(LOCAL_KEY))
      else if (mode !== 'local' && state.key === LOCAL_KEY) set(withKey(null))
    },
    enter(key: string): void {
      if (key === LOCAL_KEY) storage.removeItem(STORAGE_KEY)
      else storage.setItem(STORAGE_KEY, key)
      set(withKey(key))
    },
    forget(): void {
      storage.removeItem(STORAGE_KEY)
      set(withKey(null))
    },
    /** This key was refused: if it is still the one, forget it, so that the form asks again. */
    refuse(key: string): void {
      if (key === LOCAL_KEY || key !== state.key) return
      storage.removeItem(STORAGE_KEY)
      if (mode === 'local') set(withKey(LOCAL_KEY))
      else set({ ...withKey(null), refused: true })
    },
    denyReading: (reason: string) => set({ ...state, readDenial: reason }),
  }
}
