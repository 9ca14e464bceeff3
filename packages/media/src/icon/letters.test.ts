import { expect, it } from 'vitest'
import { LETTER_HEIGHT, word } from './letters.ts'
import { ICONS } from './types.ts'

it.each(Object.values(ICONS))('has a drawing of every letter of a %s’s label %s', (_family, label) => {
  for (const letter of label) expect(word(letter).lines.flat().length, letter).toBeGreaterThan(1)
  const points = word(label).lines.flat()
  expect(Math.max(...points.map(([, y]) => y))).toBeLessThanOrEqual(LETTER_HEIGHT)
  expect(Math.max(...points.map(([x]) => x))).toBeCloseTo(word(label).width)
})

it('sets letters side by side', () => {
  expect(word('II').width).toBeGreaterThan(word('I').width)
  expect(word('?').lines).toEqual([])
})
