import { describe, expect, it } from 'vitest'
import { decodeXml, isSvg } from './xml-text.ts'

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()
const utf32 = (text: string) => Buffer.from(Uint32Array.from(text, character => character.charCodeAt(0)).buffer)

describe('the text of an XML file', () => {
  it.each([
    ['UTF-8', Buffer.from('<a>ä</a>'), '<a>ä</a>'],
    ['UTF-8 with a mark', Buffer.from('\uFEFF<a/>'), '<a/>'],
    ['UTF-16 with a mark', Buffer.from('\uFEFF<a>ä</a>', 'utf16le'), '<a>ä</a>'],
    ['UTF-16 without one', Buffer.from('<a>ä</a>', 'utf16le'), '<a>ä</a>'],
    ['UTF-16, the other way round', utf16be('\uFEFF<a/>'), '<a/>'],
    ['a character that is cut off', Buffer.from('<a>ä').subarray(0, 4), '<a>'],
    [
      'a declared encoding',
      Buffer.from('<?xml version="1.0" encoding="utf-8"?><a/>'),
      '<?xml version="1.0" encoding="utf-8"?><a/>',
    ],
    ['UTF-32', utf32('<a/>'), null],
    ['Latin-1', Buffer.from([0x3c, 0xe4, 0x61, 0x2f, 0x3e]), null],
    ['a zero', Buffer.from('<a>\0</a>'), null],
  ])('is read: %s', (_title, bytes, expected) => {
    expect(decodeXml(bytes)).toBe(expected)
  })
})

describe('an SVG', () => {
  it.each([
    ['bare', '<svg>', true],
    ['with attributes', '<svg\n  width="1">', true],
    ['with a prefix', '<svg:svg xmlns:svg="">', true],
    ['after a prolog', '\n<?xml version="1.0"?>\n<!-- a --><!-- b -->\n<?xml-stylesheet?>\n<svg>', true],
    ['after a document type', '<!DOCTYPE svg PUBLIC "a" "b"> <svg>', true],
    ['after definitions', '<!DOCTYPE svg PUBLIC "a" "b" [ <!ENTITY a "b>"> ]><svg>', true],
    ['with a mark', '\uFEFF<svg>', true],
    ['HTML', '<!DOCTYPE html><svg>', false],
    ['in UTF-7', '<?xml version="1.0" encoding="UTF-7"?><svg>', false],
    ['in UTF-7, said late', `<?xml version="1.0" ${' '.repeat(600)}encoding="UTF-7"?><svg>`, false],
    ['text before it', 'a <svg>', false],
    ['another element', '<svgz>', false],
    ['only mentioned', '<!-- <svg> -->', false],
    ['nothing', '', false],
  ])('is recognized: %s', (_title, text, expected) => {
    expect(isSvg(Buffer.from(text))).toBe(expected)
  })

  it('is recognized in UTF-16', () => {
    expect(isSvg(Buffer.from('\uFEFF<svg>', 'utf16le'))).toBe(true)
  })
})
