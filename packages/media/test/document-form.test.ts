import { readFileSync } from 'node:fs'
import { onePage, type PdfObject } from '@darkroom/testing/media-files'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { renderPage } from '../src/document/pdf/page-raster.ts'
import { pageText } from '../src/document/pdf/text/page-text.ts'
import { fileOf, inPdf, processDocument } from './document-bed.ts'
import { markedLimits, usePool } from './pool.ts'

const pool = usePool(markedLimits(), { size: 1 })

const FONT = '/Font<</Helv<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>'
const form = (content: string) => ({
  dictionary: `/Type/XObject/Subtype/Form/BBox[0 0 180 30]/Resources<<${FONT}>>`,
  stream: content,
})
const drawn = (text: string) => form(`/Tx BMC q BT /Helv 18 Tf 2 8 Td (${text}) Tj ET Q EMC`)
const ANNOTATION = '<</Type/Annot/Rect[10 10 190 40]'
const TEXT_FIELD = `${ANNOTATION}/Subtype/Widget/F 4/FT/Tx/T(name)/DA(/Helv 18 Tf 0 g)`

interface Filled {
  /** Object 5: what stands on the page between 10,10 and 190,40. */
  annotation: string
  /** Objects from 6 on. */
  more?: PdfObject[]
  /** Of the form. */
  entries?: string
}

const filled = ({ annotation, more = [], entries = '' }: Filled): Buffer =>
  onePage({
    content: 'BT /F1 18 Tf 12 60 Td (Name) Tj ET',
    page: '/Annots[5 0 R]',
    catalog: `/AcroForm<</Fields[5 0 R]${entries}/DA(/Helv 18 Tf 0 g)/DR<<${FONT}>>>>`,
    more: [annotation, ...more],
  })

/** What a page says, and the dark pixels inside the rectangle of the annotation, per mille of it. */
async function seen(source: Buffer): Promise<{ text: string; ink: number }> {
  return await inPdf(source, pdf => {
    const { data } = renderPage(pdf, 0, { width: 400, height: 200 })
    const rows = Array.from({ length: 60 }, (_, row) =>
      data.subarray((120 + row) * 1200 + 60, (120 + row) * 1200 + 1140),
    )
    const dark = Buffer.concat(rows).filter(value => value < 128).length
    return { text: pageText(pdf, 0, 1000), ink: (dark / (60 * 1080)) * 1000 }
  })
}

const CASES: [what: string, made: Filled, text: string][] = [
  [
    'a text that the program drew that filled it in',
    { annotation: `${TEXT_FIELD}/V(Ada Byron)/AP<</N 6 0 R>>>>`, more: [drawn('Ada Byron')] },
    'Ada Byron',
  ],
  ['a text without an appearance', { annotation: `${TEXT_FIELD}/V(Ada Byron)>>` }, 'Ada Byron'],
  [
    'a text whose appearance is out of date',
    {
      annotation: `${TEXT_FIELD}/V(Ada Byron)/AP<</N 6 0 R>>>>`,
      more: [drawn('Old')],
      entries: '/NeedAppearances true',
    },
    'Ada Byron',
  ],
  [
    'a text as the author’s script wrote it',
    { annotation: `${TEXT_FIELD}/V(1234.5)/AP<</N 6 0 R>>>>`, more: [drawn('$ 1,234.50')] },
    '$ 1,234.50',
  ],
  [
    'a choice',
    {
      annotation: `${ANNOTATION}/Subtype/Widget/F 4/FT/Ch/Ff 131072/T(a)/DA(/Helv 18 Tf 0 g)/Opt[(Red)(Blue)]/V(Blue)>>`,
    },
    'Blue',
  ],
  [
    'a value that a field of several places shares',
    { annotation: `${ANNOTATION}/Subtype/Widget/F 4/Parent 6 0 R>>`, more: ['<</FT/Tx/T(a)/V(Shared)/Kids[5 0 R]>>'] },
    'Shared',
  ],
  [
    'a box that is ticked',
    {
      annotation: `${ANNOTATION}/Subtype/Widget/F 4/FT/Btn/T(a)/V/Yes/AS/Yes/AP<</N<</Yes 6 0 R/Off 7 0 R>>>>>>`,
      more: [drawn('Ticked'), form('')],
    },
    'Ticked',
  ],
  [
    'words that were put on top of a page',
    { annotation: `${ANNOTATION}/Subtype/FreeText/F 4/AP<</N 6 0 R>>>>`, more: [drawn('Note')] },
    'Note',
  ],
]

const HIDDEN: [what: string, made: Filled][] = [
  ['a field that is hidden', { annotation: `${TEXT_FIELD}/V(Secret)/AP<</N 6 0 R>>/F 2>>`, more: [drawn('Secret')] }],
  ['a field for the printer only', { annotation: `${TEXT_FIELD}/V(Secret)/F 36>>` }],
  [
    'a box that is not ticked',
    {
      annotation: `${ANNOTATION}/Subtype/Widget/F 4/FT/Btn/T(a)/AS/Off/AP<</N<</Yes 6 0 R/Off 7 0 R>>>>>>`,
      more: [drawn('Ticked'), form('')],
    },
  ],
]

describe('a filled form', () => {
  it.each(CASES)('shows and says %s', async (_what, made, said) => {
    const { text, ink } = await seen(filled(made))
    expect(text).toBe(`Name\r\n${said}`)
    expect(ink).toBeGreaterThan(20)
  })

  it.each(HIDDEN)('does not show %s', async (_what, made) => {
    expect(await seen(filled(made))).toEqual({ text: 'Name', ink: 0 })
  })

  it('keeps a password to itself', async () => {
    const { text } = await seen(filled({ annotation: `${TEXT_FIELD}/Ff 8192/V(Secret)>>` }))
    expect(text).toBe('Name\r\n******')
  })

  it('is published filled', async () => {
    const made = await processDocument(pool, { source: filled({ annotation: `${TEXT_FIELD}/V(Ada Byron)>>` }) })
    expect(readFileSync(fileOf(made, 'text'), 'utf8')).toBe('Name\nAda Byron\f')
    const { data, info } = await sharp(fileOf(made, 'page-1')).greyscale().raw().toBuffer({ resolveWithObject: true })
    const below = data.subarray(info.width * Math.round(info.height * 0.6))
    expect(below.filter(value => value < 128).length / below.length).toBeGreaterThan(0.01)
  })
})
