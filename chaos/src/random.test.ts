import { expect, it } from 'vitest'
import { createRandom } from './random.ts'

it('repeats its choices for the same seed, and makes others for another', () => {
  const draw = (seed: string) => createRandom(seed, 'scenario', 1).bytes(16).toString('hex')
  expect(draw('one')).toBe(draw('one'))
  expect(draw('one')).not.toBe(draw('two'))
})

it('keeps whole numbers between their ends, both included', () => {
  const random = createRandom('ends')
  const drawn = new Set(Array.from({ length: 200 }, () => random.int(1, 3)))
  expect([...drawn].sort()).toEqual([1, 2, 3])
})
