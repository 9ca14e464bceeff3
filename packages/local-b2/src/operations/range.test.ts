import { expect, test } from 'vitest'
import { parseRange } from './range.ts'

test.each([
  ['bytes=0-0', 10, { start: 0, length: 1 }],
  ['bytes=2-5', 10, { start: 2, length: 4 }],
  ['bytes=9-', 10, { start: 9, length: 1 }],
  ['bytes=5-100', 10, { start: 5, length: 5 }],
  ['bytes=-3', 10, { start: 7, length: 3 }],
  ['bytes=-30', 10, { start: 0, length: 10 }],
  ['bytes=10-', 10, 'unsatisfiable'],
  ['bytes=-0', 10, 'unsatisfiable'],
  ['bytes=0-', 0, 'unsatisfiable'],
  ['bytes=5-2', 10, undefined],
  ['bytes=-', 10, undefined],
  ['bytes=0-1,3-4', 10, undefined],
  ['lines=0-1', 10, undefined],
  [undefined, 10, undefined],
])('reads %s of %i bytes', (header, size, expected) => {
  expect(parseRange(header, size)).toEqual(expected)
})
