import type { Variant } from '@darkroom/contracts'
import { describe, expect, it } from 'vitest'
import { cropPlace, ratiosOf } from './crop-place.ts'

const variant = (name: string, width: number, height: number) =>
  ({ name, width, height, contentType: 'image/webp' }) as Variant

describe('crops', () => {
  it('are shown in the proportions of the variants that are cropped, and in common ones', () => {
    const variants = [
      variant('thumb', 256, 256),
      variant('tile', 320, 320),
      variant('share', 1200, 630),
      variant('large', 400, 200),
    ]
    const labels = ratiosOf({ variants, width: 4000, height: 2000 }).map(({ label }) => label)
    expect(labels).toEqual(['thumb, tile', 'share', '4:3', '16:9', '3:1', '4:5', '9:16'])
  })

  it.each([
    [{ x: 0.5, y: 0.5 }, 1, { x: 50, y: 50 }],
    [{ x: 0, y: 0 }, 1, { x: 0, y: 50 }],
    [{ x: 0.9, y: 0.1 }, 1, { x: 100, y: 50 }],
    // Half of the width is shown, and begins at 0.375 - 0.25 of it.
    [{ x: 0.375, y: 0.5 }, 1, { x: 25, y: 50 }],
    [{ x: 0.1, y: 0.75 }, 4, { x: 50, y: 100 }],
    [{ x: 0.1, y: 0.5 }, 2, { x: 50, y: 50 }],
  ])('keep the point %o at a ratio of %d', (point, ratio, place) => {
    expect(cropPlace(point, { width: 400, height: 200 }, ratio)).toEqual(place)
  })
})
