import { existsSync } from 'node:fs'
import { PresetDefinition } from '@darkroom/contracts'
import { fontDescriptor, letters, namedLetters } from '@darkroom/testing/media-files'
import { describe, expect, it } from 'vitest'
import { fontOfCharset } from '../src/document/pdf/fonts/font-files.ts'
import { renderPage } from '../src/document/pdf/page-raster.ts'
import { findMissingGlyphs } from '../src/document/pdf/text/missing-glyphs.ts'
import { pageText } from '../src/document/pdf/text/page-text.ts'
import { inPdf, processDocument } from './document-bed.ts'
import { markedLimits, usePool } from './pool.ts'

const pool = usePool(markedLimits(), { size: 1 })

const eastAsian = (name: string, encoding: string, ordering: string, text: string) =>
  letters(
    `<</Type/Font/Subtype/Type0/BaseFont/${name}/Encoding/${encoding}/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/${name}/CIDSystemInfo<</Registry(Adobe)/Ordering(${ordering})/Supplement 2>>${fontDescriptor(name)}>>]>>`,
    Buffer.from(text, 'utf16le').swap16().toString('hex'),
  )

const seen = (source: Buffer) =>
  inPdf(source, document => ({
    dark: renderPage(document, 0, { width: 400, height: 200 }).data.filter(value => value < 128).length,
    text: pageText(document, 0, 100),
    missing: document.missing.get(0)?.length,
  }))

const EAST_ASIAN: [what: string, charset: number, source: Buffer, text: string][] = [
  ['Japanese', 128, eastAsian('HeiseiMin-W3', 'UniJIS-UCS2-H', 'Japan1', '日本語テ'), '日本語テ'],
  ['Korean', 129, eastAsian('HYSMyeongJo-Medium', 'UniKS-UCS2-H', 'Korea1', '한국어한'), '한국어한'],
  ['simplified Chinese', 134, eastAsian('STSong-Light', 'UniGB-UCS2-H', 'GB1', '中文测试'), '中文测试'],
  ['traditional Chinese', 136, eastAsian('MSung-Light', 'UniCNS-UCS2-H', 'CNS1', '繁體中文'), '繁體中文'],
]
const DEJAVU = existsSync('/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf')
const REST: [what: string, source: Buffer, text: string][] = [
  ['Cyrillic in Arial', namedLetters('Arial', '/afii10017/afii10018/afii10019/afii10020'), 'АБВГ'],
  ['Cyrillic in Tahoma', namedLetters('Tahoma', '/afii10017/afii10018/afii10019/afii10020'), 'АБВГ'],
  ['Arabic', namedLetters('Tahoma', '/uni0633/uni0644/uni0627/uni0645'), 'مالس'],
]

const missing = EAST_ASIAN.filter(([, charset]) => !fontOfCharset(charset)).map(([what]) => what)
if (missing.length > 0)
  console.warn(`skipped: fonts for ${missing.join(', ')} are not installed (docs/how-to/operate.md)`)
if (!DEJAVU) console.warn('skipped: DejaVu Sans is not installed (fonts-dejavu-core)')

describe('a PDF that does not embed its fonts', () => {
  it.each(EAST_ASIAN.filter(([, charset]) => fontOfCharset(charset)))(
    'shows %s',
    async (_what, _charset, source, text) => {
      const found = await seen(source)
      expect(found).toMatchObject({ text, missing: 0 })
      expect(found.dark).toBeGreaterThan(5000)
    },
  )

  it.skipIf(!DEJAVU).each(REST)('shows %s', async (_what, source, text) => {
    const found = await seen(source)
    expect(found).toMatchObject({ text, missing: 0 })
    expect(found.dark).toBeGreaterThan(3000)
  })

  it('keeps letters without a font in its text, and is told', async () => {
    const source = namedLetters('Tahoma', '/uni0E01/uni0E02/uni0E04/uni0E07')
    expect(await seen(source)).toEqual({ dark: 0, text: 'กขคง', missing: 4 })
    const { warnings } = await processDocument(pool, { source })
    expect(warnings).toEqual([{ code: 'FONTS_MISSING', detail: '4 letters are not shown (Thai).' }])
  })

  it('is told where no text is asked for, and once for each page', async () => {
    const source = namedLetters('Tahoma', '/uni0E01/uni0E02/uni0E04/uni0E07')
    const page = (name: string, width: number) => ({ name, type: 'page', width, height: width, format: 'png' })
    const definition = PresetDefinition.parse({ document: { variants: [page('thumb', 64), page('page', 200)] } })
    const { warnings } = await processDocument(pool, { source, definition })
    expect(warnings).toEqual([{ code: 'FONTS_MISSING', detail: '4 letters are not shown (Thai).' }])
  })

  it('is not told of letters that are not seen', async () => {
    const hidden = namedLetters('Tahoma', '/uni0E01/uni0E02/uni0E04/uni0E07')
      .toString('latin1')
      .replace('10 40 Td', '10 900 Td')
    expect(await inPdf(Buffer.from(hidden, 'latin1'), document => findMissingGlyphs(document, 0))).toEqual([])
  })

  it.skipIf(!DEJAVU)('finds the fonts from inside the sandbox', async () => {
    const { warnings, placeholder } = await processDocument(pool, { source: REST[0]?.[1] ?? Buffer.alloc(0) })
    expect([warnings, placeholder === null]).toEqual([[], false])
  })
})
