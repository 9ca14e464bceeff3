import { describe, expect, it } from 'vitest'
import { watchMinimumRate } from './minimum-rate.ts'

const MINIMUM_RATE = { windowMs: 1000, minBytesPerSec: 100 }

/** Chunks as [milliseconds since the one before, bytes]. @returns how many were taken */
function taken(chunks: [number, number][]): number {
  let nowMs = 5
  const saw = watchMinimumRate(MINIMUM_RATE, () => nowMs)
  for (const [index, [afterMs, bytes]] of chunks.entries()) {
    nowMs += afterMs
    try {
      saw(bytes)
    } catch (error) {
      expect(error).toMatchObject({ code: 'URL_TIMEOUT' })
      return index
    }
  }
  return chunks.length
}

describe('watchMinimumRate', () => {
  it.each<[string, [number, number][], number]>([
    ['lets through what is just fast enough', Array.from({ length: 50 }, () => [100, 10]), 50],
    ['ends one byte now and then with the first window', Array.from({ length: 50 }, () => [100, 1]), 9],
    [
      'ends what was fast and became slow',
      [
        [1000, 5000],
        [500, 1],
        [500, 1],
      ],
      2,
    ],
    ['does not hold a slow begin against a small file', [[900, 1]], 1],
  ])('%s', (_, chunks, expected) => {
    expect(taken(chunks)).toBe(expected)
  })
})
