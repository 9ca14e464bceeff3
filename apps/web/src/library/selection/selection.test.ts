import { expect, it } from 'vitest'
import { everything, extended, NOTHING, toggled } from './selection.ts'

const ORDER = ['a', 'b', 'c', 'd', 'e']
const idsOf = ({ ids }: { ids: ReadonlySet<string> }) => [...ids].sort().join('')

it('selects and unselects one', () => {
  const one = toggled(NOTHING, 'b')
  expect(idsOf(one)).toBe('b')
  expect(idsOf(toggled(one, 'b'))).toBe('')
  expect(idsOf(toggled(one, 'd'))).toBe('bd')
})

it.each([
  ['d', 'bcd'],
  ['a', 'ab'],
  ['b', 'b'],
  ['gone', 'b'],
])('extends from the last one to %s', (to, expected) => {
  expect(idsOf(extended(toggled(NOTHING, 'b'), to, ORDER))).toBe(expected)
})

it('begins each range where the first one began', () => {
  const first = extended(toggled(NOTHING, 'c'), 'e', ORDER)
  expect(idsOf(extended(first, 'a', ORDER))).toBe('abcde')
  expect(extended(first, 'a', ORDER).anchor).toBe('c')
})

it('without a beginning selects the one', () => {
  expect(extended(NOTHING, 'c', ORDER)).toEqual({ ids: new Set(['c']), anchor: 'c' })
})

it('selects everything', () => {
  expect(idsOf(everything(ORDER))).toBe('abcde')
})
