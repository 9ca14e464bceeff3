import { describe, expect, it } from 'vitest'
import { namesToMake } from './names-to-make.ts'

const variant = (name: string, ...refersTo: string[]) => ({ name, fingerprint: `f-${name}`, refersTo })
const standing = (...names: string[]) => new Map(names.map(name => [name, { fingerprint: `f-${name}` }]))

const LADDER = [
  variant('hls', 'hls-360', 'hls-720'),
  variant('hls-360', 'hls-360-media'),
  variant('hls-360-media', 'hls-360'),
  variant('hls-720', 'hls-720-media'),
  variant('hls-720-media', 'hls-720'),
]

describe('namesToMake', () => {
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
    expect([...namesToMake(variants, found)].sort()).toEqual([...expected].sort())
  })
})
