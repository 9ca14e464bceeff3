const DECLARED = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([^"']+)["']/
const DECLARATION_CHARS = 500
const ALLOWED = /^(utf-?8|utf-?16(le|be)?|us-ascii|ascii)$/i

/**
 * The text of an XML file, null when it is in neither UTF-8 nor UTF-16: what only a parser can read, nobody can check.
 * A character that is cut off at the end does not matter.
 */
export function decodeXml(bytes: Uint8Array): string | null {
  const text = decode(bytes, encodingOf(bytes))
  // A zero is in no XML; it is what UTF-32 looks like.
  if (text === null || text.includes('\0')) return null
  const declared = DECLARED.exec(text.slice(0, DECLARATION_CHARS))?.[1]
  return declared === undefined || ALLOWED.test(declared) ? text : null
}

/** By the byte order mark, or by where the first `<` has its zero byte (XML 1.0, appendix F). */
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

/** Whether the head of a file begins an SVG drawing: only prolog, comments and a document type may stand before it. */
export function isSvg(head: Uint8Array): boolean {
  let rest = decodeXml(head)?.trimStart() ?? ''
  for (let before = 0; before !== rest.length; ) {
    before = rest.length
    const skipped = SKIPPED.find(([begin]) => rest.startsWith(begin))
    if (skipped) rest = after(rest, skipped[1](rest)).trimStart()
  }
  return SVG.test(rest)
}

/** What may stand before the root, and where it ends. */
const SKIPPED: readonly (readonly [begin: string, end: (rest: string) => string])[] = [
  ['<?', () => '?>'],
  ['<!--', () => '-->'],
  // With definitions of its own, which the decoder refuses: here it only has to be seen what the file is.
  ['<!DOCTYPE svg', rest => (after(rest, '[').length > after(rest, '>').length ? ']>' : '>')],
]
const SVG = /^<(?:[\w-]{1,40}:)?svg[\s/>]/

function after(text: string, end: string): string {
  const at = text.indexOf(end)
  return at === -1 ? '' : text.slice(at + end.length)
}
