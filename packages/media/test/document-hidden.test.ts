import { onePage } from '@darkroom/testing/media-files'
import { describe, expect, it } from 'vitest'
import { pageText } from '../src/document/pdf/text/page-text.ts'
import { inPdf } from './document-bed.ts'

const FONT = '/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>'
const say = (text: string, x = 10, y = 10, before = '') => `BT ${before} /F1 24 Tf ${x} ${y} Td (${text}) Tj ET `
const SEEN = say('Seen', 10, 60)
const LAYERS = '/OCProperties<</OCGs[5 0 R 6 0 R]/D<</OFF[5 0 R]/Order[5 0 R 6 0 R]>>>>'
const layered = (content: string, more: NonNullable<Parameters<typeof onePage>[0]>['more'] = []) =>
  onePage({
    catalog: LAYERS,
    page: `/Resources<<${FONT}/Properties<</Off 5 0 R/On 6 0 R/Either 7 0 R>>/XObject<</X 7 0 R>>>>`,
    more: ['<</Type/OCG/Name(German)>>', '<</Type/OCG/Name(English)>>', ...more],
    content,
  })
const formOf = (layer: string, text: string) => ({
  dictionary: `/Type/XObject/Subtype/Form${layer}/BBox[0 0 200 100]/Resources<<${FONT}>>`,
  stream: say(text),
})
/** 40 by 20 pixels over the lower part of the page: dark strokes on white on the left, nothing on the right. */
const SCAN = {
  dictionary: '/Type/XObject/Subtype/Image/Width 40/Height 20/BitsPerComponent 8/ColorSpace/DeviceGray',
  stream: Buffer.from(Array.from({ length: 800 }, (_, at) => (at % 40 < 20 && at % 3 === 0 ? 0 : 255))),
}
const scanned = (content: string) =>
  onePage({
    content: `q 200 0 0 50 0 0 cm /X Do Q ${content}`,
    page: `/Resources<<${FONT}/XObject<</X 5 0 R>>>>`,
    more: [SCAN],
  })

const CASES: [what: string, make: () => Buffer, text: string][] = [
  ['a layer that is off', () => layered(`${SEEN}/OC /Off BDC ${say('Gone')}EMC`), 'Seen'],
  ['a layer that is on', () => layered(`${SEEN}/OC /On BDC ${say('Here')}EMC`), 'Seen\r\nHere'],
  [
    'layers of two languages in one place',
    () => layered(`/OC /Off BDC ${say('Hallo')}EMC /OC /On BDC ${say('Hello', 10, 12)}EMC`),
    'Hello',
  ],
  [
    'a layer that depends on another',
    () => layered(`${SEEN}/OC /Either BDC ${say('Gone')}EMC`, ['<</Type/OCMD/OCGs[5 0 R]/P/AllOn>>']),
    'Seen',
  ],
  ['a form of a layer that is off', () => layered(`${SEEN}/X Do`, [formOf('/OC 5 0 R', 'Gone')]), 'Seen'],
  ['a form of a layer that is on', () => layered(`${SEEN}/X Do`, [formOf('/OC 6 0 R', 'Here')]), 'Seen\r\nHere'],
  [
    'words outside of the crop box',
    () => onePage({ content: `${SEEN}${say('Gone')}`, page: '/CropBox[0 50 200 100]' }),
    'Seen',
  ],
  [
    'words of which the crop box leaves half',
    () => onePage({ content: say('Seen Halfway', 10, 60), page: '/CropBox[0 50 70 100]' }),
    'Seen',
  ],
  [
    'words on a page that is turned',
    () => onePage({ content: `${SEEN}${say('Gone')}`, page: '/Rotate 90/CropBox[0 50 200 100]' }),
    'Seen',
  ],
  ['words outside of a clip', () => onePage({ content: `${SEEN} q 0 0 5 5 re W n ${say('Gone')} Q` }), 'Seen'],
  ['invisible ink', () => onePage({ content: `${SEEN}${say('Gone', 10, 10, '3 Tr')}` }), 'Seen'],
  ['invisible ink over other words', () => onePage({ content: `${SEEN}${say('Gone', 10, 61, '3 Tr')}` }), 'Seen'],
  [
    'ink without a colour',
    () =>
      onePage({
        content: `${SEEN}/Clear gs ${say('Gone')}`,
        page: `/Resources<<${FONT}/ExtGState<</Clear<</ca 0/CA 0>>>>>>`,
      }),
    'Seen',
  ],
  ['white on white', () => onePage({ content: `${SEEN}1 g ${say('Gone')}` }), 'Seen'],
  ['white on black', () => onePage({ content: `0 g 0 0 200 100 re f 1 g ${SEEN}` }), 'Seen'],
  ['words under a bar', () => onePage({ content: `${SEEN}${say('Gone')}0 g 5 5 150 30 re f` }), 'Seen'],
  ['words over a rule', () => onePage({ content: `${SEEN}${say('Here')}0 g 10 5 150 1 re f` }), 'Seen\r\nHere'],
  ['what a program read in a scan', () => scanned(say('Read', 10, 10, '3 Tr')), 'Read'],
  ['what a program did not see there', () => scanned(`${SEEN}${say('Gone', 120, 10, '3 Tr')}`), 'Seen'],
  [
    'what a program read under a bar',
    () => scanned(`${SEEN}0 g 5 5 90 30 re f ${say('Gone', 10, 10, '3 Tr')}`),
    'Seen',
  ],
  [
    'small print',
    () => onePage({ content: 'BT /F1 2 Tf 10 10 Td (Small print, i.e. the end.) Tj ET' }),
    'Small print, i.e. the end.',
  ],
]

describe('the text of a PDF is what its image shows', () => {
  it.each(CASES)('of %s', async (_what, make, expected) => {
    const text = await inPdf(make(), pdf => pageText(pdf, 0, 1000))
    expect(text.trim()).toBe(expected)
  })
})
