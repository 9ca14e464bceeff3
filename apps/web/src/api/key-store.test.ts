import { expect, test } from 'vitest'
import { createKeyStore } from './key-store.ts'

function setUp(items = new Map<string, string>()) {
  const keys = createKeyStore({
    getItem: name => items.get(name) ?? null,
    setItem: (name, value) => void items.set(name, value),
    removeItem: name => void items.delete(name),
  })
  return { keys, items }
}

test('uses the fixed key in local mode, and stores it nowhere', () => {
  const { keys, items } = setUp()
  keys.setMode('local')
  expect(keys.get()).toEqual({ key: 'dk_local_development', refused: false, readDenial: null })
  expect(items.size).toBe(0)
})

test('keeps a typed key for the session', () => {
  const { keys, items } = setUp()
  keys.setMode('configured')
  keys.enter('dk_mine')
  expect(setUp(items).keys.get().key).toBe('dk_mine')
})

test('forgets a key that was refused, and says that it was', () => {
  const { keys, items } = setUp(new Map([['darkroom.apiKey', 'dk_old']]))
  keys.setMode('configured')
  keys.refuse('dk_old')
  expect(keys.get()).toMatchObject({ key: null, refused: true })
  expect(items.size).toBe(0)
})

test('keeps a new key when the refusal of the old one comes late', () => {
  const { keys, items } = setUp(new Map([['darkroom.apiKey', 'dk_old']]))
  keys.setMode('configured')
  keys.enter('dk_new')
  keys.refuse('dk_old')
  expect(keys.get()).toMatchObject({ key: 'dk_new', refused: false })
  expect(items.get('darkroom.apiKey')).toBe('dk_new')
})

test('remembers of a key that it may not read, and of no other', () => {
  const { keys } = setUp(new Map([['darkroom.apiKey', 'dk_upload']]))
  keys.denyReading('This key lacks the scope "read".')
  expect(keys.get()).toMatchObject({ key: 'dk_upload', readDenial: 'This key lacks the scope "read".' })
  keys.enter('dk_all')
  expect(keys.get().readDenial).toBeNull()
})

test('drops the local key when the service turns out to be configured', () => {
  const { keys } = setUp()
  keys.setMode('local')
  keys.setMode('configured')
  expect(keys.get().key).toBeNull()
})

test('keeps the key of another project in local mode, and goes back to the fixed one when it has ended', () => {
  const { keys, items } = setUp()
  keys.setMode('local')
  keys.enter('dk_shop')
  const { keys: reloaded } = setUp(items)
  reloaded.setMode('local')
  expect(reloaded.get().key).toBe('dk_shop')
  reloaded.refuse('dk_shop')
  expect(reloaded.get()).toMatchObject({ key: 'dk_local_development', refused: false })
  expect(items.size).toBe(0)
})
