import { expect, test } from 'vitest'
import { humanBytes, humanBytesOf } from './human-bytes.ts'

test.each([
  [0, '0 B'],
  [1, '1 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [48_213, '48.2 kB'],
  [999_949, '1 MB'],
  [7_400_000, '7.4 MB'],
  [243_000_000, '243 MB'],
  [1_500_000_000, '1.5 GB'],
  [5_000_000_000_000_000, '5000 TB'],
])('writes %i bytes as %s', (bytes, text) => {
  expect(humanBytes(bytes)).toBe(text)
})

test.each([
  [3_100_000, 7_400_000, '3.1 of 7.4 MB'],
  [3_000_000, 7_400_000, '3.0 of 7.4 MB'],
  [4_000, 7_400_000, '0.0 of 7.4 MB'],
  [31_400_000, 243_000_000, '31 of 243 MB'],
  [5, 10, '5 of 10 B'],
])('writes %i of %i in the unit of the whole as %s', (part, whole, text) => {
  expect(humanBytesOf(part, whole)).toBe(text)
})
