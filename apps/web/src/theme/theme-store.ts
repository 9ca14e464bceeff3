export const THEMES = { system: 'System', light: 'Light', dark: 'Dark' } as const

export type Theme = keyof typeof THEMES

const STORAGE_KEY = 'darkroom.theme'

const isTheme = (text: string | null | undefined): text is Theme => text != null && Object.hasOwn(THEMES, text)

interface ThemeStoreDeps {
  storage: Pick<Storage, 'setItem'>
  /** The element whose `data-theme` chooses the colours; `theme.js` sets it before the first paint. */
  root: { dataset: DOMStringMap }
}

/** Holds which colours somebody chose. What is chosen in one tab reaches the others by the storage event: `heard`. */
export function createThemeStore({ storage, root }: ThemeStoreDeps) {
  const listeners = new Set<() => void>()
  const get = (): Theme => (isTheme(root.dataset.theme) ? root.dataset.theme : 'system')

  function show(theme: Theme): void {
    if (theme === 'system') delete root.dataset.theme
    else root.dataset.theme = theme
    for (const listener of listeners) listener()
  }

  function set(theme: Theme): void {
    show(theme)
    try {
      storage.setItem(STORAGE_KEY, theme)
    } catch {
      // A browser that keeps nothing shows it until the page is closed.
    }
  }

  function heard({ key, newValue }: Pick<StorageEvent, 'key' | 'newValue'>): void {
    if (key === STORAGE_KEY && isTheme(newValue)) show(newValue)
  }

  function subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return { get, set, heard, subscribe }
}
