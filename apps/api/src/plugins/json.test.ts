import { describe, expect, it } from 'vitest'
import { isDeeperThan } from './json.ts'

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))

describe('isDeeperThan', () => {
  it.each([
    ['a number', 7, 0, false],
    ['null', null, 0, false],
    ['a list', [], 0, true],
    ['a list', [], 1, false],
    ['an object in a list', [{ a: 1 }], 1, true],
    ['an object in a list', [{ a: 1 }], 2, false],
    ['100 lists', nested(100), 100, false],
    ['101 lists', nested(101), 100, true],
    ['a hundred thousand lists', nested(100_000), 100, true],
  ])('of %s', (_title, value, levels, expected) => {
    expect(isDeeperThan(value, levels)).toBe(expected)
  })
})
