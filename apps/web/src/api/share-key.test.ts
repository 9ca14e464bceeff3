import { expect, test } from 'vitest'
import { createKeyStore } from './key-store.ts'
import { type KeyChannel, shareKey } from './share-key.ts'

/** Tabs that hear each other. */
function setUp() {
  const tabs = new Map<KeyChannel, (event: { data: unknown }) => void>()
  return (stored: string | null = null) => {
    const channel: KeyChannel = {
      addEventListener: (_, listener) => void tabs.set(channel, listener),
      postMessage(data) {
        for (const [tab, listener] of tabs) if (tab !== channel) listener({ data })
      },
    }
    const keys = createKeyStore({ getItem: () => stored, setItem: () => undefined, removeItem: () => undefined })
    shareKey(keys, channel)
    return keys
  }
}

test('a tab that opens without a key has that of another', () => {
  const open = setUp()
  open('dk_a')
  expect(open().get().key).toBe('dk_a')
})

test('a tab with a key of its own keeps it', () => {
  const open = setUp()
  const [first, second] = [open('dk_a'), open('dk_b')]
  open()
  expect([first.get().key, second.get().key]).toEqual(['dk_a', 'dk_b'])
})

test('a tab whose key was changed or refused does not get it back', () => {
  const open = setUp()
  const first = open('dk_a')
  const second = open('dk_a')
  second.setMode('configured')
  second.forget()
  open()
  expect([first.get().key, second.get().key]).toEqual(['dk_a', null])
})

test('the key of local mode is told to nobody, and what is no key is not taken', () => {
  const open = setUp()
  open().setMode('local')
  const second = open()
  expect(second.get().key).toBeNull()
})
