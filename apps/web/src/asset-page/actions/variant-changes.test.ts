import type { Variant } from '@darkroom/contracts'
import { expect, it } from 'vitest'
import { variantChanges } from './variant-changes.ts'

const variant = (name: string, sha256: string, status = 'ready') => ({ name, sha256, status }) as Variant

it('tells what was added, changed and removed, and last what stayed', () => {
  const before = { variants: [variant('thumb', 'a'), variant('small', 'b'), variant('old', 'c')] }
  const after = {
    variants: [variant('thumb', 'a'), variant('small', 'x'), variant('new', 'd'), variant('w', '', 'pending')],
  }
  expect(variantChanges(before, after).map(({ name, what }) => `${name} ${what}`)).toEqual([
    'small changed',
    'new added',
    'old removed',
    'thumb same',
  ])
})
