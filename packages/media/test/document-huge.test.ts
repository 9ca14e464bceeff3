import { readFileSync } from 'node:fs'
import { greyImage, onePage } from '@darkroom/testing/media-files'
import { describe, expect, it } from 'vitest'
import { fileOf, processDocument } from './document-bed.ts'
import { markedLimits, usePool } from './pool.ts'

const pool = usePool(markedLimits({ maxPixels: 50_000_000 }))

const WORDS = 'BT /F1 24 Tf 10 40 Td (Hello) Tj ET'
const FONT = '/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>'
const pageOf = (...more: NonNullable<Parameters<typeof onePage>[0]>['more'] & object) =>
  onePage({ content: `q 200 0 0 100 0 0 cm /X Do Q ${WORDS}`, page: `/Resources<<${FONT}/XObject<</X 5 0 R>>>>`, more })
const FORM = {
  dictionary: '/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</X 6 0 R>>>>',
  stream: '/X Do',
}

describe('a page of a PDF with a huge image', () => {
  it.each([
    ['of 40,000 × 40,000', () => pageOf(greyImage(40_000, 40_000))],
    ['inside of a form', () => pageOf(FORM, greyImage(40_000, 40_000))],
  ])('%s is refused at once, and keeps its text', async (_what, make) => {
    const startedMs = performance.now()
    const made = await processDocument(pool, { isFresh: true, source: make() })
    const faults = made.reports.flatMap(report =>
      'error' in report ? [[report.name, report.error.code, report.error.message]] : [],
    )
    const detail = 'An image on page 1 has 40000 × 40000 pixels; at most 50000000 are allowed'
    expect(faults).toEqual(['thumb', 'page-1'].map(name => [name, 'TOO_MANY_PIXELS', detail]))
    expect(readFileSync(fileOf(made, 'text'), 'utf8')).toBe('Hello\f')
    expect(performance.now() - startedMs).toBeLessThan(30_000)
  })

  it('of as many pixels as are allowed is made', async () => {
    const made = await processDocument(pool, { isFresh: true, source: pageOf(greyImage(10_000, 5000)) })
    expect(made.reports.map(({ name }) => name)).toEqual(made.variants.map(({ name }) => name))
  })
})
