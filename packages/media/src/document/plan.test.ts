import { PresetDefinition } from '@darkroom/contracts'
import { describe, expect, it } from 'vitest'
import type { DocumentFacts } from '../facts.ts'
import { plan } from '../plan.ts'
import { printSize } from './page-size.ts'

const pdfOf = (...sizes: [number, number][]): DocumentFacts => ({
  kind: 'document',
  contentType: 'application/pdf',
  width: 1,
  height: 1,
  animated: null,
  durationMs: null,
  pageCount: sizes.length,
  pages: sizes.map(([width, height]) => ({ width, height })),
  details: {},
})

const planned = (facts: DocumentFacts, ...variants: object[]) =>
  plan(facts, PresetDefinition.parse({ document: { variants } }))

const page = { name: 'page', type: 'page', format: 'webp', width: 1280, height: 1280 }

describe('the plan of a document', () => {
  it('has one image under the name itself, several under numbers, and no more than pages', () => {
    const names = (count: number, pages: number) => {
      const sizes = Array.from({ length: count }, (): [number, number] => [612, 792])
      return planned(pdfOf(...sizes), { ...page, pages }).variants.map(({ name }) => name)
    }
    expect(names(1, 1)).toEqual(['page'])
    expect(names(5, 1)).toEqual(['page'])
    expect(names(1, 3)).toEqual(['page-1'])
    expect(names(5, 3)).toEqual(['page-1', 'page-2', 'page-3'])
  })

  it('requires only the first page', () => {
    const { variants } = planned(pdfOf([612, 792], [612, 792]), { ...page, pages: 2, required: true })
    expect(variants.map(({ required }) => required)).toEqual([true, false])
  })

  it('gives each page its own size and fingerprint', () => {
    const { variants } = planned(pdfOf([612, 792], [792, 612], [612, 792]), { ...page, pages: 3 })
    const sizes = variants.map(({ width, height }) => [width, height])
    expect(sizes).toEqual(
      expect.arrayContaining([
        [989, 1280],
        [1280, 989],
        [989, 1280],
      ]),
    )
    expect(new Set(variants.map(({ fingerprintInput }) => fingerprintInput)).size).toBe(3)
  })

  it('has no text and no page of what has neither, but an icon', () => {
    const zip: DocumentFacts = { ...pdfOf(), contentType: 'application/zip', pageCount: null }
    const { variants, skipped } = planned(zip, { ...page, required: true }, { name: 'text', type: 'text' })
    expect(variants.map(({ name, type }) => [name, type])).toEqual([['icon', 'icon']])
    expect(skipped).toEqual([
      { name: 'page', required: true },
      { name: 'text', required: false },
    ])
  })

  it('has an icon beside a text, which nobody can look at in small', () => {
    const csv: DocumentFacts = { ...pdfOf(), contentType: 'text/csv', pageCount: null }
    const { variants } = planned(csv, { name: 'text', type: 'text' })
    expect(variants.map(({ name }) => name)).toEqual(['icon', 'text'])
  })
})

describe('the largest image of a page', () => {
  it.each([
    ['A4 at 300 dpi', [595, 842], [2479, 3508]],
    ['a card at 300 dpi', [252, 144], [1050, 600]],
    ['200 inches, with 25 million pixels', [14_400, 14_400], [5000, 5000]],
    ['a banner, with 16,384 pixels', [14_400, 100], [16_384, 114]],
    ['a hair, with a pixel', [1_000_000, 1], [16_384, 1]],
    ['a point', [1, 1], [4, 4]],
  ] as const)('is of %s', (_what, [width, height], expected) => {
    const size = printSize({ width, height })
    expect([size.width, size.height]).toEqual(expected)
  })
})
