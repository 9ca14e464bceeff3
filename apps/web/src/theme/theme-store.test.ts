import { describe, expect, it, vi } from 'vitest'
import { createThemeStore } from './theme-store.ts'

function setUp(theme?: string) {
  const root = { dataset: (theme ? { theme } : {}) as DOMStringMap }
  const setItem = vi.fn()
  return { root, setItem, store: createThemeStore({ storage: { setItem }, root }) }
}

describe('the theme', () => {
  it('is the one of the system until somebody chooses', () => expect(setUp().store.get()).toBe('system'))
  it('is what theme.js found before the first paint', () => expect(setUp('dark').store.get()).toBe('dark'))

  it('is shown and kept when it is chosen', () => {
    const { root, setItem, store } = setUp()
    const listener = vi.fn()
    store.subscribe(listener)
    store.set('dark')
    expect([root.dataset.theme, store.get(), listener.mock.calls.length]).toEqual(['dark', 'dark', 1])
    expect(setItem).toHaveBeenCalledWith('darkroom.theme', 'dark')
    store.set('system')
    expect(root.dataset).toEqual({})
  })

  it('follows another tab, and nothing else that is stored', () => {
    const { store } = setUp()
    store.heard({ key: 'other', newValue: 'dark' })
    store.heard({ key: 'darkroom.theme', newValue: 'blue' })
    expect(store.get()).toBe('system')
    store.heard({ key: 'darkroom.theme', newValue: 'dark' })
    expect(store.get()).toBe('dark')
  })

  it('is shown where nothing can be kept', () => {
    const { store, setItem } = setUp()
    setItem.mockImplementation(() => {
      throw new Error('denied')
    })
    store.set('light')
    expect(store.get()).toBe('light')
  })
})
