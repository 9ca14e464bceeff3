import { SaxesParser } from 'saxes'

const ALLOWED = /^(utf-?8|utf-?16(le|be)?|us-ascii|ascii)$/i

/** Returns whether XML may be declared to be in an encoding: what only a parser can read, nobody can check. */
export const isAllowedEncoding = (declared: string | undefined): boolean =>
  declared === undefined || ALLOWED.test(declared)

/**
 * Decodes the text of an XML file, null when it is in neither UTF-8 nor UTF-16; another encoding may still be declared in it.
 * A character that is cut off at the end does not matter.
 */
export function decodeXml(bytes: Uint8Array): string | null {
  const text = decode(bytes, encodingOf(bytes))
  // A zero is in no XML; it is what UTF-32 looks like.
  return text === null || text.includes('\0') ? null : text
}

/** Returns whether a parser of XML could begin to read it, in whatever encoding: images, which are in none, cannot pass for it. */
export function beginsLikeXml(bytes: Uint8Array): boolean {
  const first = bytes.find(byte => !BEFORE_MARKUP.has(byte))
  return first === 0x3c || MARKS.some(mark => mark.every((byte, at) => bytes[at] === byte))
}

/** White space, and the other half of a character of UTF-16. */
const BEFORE_MARKUP: ReadonlySet<number> = new Set([0, 0x09, 0x0a, 0x0d, 0x20])
/** Byte order marks of UTF-16 and UTF-8, and `<?xm` in EBCDIC. */
const MARKS: readonly (readonly number[])[] = [
  [0xff, 0xfe],
  [0xfe, 0xff],
  [0xef, 0xbb, 0xbf],
  [0x4c, 0x6f, 0xa7, 0x94],
]

/** Detects the encoding by the byte order mark, or by the zero byte beside the first `<` (XML 1.0, appendix F). */
function encodingOf([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le'
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be'
  return 'utf-8'
}

function decode(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true })
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

/** Returns whether the head of a file begins an SVG: only prolog, comments and a document type of its name may stand before the root. */
export function isSvg(head: Uint8Array): boolean {
  const text = decodeXml(head)?.trimStart()
  if (text === undefined) return false
  const parser = new SaxesParser()
  let isOther = false
  let root: string | null = null
  parser.on('xmldecl', ({ encoding }) => {
    isOther = !isAllowedEncoding(encoding)
  })
  parser.on('doctype', declaration => {
    // With definitions of its own, which the decoder refuses: here it only has to be seen what the file is.
    isOther ||= !/^\s*svg\b/.test(declaration)
  })
  parser.on('opentagstart', ({ name }) => {
    root ??= name
  })
  parser.on('error', () => {
    if (root === null) isOther = true
  })
  parser.write(text)
  return root !== null && !isOther && localName(root) === 'svg'
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)
