import { describe, expect, it } from 'vitest'
import { cutParts } from './multipart.ts'

describe('cutParts', () => {
  it('covers every byte once', () => {
    expect(cutParts(25, 10)).toEqual([
      { number: 1, start: 0, length: 10 },
      { number: 2, start: 10, length: 10 },
      { number: 3, start: 20, length: 5 },
    ])
  })

  it('grows the parts of a 10 TB object so that 10,000 are enough', () => {
    const parts = cutParts(10e12, 100_000_000)
    expect(parts.length).toBe(10_000)
    expect(parts.reduce((sum, part) => sum + part.length, 0)).toBe(10e12)
  })
})
