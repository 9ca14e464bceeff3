import { expect, it } from 'vitest'
import { diffDefinitions } from './diff-definitions.ts'

const of = (...variants: object[]) => ({ image: { variants } })

it('names what changed, was added and was removed, by the names of variants', () => {
  const before = of({ name: 'thumb', width: 200 }, { name: 'old' }, { name: 'same', when: { minWidth: 1 } })
  const after = of({ name: 'same', when: { minWidth: 1 } }, { name: 'thumb', width: 256 }, { name: 'new', width: 9 })
  expect(diffDefinitions(before, after)).toEqual([
    { path: 'image.thumb.width', before: 200, after: 256 },
    { path: 'image.old', before: { name: 'old' }, after: undefined },
    { path: 'image.new', before: undefined, after: { name: 'new', width: 9 } },
  ])
})

it('finds nothing between the same', () => expect(diffDefinitions(of({ name: 'a' }), of({ name: 'a' }))).toEqual([]))
