import { expect, it } from 'vitest'
import { momentsOf } from './preview.ts'

it('moments lie in the middle of equal parts of the video', () => {
  expect(momentsOf(30, 3)).toEqual([
    { startSec: 4.5, lengthSec: 1 },
    { startSec: 14.5, lengthSec: 1 },
    { startSec: 24.5, lengthSec: 1 },
  ])
})

it.each([
  [0.2, 3],
  [3, 3],
  [3.1, 3],
  [7200, 30],
  [7200, 0.5],
])('of a video of %d s, %d s in all: none begins before it or ends after it', (videoSec, previewSec) => {
  const moments = momentsOf(videoSec, previewSec)
  expect(moments.length).toBeLessThanOrEqual(6)
  expect(moments.reduce((sum, { lengthSec }) => sum + lengthSec, 0)).toBeCloseTo(previewSec)
  for (const { startSec, lengthSec } of moments) {
    expect(startSec).toBeGreaterThanOrEqual(0)
    if (videoSec > previewSec) expect(startSec + lengthSec).toBeLessThanOrEqual(videoSec)
  }
})
