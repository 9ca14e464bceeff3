import { expect, test } from 'vitest'
import { sliceSegments } from './blob-references.ts'

const segments = [
  ['one', 0, 10],
  ['two', 5, 10],
  ['three', 0, 1],
] as const

test.each([
  [0, 21, segments],
  [0, 10, [['one', 0, 10]]],
  [10, 10, [['two', 5, 10]]],
  [
    8,
    4,
    [
      ['one', 8, 2],
      ['two', 5, 2],
    ],
  ],
  [20, 1, [['three', 0, 1]]],
  [3, 0, []],
])('finds the segments from %i for %i bytes', (offset, length, expected) => {
  expect(sliceSegments(segments, offset, length)).toEqual(expected)
})
