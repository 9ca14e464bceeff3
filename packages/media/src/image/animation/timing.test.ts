import fc from 'fast-check'
import { expect, it } from 'vitest'
import { timingOf } from './timing.ts'

it.each([
  ['equal delays', [40, 40, 40], 40, [1, 1, 1]],
  ['delays with a common part', [100, 300, 200], 100, [1, 3, 2]],
  ['what claims 0 or 10 ms is shown for 100', [0, 10, 50], 50, [2, 2, 1]],
  ['not more than 50 images a second', [33, 34], 20, [2, 2]],
  ['one frame', [70], 70, [1]],
])('%s', (_title, delays, tickMs, ticks) => {
  expect(timingOf(delays)).toEqual({ tickMs, ticks })
})

it('never makes more images than ffmpeg can take in a moment, and shows every frame', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 65_535 * 10 }), { minLength: 1, maxLength: 1000 }), delays => {
      const { tickMs, ticks } = timingOf(delays)
      expect(Math.min(...ticks)).toBeGreaterThanOrEqual(1)
      expect(ticks.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(3000 + delays.length)
      expect(tickMs).toBeGreaterThanOrEqual(20)
    }),
  )
})
