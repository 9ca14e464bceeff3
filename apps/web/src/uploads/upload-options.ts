/** What every new upload of this tab is given. */
export interface UploadOptions {
  preset?: string
  folder?: string
  tags?: string[]
}

const STORAGE_KEY = 'darkroom.uploadOptions'

export type UploadOptionsStore = ReturnType<typeof createUploadOptions>

/** Holds the choices for the next files, for the session: an upload goes on after a reload only with the same ones. */
export function createUploadOptions(storage: Pick<Storage, 'getItem' | 'setItem'>) {
  let options = read(storage.getItem(STORAGE_KEY))
  const listeners = new Set<() => void>()
  return {
    get: () => options,
    set(next: UploadOptions): void {
      options = next
      storage.setItem(STORAGE_KEY, JSON.stringify(next))
      for (const listener of listeners) listener()
    },
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function read(text: string | null): UploadOptions {
  try {
    return optionsIn(JSON.parse(text ?? '{}'))
  } catch {
    // What somebody else wrote under this name is not ours to read.
    return {}
  }
}

function optionsIn(value: unknown): UploadOptions {
  if (typeof value !== 'object' || value === null) return {}
  const { preset, folder, tags } = value as Record<string, unknown>
  return {
    ...(typeof preset === 'string' && { preset }),
    ...(typeof folder === 'string' && { folder }),
    ...(Array.isArray(tags) && { tags: tags.filter(tag => typeof tag === 'string') }),
  }
}

/** Returns the tags of a field: `sea, summer`. */
export const tagsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map(tag => tag.trim())
      .filter(Boolean),
  ),
]
