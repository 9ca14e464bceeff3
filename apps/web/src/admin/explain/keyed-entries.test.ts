import { expect, test } from 'vitest'
import { keyedEntries } from './keyed-entries.ts'

const entry = (at: string, what: string) => ({ at, what, detail: null, error: null })
const keys = (...entries: ReturnType<typeof entry>[]) => keyedEntries(entries).map(({ key }) => key)

test('gives entries that are alike keys of their own', () => {
  expect(new Set(keys(entry('1', 'dispatched'), entry('1', 'dispatched'), entry('1', 'claimed'))).size).toBe(3)
})

test('keeps the keys when an entry comes in before', () => {
  const later = [entry('2', 'dispatched'), entry('2', 'dispatched')]
  expect(keys(entry('1', 'confirmed'), ...later).slice(1)).toEqual(keys(...later))
})
