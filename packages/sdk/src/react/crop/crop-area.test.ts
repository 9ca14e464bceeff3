import { describe, expect, it } from 'vitest'
import { largestArea, movedArea, resizedArea, scaledArea, turnedArea, turnedSize, wholePixels } from './crop-area.ts'

const IMAGE = { width: 400, height: 300 }
const AREA = { left: 100, top: 100, width: 100, height: 100 }

describe('the part of an image that is cropped', () => {
  it('is the largest of its proportions at first, in the middle', () => {
    expect(largestArea(IMAGE, 1)).toEqual({ left: 50, top: 0, width: 300, height: 300 })
    expect(largestArea(IMAGE, 4)).toEqual({ left: 0, top: 100, width: 400, height: 100 })
    expect(largestArea(IMAGE, null)).toEqual({ left: 0, top: 0, ...IMAGE })
  })

  it('moves to the edges and no further', () => {
    expect(movedArea(AREA, 10, -20, IMAGE)).toEqual({ ...AREA, left: 110, top: 80 })
    expect(movedArea(AREA, 1000, -1000, IMAGE)).toEqual({ ...AREA, left: 300, top: 0 })
  })

  it.each([
    ['the right edge', { x: 1, y: 0 }, { dx: 50, dy: 9 }, { ...AREA, width: 150 }],
    ['the upper left corner', { x: -1, y: -1 }, { dx: -50, dy: -20 }, { left: 50, top: 80, width: 150, height: 120 }],
    ['beyond the edge', { x: 1, y: 1 }, { dx: 900, dy: 900 }, { ...AREA, width: 300, height: 200 }],
    ['to nothing', { x: -1, y: 1 }, { dx: 900, dy: -900 }, { left: 184, top: 100, width: 16, height: 16 }],
  ] as const)('follows a handle where proportions are free: %s', (_title, handle, by, area) => {
    expect(resizedArea(AREA, handle, by, { image: IMAGE, aspect: null })).toEqual(area)
  })

  it.each([
    ['a corner', { x: 1, y: 1 }, { dx: 40, dy: 10 }, { ...AREA, width: 140, height: 140 }],
    ['the other corner', { x: -1, y: -1 }, { dx: -10, dy: -40 }, { left: 60, top: 60, width: 140, height: 140 }],
    ['to where the image ends first', { x: 1, y: 1 }, { dx: 900, dy: 0 }, { ...AREA, width: 200, height: 200 }],
    ['to nothing', { x: 1, y: 1 }, { dx: -900, dy: -900 }, { ...AREA, width: 16, height: 16 }],
  ] as const)('keeps its proportions where they are fixed: %s', (_title, handle, by, area) => {
    expect(resizedArea(AREA, handle, by, { image: IMAGE, aspect: 1 })).toEqual(area)
  })

  it('grows and shrinks around its middle, inside of the image', () => {
    expect(scaledArea(AREA, 2, IMAGE)).toEqual({ left: 50, top: 50, width: 200, height: 200 })
    expect(scaledArea(AREA, 99, IMAGE)).toEqual({ left: 0, top: 0, width: 300, height: 300 })
    expect(scaledArea(AREA, 0, IMAGE)).toMatchObject({ width: 16, height: 16 })
  })

  it('shows the same after four quarter turns, and where it belongs after one', () => {
    expect(turnedArea({ left: 0, top: 0, width: 10, height: 20 }, IMAGE)).toEqual({
      left: 280,
      top: 0,
      width: 20,
      height: 10,
    })
    let [area, image] = [{ left: 3, top: 5, width: 70, height: 90 }, IMAGE]
    for (let turn = 0; turn < 4; turn++) [area, image] = [turnedArea(area, image), turnedSize(image)]
    expect(area).toEqual({ left: 3, top: 5, width: 70, height: 90 })
  })

  it('is of whole pixels inside of the image', () => {
    expect(wholePixels({ left: 0.4, top: 299.9, width: 400.6, height: 0.2 }, IMAGE)).toEqual({
      left: 0,
      top: 299,
      width: 400,
      height: 1,
    })
  })
})
