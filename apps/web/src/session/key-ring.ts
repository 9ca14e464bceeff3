/** A key that was used in this tab, with where it leads. */
export interface KnownKey {
  key: string
  projectId: string | null
  /** The name of its project, or that it has none. */
  label: string
}

const STORAGE_KEY = 'darkroom.keyRing'

/** Holds the keys between which one switches, for the session and in this tab, as the key itself is. */
export function createKeyRing(storage: Pick<Storage, 'getItem' | 'setItem'>) {
  let known: readonly KnownKey[] = read(storage.getItem(STORAGE_KEY))
  const listeners = new Set<() => void>()

  function set(next: readonly KnownKey[]): void {
    known = next
    storage.setItem(STORAGE_KEY, JSON.stringify(known))
    for (const listener of listeners) listener()
  }

  return {
    all: () => known,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** Keeps one key for each project, the last. */
    add: (added: KnownKey): void => set([...known.filter(({ projectId }) => projectId !== added.projectId), added]),
    drop: (key: string): void => set(known.filter(each => each.key !== key)),
  }
}

function read(text: string | null): KnownKey[] {
  try {
    const found: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(found) ? found.filter(isKnownKey) : []
  } catch {
    // What somebody else wrote under this name is not ours to read.
    return []
  }
}

const isKnownKey = (value: unknown): value is KnownKey =>
  typeof value === 'object' && value !== null && 'key' in value && 'label' in value && typeof value.key === 'string'
