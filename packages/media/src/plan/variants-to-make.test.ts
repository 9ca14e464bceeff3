import { describe, expect, it } from 'vitest'
import { variantsToMake, variantsToRemake } from './variants-to-make.ts'

const variant = (name: string, ...refersTo: string[]) => ({ name, fingerprint: `f-${name}`, refersTo })
const standing = (...names: string[]) => new Map(names.map(name => [name, { fingerprint: `f-${name}` }]))

const LADDER = [
  variant('hls', 'hls-360', 'hls-720'),
  variant('hls-360', 'hls-360-media'),
  variant('hls-360-media', 'hls-360'),
  variant('hls-720', 'hls-720-media'),
  variant('hls-720-media', 'hls-720'),
]

describe('variantsToMake', () => {
  it.each([
    ['everything when nothing stands', LADDER, standing(), LADDER.map(({ name }) => name)],
    ['nothing when everything stands', LADDER, standing(...LADDER.map(({ name }) => name)), []],
    [
      'one step of a ladder and its master, and leaves the other step alone',
      LADDER,
      standing('hls', 'hls-360', 'hls-360-media', 'hls-720-media'),
      ['hls', 'hls-720', 'hls-720-media'],
    ],
    ['what stands for something else', [variant('a')], new Map([['a', { fingerprint: 'other' }]]), ['a']],
  ])('names %s', (_case, variants, found, expected) => {
    expect([...variantsToMake(variants, found)].sort()).toEqual([...expected].sort())
  })
})

describe('variantsToRemake', () => {
  const all = LADDER.map(({ name }) => name)
  it.each([
    ['what is asked for, though it stands', [variant('a'), variant('b')], standing('a', 'b'), ['a'], ['a']],
    ['not what stands for something else', [variant('a'), variant('b')], standing('a'), ['a'], ['a']],
    [
      'what leads to it, and not the other step',
      LADDER,
      standing(...all),
      ['hls-720-media'],
      ['hls', 'hls-720', 'hls-720-media'],
    ],
    [
      'what it leads to and is not there',
      LADDER,
      standing('hls-360', 'hls-360-media'),
      ['hls'],
      ['hls', 'hls-720', 'hls-720-media'],
    ],
    ['nothing that is not planned', LADDER, standing(...all), ['icon'], []],
  ])('names %s', (_case, variants, found, only, expected) => {
    expect([...variantsToRemake(variants, found, new Set(only))].sort()).toEqual([...expected].sort())
  })
})
