import { describe, expect, it } from 'vitest'
import { fitted, kept, moved, WHOLE, zoomed } from './zoom.ts'

const FRAME = { width: 400, height: 300 }

describe('zoom', () => {
  it('fits an image into the frame by its longer side', () => {
    expect(fitted({ width: 800, height: 300 }, FRAME)).toEqual({ width: 400, height: 150 })
    expect(fitted({ width: 30, height: 60 }, FRAME)).toEqual({ width: 150, height: 300 })
    expect(fitted({ width: 0, height: 60 }, FRAME)).toEqual({ width: 0, height: 0 })
  })

  it('keeps the point under the pointer where it is', () => {
    const at = { x: 100, y: -50 }
    const once = zoomed(WHOLE, 2, at)
    // What is seen at a point of the screen is (point - offset) / scale of the image.
    expect((at.x - once.x) / once.scale).toBe(at.x)
    expect((at.y - once.y) / once.scale).toBe(at.y)
    const back = zoomed(once, 1 / 2, at)
    expect(back).toEqual(WHOLE)
  })

  it('ends at the whole image and where pixels are large', () => {
    expect(zoomed(WHOLE, 0.1)).toEqual(WHOLE)
    expect(zoomed(WHOLE, 1e6).scale).toBe(32)
  })

  it('moves no further than to the edge', () => {
    const shown = { width: 400, height: 150 }
    expect(kept(moved(WHOLE, 50, 50), shown, FRAME)).toEqual(WHOLE)
    expect(kept(moved({ scale: 2, x: 0, y: 0 }, 500, 500), shown, FRAME)).toEqual({ scale: 2, x: 200, y: 0 })
  })
})
