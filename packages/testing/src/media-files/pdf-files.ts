import { constants, deflateRawSync } from 'node:zlib'

const MIB = 1024 ** 2

/** The body of an object, or a stream: its dictionary's entries and its bytes. */
export type PdfObject = string | { dictionary: string; stream: Buffer | string }

interface PdfOptions {
  /** Bytes in front of everything. */
  before?: string
  /** Entries of the trailer besides Size and Root. */
  trailer?: string
}

/** Writes a PDF of these objects, numbered from 1; the first is the catalogue. */
export function pdf(objects: PdfObject[], { before = '', trailer = '' }: PdfOptions = {}): Buffer {
  const parts = [Buffer.from(`${before}%PDF-1.7\n%\xe2\xe3\xcf\xd3\n`, 'latin1')]
  const offsets: number[] = []
  const size = () => parts.reduce((sum, part) => sum + part.length, 0)
  for (const [index, object] of objects.entries()) {
    offsets.push(size())
    parts.push(Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), body(object), Buffer.from('\nendobj\n')]))
  }
  const entries = offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const count = objects.length + 1
  const end = `xref\n0 ${count}\n0000000000 65535 f \n${entries}trailer\n<</Size ${count}/Root 1 0 R${trailer}>>\nstartxref\n${size()}\n%%EOF\n`
  return Buffer.concat([...parts, Buffer.from(end)])
}

function body(object: PdfObject): Buffer {
  if (typeof object === 'string') return Buffer.from(object, 'latin1')
  const stream = Buffer.from(object.stream as string)
  const head = `<<${object.dictionary}/Length ${stream.length}>>\nstream\n`
  return Buffer.concat([Buffer.from(head), stream, Buffer.from('\nendstream')])
}

const FONT = '/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>'

interface PageOptions {
  content?: Buffer | string
  /** Entries of the content stream's dictionary, such as a filter. */
  filter?: string
  mediaBox?: string
  /** Entries of the page and of the catalogue. */
  page?: string
  catalog?: string
  more?: PdfObject[]
  trailer?: string
}

/** Writes a document of one page; objects of `more` are numbered from 5. */
export function onePage(options: PageOptions = {}): Buffer {
  const { content = '', filter = '', mediaBox = '0 0 200 100', page = '', catalog = '', more = [], trailer } = options
  return pdf(
    [
      `<</Type/Catalog/Pages 2 0 R${catalog}>>`,
      '<</Type/Pages/Kids[3 0 R]/Count 1>>',
      `<</Type/Page/Parent 2 0 R/MediaBox[${mediaBox}]${FONT}/Contents 4 0 R${page}>>`,
      { dictionary: filter, stream: content },
      ...more,
    ],
    trailer === undefined ? {} : { trailer },
  )
}

/** Writes a document of many empty pages. */
export function manyPages(count: number): Buffer {
  const kids = Array.from({ length: count }, (_, index) => `${index + 3} 0 R`)
  return pdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Count ${count}/Kids[${kids.join(' ')}]>>`,
    ...kids.map(() => '<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>'),
  ])
}

/** Makes an image of one bit a pixel: many megabytes of grey in some kilobytes. */
export function greyImage(width: number, height: number): PdfObject {
  const block = deflateRawSync(Buffer.alloc(MIB, 0x55), { level: 9, finishFlush: constants.Z_FULL_FLUSH })
  const blocks = Array.from({ length: Math.ceil((width * height) / 8 / MIB) }, () => block)
  return {
    dictionary: `/Type/XObject/Subtype/Image/Width ${width}/Height ${height}/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/FlateDecode`,
    stream: Buffer.concat([Buffer.from([0x78, 0x9c]), ...blocks]),
  }
}

/** Writes a page with letters of a font, given by its object and the codes of the letters in hexadecimal digits. */
export const letters = (font: string, codes: string): Buffer =>
  pdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>',
    { dictionary: '', stream: `BT /F1 36 Tf 10 40 Td <${codes}> Tj ET` },
    font,
  ])

/** Returns the descriptor of a font that a PDF does not embed. */
export const fontDescriptor = (name: string): string =>
  `/FontDescriptor<</Type/FontDescriptor/FontName/${name}/Flags 32/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 700/StemV 80>>`

/** Writes four letters of a font with this name, by the names of their glyphs, such as `/afii10017`. */
export const namedLetters = (name: string, glyphs: string): Buffer =>
  letters(
    `<</Type/Font/Subtype/TrueType/BaseFont/${name}/FirstChar 32/LastChar 255/Encoding<</Type/Encoding/Differences[200${glyphs}]>>${fontDescriptor(name)}>>`,
    'c8c9cacb',
  )
