import { expect, it } from 'vitest'
import { placeAfter } from './move-focus.ts'

// Of ten in rows of four: 0 1 2 3 / 4 5 6 7 / 8 9
const LAYOUT = { count: 10, columns: 4, rowsPerPage: 2 }

it.each([
  ['ArrowRight', 3, 4],
  ['ArrowRight', 9, 9],
  ['ArrowLeft', 0, 0],
  ['ArrowDown', 1, 5],
  ['ArrowDown', 7, 9],
  ['ArrowDown', 8, 8],
  ['ArrowUp', 9, 5],
  ['ArrowUp', 2, 2],
  ['PageDown', 0, 8],
  ['PageDown', 6, 9],
  ['PageUp', 9, 1],
  ['PageUp', 6, 2],
  ['Home', 7, 0],
  ['End', 0, 9],
])('%s leads from %i to %i', (key, at, to) => expect(placeAfter(key, at, LAYOUT)).toBe(to))

it('other keys lead nowhere, and none in an empty list', () => {
  expect(placeAfter('a', 1, LAYOUT)).toBeNull()
  expect(placeAfter('End', 0, { ...LAYOUT, count: 0 })).toBeNull()
})
