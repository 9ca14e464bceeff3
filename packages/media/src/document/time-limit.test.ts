import { expect, it } from 'vitest'
import { documentTimeMs } from './time-limit.ts'

it.each([
  ['a small file that is probed', 800, 0, 32_000],
  ['three pages of it', 800, 3, 35_000],
  ['ten pages of 20 MiB', 20 * 1024 ** 2, 10, 80_000],
])('%s may take its time', (_what, byteSize, pages, expected) => {
  expect(documentTimeMs({ byteSize, pages })).toBe(expected)
})
