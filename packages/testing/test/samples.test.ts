import { expect, it } from 'vitest'
import { samplesIn } from '../src/samples.ts'

const [short, long] = [samplesIn(false), samplesIn(true)]

it('are the first of each kind in the short form, in their order, and all in the long one', () => {
  const cases = ['b1', 'a1', 'b2', 'c1', 'a2']
  expect(short.samplesOf(cases, name => name[0])).toEqual(['b1', 'a1', 'c1'])
  expect(long.samplesOf(cases, name => name[0])).toEqual(cases)
})

it('are every pair of two lists in the long form, and in the short one no more than have every item', () => {
  expect(short.pairsOf([1, 2, 3], ['a', 'b'])).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'a'],
  ])
  expect(short.pairsOf([1], [])).toEqual([])
  expect(long.pairsOf([1, 2], ['a', 'b'])).toEqual([
    [1, 'a'],
    [1, 'b'],
    [2, 'a'],
    [2, 'b'],
  ])
})

it('are fewer in the short form', () => {
  expect([short.amount(2, 10), long.amount(2, 10)]).toEqual([2, 10])
})
