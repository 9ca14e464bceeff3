import { expect, test } from 'vitest'
import { humanLeft } from './human-left.ts'

test.each([
  [-3000, 'a few seconds left'],
  [4900, 'a few seconds left'],
  [6000, 'about 10 s left'],
  [18_000, 'about 20 s left'],
  [55_000, 'about 60 s left'],
  [56_000, 'about 1 min left'],
  [170_000, 'about 3 min left'],
  [7_200_000, 'about 2 h left'],
])('%i ms are %s', (leftMs, text) => {
  expect(humanLeft(leftMs)).toBe(text)
})
