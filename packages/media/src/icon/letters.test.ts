import { MEDIA_TYPES } from '@darkroom/contracts/media-types'
import { expect, it } from 'vitest'
import { LETTER_HEIGHT, word } from './letters.ts'

it.each(Object.values(MEDIA_TYPES))('has a drawing of every letter of the label of $label', ({ extensions }) => {
  const label = extensions[0].toUpperCase()
  for (const letter of label) expect(word(letter).lines.flat().length, letter).toBeGreaterThan(1)
  const points = word(label).lines.flat()
  expect(Math.max(...points.map(([, y]) => y))).toBeLessThanOrEqual(LETTER_HEIGHT)
  expect(Math.max(...points.map(([x]) => x))).toBeCloseTo(word(label).width)
})

it('sets letters side by side', () => {
  expect(word('II').width).toBeGreaterThan(word('I').width)
  expect(word('?').lines).toEqual([])
})
