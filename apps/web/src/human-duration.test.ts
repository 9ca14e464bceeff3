import { expect, test } from 'vitest'
import { clockTime, humanDuration } from './human-duration.ts'

test.each([
  [90, '0:01'],
  [5056, '0:05'],
  [59_600, '1:00'],
  [200_000, '3:20'],
  [3_599_600, '1:00:00'],
  [3_729_000, '1:02:09'],
])('%i ms are %s', (durationMs, text) => {
  expect(humanDuration(durationMs)).toBe(text)
})

test.each([
  [0, '0:00'],
  [1999, '0:01'],
  [3_661_000, '1:01:01'],
])('what begins after %i ms begins at %s', (startMs, text) => {
  expect(clockTime(startMs)).toBe(text)
})
