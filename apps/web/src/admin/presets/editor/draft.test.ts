import { describe, expect, it } from 'vitest'
import { alone, editingOf, placesOf, withField, withNewVariant, withoutVariant, withText } from './draft.ts'

const DRAFT = { image: { variants: [{ name: 'a', width: 1 }, { name: 'b' }] }, failOn: ['SOURCE_TRUNCATED'] }
const SECOND = { kind: 'image', index: 1 } as const

describe('a draft', () => {
  it('has a field set and removed, and keeps all else', () => {
    const set = withField(DRAFT, SECOND, 'width', 2)
    expect(set).toEqual({
      ...DRAFT,
      image: {
        variants: [
          { name: 'a', width: 1 },
          { name: 'b', width: 2 },
        ],
      },
    })
    expect(withField(set, SECOND, 'width', undefined)).toEqual(DRAFT)
  })

  it('gets a variant under a free name, also of a kind that it did not have', () => {
    const { draft, place } = withNewVariant(DRAFT, 'video')
    expect([place, placesOf(draft).at(-1)?.variant.name]).toEqual([{ kind: 'video', index: 0 }, 'variant-1'])
  })

  it('loses a kind with its last variant', () => {
    const { draft } = withNewVariant({}, 'image')
    expect(withoutVariant(draft, { kind: 'image', index: 0 })).toEqual({})
  })

  it('gives a definition with one variant', () => {
    expect(alone(DRAFT, SECOND)).toEqual({ image: { variants: [{ name: 'b' }] } })
    expect(alone(DRAFT, { kind: 'audio', index: 0 })).toBeNull()
  })
})

describe('the text', () => {
  it('is the draft, in both directions', () => {
    const editing = withText(editingOf({}), JSON.stringify(DRAFT))
    expect([editing.draft, editing.fault]).toEqual([DRAFT, null])
  })

  it.each(['{', '[]', 'null', '7'])('%s leaves the draft as it is, and says why', text => {
    const editing = withText(editingOf(DRAFT), text)
    expect([editing.draft, editing.text]).toEqual([DRAFT, text])
    expect(editing.fault).toBeTruthy()
  })

  it('with variants that are none shows none', () =>
    expect(placesOf({ image: { variants: [1, null] }, video: 7 })).toEqual([]))
})
