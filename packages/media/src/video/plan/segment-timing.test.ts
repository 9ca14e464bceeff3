import { expect, it } from 'vitest'
import type { VideoEncoding } from '../planned.ts'
import { segmentTiming } from './segment-timing.ts'

const steps = (...rates: number[]) => rates.map(frameRate => ({ frameRate }) as VideoEncoding)

it.each([
  [30, [30], 2, 0.5],
  [60, [60, 30], 2, 0.5],
  [60, [60, 20, 30], 2, 0.5],
  [29.97, [29.97, 14.985], 2.002, 0.4004],
  [23.976, [23.976], 2.002, 0.5005 / 1.5],
  [25, [25], 2, 0.4],
  [7.3, [7.3], 15 / 7.3, 3 / 7.3],
  [1, [1], 2, 0.5],
  [0.2, [0.2], 2, 0.5],
  [0, [0], 2, 0.5],
  [1000, [58.824, 30.303, 24.39], 2, 0.5],
])('%d frames a second in steps of %j are cut every %d s and stand still for %d s', (rate, rates, segment, still) => {
  const { segmentSec, stillSec } = segmentTiming(rate, steps(...rates), 2)
  expect(segmentSec).toBeCloseTo(segment, 9)
  expect(stillSec).toBeCloseTo(still, 9)
})
