import { describe, expect, it } from 'vitest'
import { readRetryAfter } from './retry-after.ts'

describe('Retry-After', () => {
  const now = new Date('2026-01-01T00:00:00Z')
  it.each([
    ['120', 120_000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
    [['1', '2'], undefined],
  ])('%s is %s', (header, expected) => {
    expect(readRetryAfter(header, now)).toBe(expected)
  })
})
