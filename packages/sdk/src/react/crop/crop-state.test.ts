import { describe, expect, it } from 'vitest'
import { type CropAction, cropReducer, initialCrop } from './crop-state.ts'

const IMAGE = { width: 400, height: 300 }
const after = (aspect: number | null, ...actions: CropAction[]) =>
  actions.reduce(cropReducer, initialCrop(IMAGE, aspect))

describe('a crop', () => {
  it('turns the image with the part, and is as it was after four turns', () => {
    const turn = { type: 'turn' } as const
    expect(after(1, turn)).toMatchObject({ image: { width: 300, height: 400 }, rotation: 90 })
    expect(after(1, turn, turn, turn, turn)).toEqual(after(1))
  })

  it('keeps the proportions that are fixed when the image is turned', () => {
    const { area } = after(2, { type: 'turn' })
    expect(area.width / area.height).toBe(2)
  })

  it('looks at the part when it is zoomed, and never past the image', () => {
    const moved = after(
      1,
      { type: 'scale', factor: 0.1 },
      { type: 'move', dx: 999, dy: 999 },
      { type: 'zoom', zoom: 4 },
    )
    expect(moved.middle).toEqual({ x: 350, y: 262.5 })
    expect(cropReducer(moved, { type: 'pan', dx: -999, dy: 999 }).middle).toEqual({ x: 350, y: 37.5 })
    expect(cropReducer(moved, { type: 'zoom', zoom: 0 })).toMatchObject({ zoom: 1, middle: { x: 200, y: 150 } })
    expect(cropReducer(moved, { type: 'zoom', zoom: 99 }).zoom).toBe(8)
  })

  it('begins anew with other proportions', () => {
    expect(after(1, { type: 'scale', factor: 0.5 }, { type: 'aspect', aspect: null }).area).toMatchObject(IMAGE)
  })
})
