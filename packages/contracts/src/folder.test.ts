import { expect, it } from 'vitest'
import { Folder } from './folder.ts'

it.each([
  ['', ''],
  ['/', ''],
  ['/2026//Summer/', '2026/Summer'],
  [' a / b ', 'a/b'],
  ['Cafe\u0301', 'Caf\u00e9'],
  ['100%/a_b', '100%/a_b'],
])('%j is %j', (path, expected) => {
  expect(Folder.parse(path)).toBe(expected)
})

it.each(['..', 'a/../b', '. ', 'a\0b', 'a\nb', '\ud800', 'x'.repeat(501)])('%j is no folder', path => {
  expect(Folder.safeParse(path).success).toBe(false)
})
