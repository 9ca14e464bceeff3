import { expect, it } from 'vitest'
import { chaptersOf } from './chapters-of.ts'

type Row = [startSec: number, title?: string]

const listed = (rows: readonly Row[], more: object = {}) =>
  chaptersOf(
    rows.map(([start_time, title = '']) => ({ start_time, tags: { title } })),
    { type: 'video/mp4', beginSec: 0, durationMs: 10_000, ...more },
  ).map(({ startMs, endMs, title }) => [startMs, endMs, title])

it.each<[string, Row[], [number, number, string][]]>([
  [
    'last until the next one, and the last to the end',
    [
      [0, 'A'],
      [4.0006, 'B'],
    ],
    [
      [0, 4001, 'A'],
      [4001, 10_000, 'B'],
    ],
  ],
  [
    'are put in order',
    [
      [4, 'B'],
      [1, 'A'],
    ],
    [
      [1000, 4000, 'A'],
      [4000, 10_000, 'B'],
    ],
  ],
  [
    'of one time are the last of them',
    [
      [0, 'Part'],
      [0.0001, 'Chapter'],
      [5, 'B'],
    ],
    [
      [0, 5000, 'Chapter'],
      [5000, 10_000, 'B'],
    ],
  ],
  [
    'that begin at the end or behind it are left out',
    [
      [2, 'A'],
      [10, 'B'],
      [99_999_999_999, 'C'],
    ],
    [[2000, 10_000, 'A']],
  ],
  [
    'before the beginning are that which goes on there',
    [
      [-1, 'B'],
      [-9, 'A'],
      [3, 'C'],
    ],
    [
      [0, 3000, 'B'],
      [3000, 10_000, 'C'],
    ],
  ],
  [
    'without a title have their number',
    [[0, ' \t'], [2], [3, 'C'], [4, 'ch3']],
    [
      [0, 2000, 'Chapter 1'],
      [2000, 3000, 'Chapter 2'],
      [3000, 4000, 'C'],
      [4000, 10_000, 'Chapter 4'],
    ],
  ],
  [
    'have titles of one line that can be shown',
    [
      [0, '  One\r\n\u202etwo\0 '],
      [1, 'x'.repeat(999)],
    ],
    [
      [0, 1000, 'One two'],
      [1000, 10_000, 'x'.repeat(200)],
    ],
  ],
])('chapters %s', (_, rows, expected) => {
  expect(listed(rows)).toEqual(expected)
})

it.each([
  ['video/matroska', 3000],
  ['audio/mp4', 3000],
  ['audio/mpeg', 5000],
  ['audio/ogg', 5000],
])('chapters of %s that begins at 2 s', (type, startMs) => {
  expect(listed([[5, 'A']], { type, beginSec: 2 })).toEqual([[startMs, 10_000, 'A']])
})

it('no more than 500 are kept, and none of what takes no time', () => {
  const many = Array.from({ length: 600 }, (_, n): Row => [n / 100])
  expect(listed(many)).toHaveLength(500)
  expect(listed(many).at(-1)).toEqual([4990, 10_000, 'Chapter 500'])
  expect(listed([[0, 'A']], { durationMs: 0 })).toEqual([])
})
