import { describe, expect, test } from 'vitest'
import { humanAgo, humanDuration, humanSpan, timeOfDay } from './human-time.ts'

const MIN = 60_000
const HOUR = 60 * MIN

describe('a span reads in the unit that matters', () => {
  test.each([
    [-200, '0 s'],
    [999, '0 s'],
    [59_999, '59 s'],
    [MIN, '1 min'],
    [3 * MIN + 59_000, '3 min'],
    [HOUR, '1 h'],
    [47 * HOUR, '47 h'],
    [48 * HOUR, '2 days'],
  ])('%i ms is %s', (ms, text) => expect(humanSpan(ms)).toBe(text))
})

describe('a duration keeps what a person compares', () => {
  test.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1240, '1.2 s'],
    [59_949, '59.9 s'],
    [59_951, '1 min 0 s'],
    [119_900, '2 min 0 s'],
    [200_000, '3 min 20 s'],
    [HOUR + 5 * MIN, '1 h 5 min'],
  ])('%i ms is %s', (ms, text) => expect(humanDuration(ms)).toBe(text))
})

describe('the time since', () => {
  const at = '2026-03-01T12:00:00.000Z'
  const after = (ms: number) => humanAgo(at, Date.parse(at) + ms)

  test('counts from the moment', () => expect(after(3 * MIN)).toBe('3 min ago'))
  test('says just now for what has hardly happened', () => expect(after(4999)).toBe('just now'))
  test('puts nothing into the future when the clock is behind', () => expect(after(-90_000)).toBe('just now'))
})

test('the time of day tells milliseconds', () => {
  expect(timeOfDay('2026-03-01T12:00:07.040Z')).toMatch(/^\d\d:\d\d:07\.040$/)
})
