import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { greyImage, namedLetters, onePage } from '@darkroom/testing/media-files'
import sharp from 'sharp'
import { drawDocument } from '../../kinds/bare/document.ts'
import type { Input } from '../../kinds/maker.ts'
import type { Fault } from './fault.ts'
import type { FaultBed, Made } from './fault-bed.ts'

const PDF = 'application/pdf'
const DOCUMENT = {
  document: [
    { name: 'page', type: 'page', format: 'png', width: 400, height: 400 },
    { name: 'text', type: 'text' },
  ],
}
const FONT = '/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>'
const HELV = '/Font<</Helv<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>'

/** Renders a PDF with Darkroom, and with pdfium alone. */
async function drawn(bed: FaultBed, bytes: Buffer) {
  const file = await bed.write('a.pdf', bytes)
  const made = await bed.make(file, PDF, DOCUMENT)
  const folder = await bed.newFolder()
  await copyFile(file, join(folder, 'a.pdf'))
  const variants = made.variants.map(({ planned }) => planned) as Input['variants']
  await drawDocument({ name: 'a.pdf', variants }, folder)
  const naive = { page: join(folder, 'page.png'), text: await readFile(join(folder, 'text.txt'), 'utf8') }
  return { made, naive, text: await textOf(made) }
}

const textOf = async (made: Made): Promise<string> => words(await readFile(made.file('text'), 'utf8'))
const words = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

/** Measures how many pixels are dark, per mille. */
async function inkOf(file: string): Promise<number> {
  const data = await sharp(file).greyscale().raw().toBuffer()
  return Math.round((data.filter(value => value < 128).length / data.length) * 1000)
}

const sides = (naive: string, made: Made) => [
  { label: 'naive: pdfium alone', image: naive },
  { label: 'Darkroom', image: made.file('page') },
]

const FILLED = onePage({
  content: 'BT /F1 18 Tf 12 60 Td (Name) Tj ET',
  page: '/Annots[5 0 R]',
  catalog: `/AcroForm<</Fields[5 0 R]/DA(/Helv 18 Tf 0 g)/DR<<${HELV}>>>>`,
  more: ['<</Type/Annot/Rect[10 10 190 40]/Subtype/Widget/F 4/FT/Tx/T(name)/DA(/Helv 18 Tf 0 g)/V(Ada Byron)>>'],
})

const say = (text: string, y: number, before = '') => `BT ${before} /F1 14 Tf 10 ${y} Td (${text}) Tj ET `
const HIDDEN = onePage({
  catalog: '/OCProperties<</OCGs[5 0 R]/D<</OFF[5 0 R]/Order[5 0 R]>>>>',
  page: `/CropBox[0 0 200 80]/Resources<<${FONT}/Properties<</Off 5 0 R>>>>`,
  more: ['<</Type/OCG/Name(Draft)>>'],
  content: `${say('Seen', 60)}/OC /Off BDC ${say('layer', 40)}EMC ${say('ink', 20, '3 Tr')}${say('cropped', 86)}`,
})

const SIDE = 40_000
const HUGE = () =>
  onePage({
    content: 'q 200 0 0 100 0 0 cm /X Do Q',
    page: `/Resources<<${FONT}/XObject<</X 5 0 R>>>>`,
    more: [greyImage(SIDE, SIDE)],
  })

export const DOCUMENT_FAULTS: Fault[] = [
  {
    row: 2,
    fault: 'A PDF of one huge image (40,000 × 40,000) blocks a media process until `TIMEOUT`.',
    before: '144 s, `TIMEOUT`',
    expected: '`TOO_MANY_PIXELS` in a few seconds',
    test: 'packages/media/test/document-huge.test.ts',
    async measure(bed) {
      const file = await bed.write('a.pdf', HUGE())
      const startedMs = performance.now()
      const code = await bed.codeOf(file, PDF, DOCUMENT)
      const sec = (performance.now() - startedMs) / 1000
      return { now: `${sec.toFixed(1)} s, \`${code}\``, isRight: code === 'TOO_MANY_PIXELS' && sec < 10 }
    },
  },
  {
    row: 5,
    fault: 'A filled PDF form looks empty, and its values are missing from the text.',
    before: 'text “Name”, an empty field',
    expected: 'text “Name Ada Byron”, and ink in the field',
    test: 'packages/media/test/document-form.test.ts',
    async measure(bed) {
      const { made, naive, text } = await drawn(bed, FILLED)
      const [bare, ink] = [await inkOf(naive.page), await inkOf(made.file('page'))]
      const now = `text “${text}”; ${ink} ‰ of the page is dark, by pdfium alone ${bare} ‰`
      return { now, isRight: text === 'Name Ada Byron' && ink > bare, sides: sides(naive.page, made) }
    },
  },
  {
    row: 6,
    fault: 'A page in Cyrillic whose font (Arial) is not embedded is blank.',
    before: '0 ‰ of the page is dark',
    expected: 'letters, or `FONTS_MISSING`',
    test: 'packages/media/test/document-fonts.test.ts',
    async measure(bed) {
      const { made, naive } = await drawn(bed, namedLetters('Arial', '/afii10017/afii10018/afii10019/afii10020'))
      const [bare, ink] = [await inkOf(naive.page), await inkOf(made.file('page'))]
      const told = made.warnings.map(({ code }) => code)
      const now = `${ink} ‰ of the page is dark, by pdfium alone ${bare} ‰${told.map(code => `, \`${code}\``).join('')}`
      return { now, isRight: ink > 10 || told.includes('FONTS_MISSING'), sides: sides(naive.page, made) }
    },
  },
  {
    row: 7,
    fault:
      'The public text of a PDF contains text that its images do not show: a layer that is off, invisible ink, words outside the crop box.',
    before: 'all of it',
    expected: 'text “Seen”',
    test: 'packages/media/test/document-hidden.test.ts',
    async measure(bed) {
      const { naive, text } = await drawn(bed, HIDDEN)
      return { now: `text “${text}”; by pdfium alone “${words(naive.text)}”`, isRight: text === 'Seen' }
    },
  },
]
