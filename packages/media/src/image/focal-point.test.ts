import { PresetDefinition } from '@darkroom/contracts'
import { describe, expect, it } from 'vitest'
import type { Facts } from '../facts.ts'
import { withFocalPoint } from './focal-point.ts'

const IMAGE = { kind: 'image', width: 400, height: 200 } as Facts
const POINT = { x: 0.75, y: 0.5 }
const SQUARE = { width: 50, height: 50, fit: 'cover', format: 'webp' }

function positionOf(spec: object, facts = IMAGE) {
  const definition = PresetDefinition.parse({ image: { variants: [{ name: 'v', ...spec }] } })
  const variant = withFocalPoint(definition, facts, POINT).image?.variants[0]
  return variant?.type === 'picture' ? variant.position : null
}

describe('a focal point', () => {
  it.each([
    ['goes before what the preset says', { ...SQUARE, position: 'attention' }, POINT],
    ['goes before a point of the preset', { ...SQUARE, position: { x: 0, y: 0 } }, POINT],
    ['does not matter to what is not cropped', { ...SQUARE, fit: 'inside' }, 'center'],
    ['does not matter where one side is free', { width: 50, fit: 'cover', format: 'webp' }, 'center'],
    ['is one of the part', { ...SQUARE, crop: { left: 200, top: 50, width: 400, height: 100 } }, { x: 0.5, y: 0.5 }],
    ['is at its edge when outside', { ...SQUARE, crop: { left: 0, top: 150, width: 100, height: 50 } }, { x: 1, y: 0 }],
    [
      'survives a part that is not there',
      { ...SQUARE, crop: { left: 900, top: 0, width: 9, height: 9 } },
      { x: 0, y: 1 },
    ],
  ])('%s', (_title, spec, position) => {
    expect(positionOf(spec)).toEqual(position)
  })

  it('is one of images only', () => {
    expect(positionOf(SQUARE, { ...IMAGE, kind: 'document' } as Facts)).toBe('center')
  })
})
