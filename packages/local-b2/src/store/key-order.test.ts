import { expect, test } from 'vitest'
import { afterPrefix, commonPrefix } from './key-order.ts'

test.each([
  ['a/', 'a0'],
  ['é', 'ê'],
  ['x\u{d7ff}', 'x\u{e000}'],
  ['x\u{10ffff}', 'y'],
  ['\u{10ffff}', undefined],
  ['', undefined],
])('finds what follows everything that starts with %j', (prefix, next) => {
  expect(afterPrefix(prefix)).toBe(next)
})

test.each([
  ['a/b/c', '', '/', 'a/'],
  ['a/b/c', 'a/', '/', 'a/b/'],
  ['a/b', 'a/', '/', undefined],
  ['a--b', '', '--', 'a--'],
  ['a/b', '', '', undefined],
])('groups %s below %j by %j', (key, prefix, delimiter, group) => {
  expect(commonPrefix(key, prefix, delimiter)).toBe(group)
})
