/** Control characters, but for those that texts have: tab, line ends, form feed. */
const BINARY = /[^\P{Cc}\t\n\v\f\r]/u
const SPACES: ReadonlySet<number> = new Set(Buffer.from('\t\n\v\f\r'))

/**
 * Returns whether the first bytes of a file are plain text: UTF-8, UTF-16 with its mark, or a code page of one byte a character, as
 * older programs of Windows write. A character that is cut off at the end does not matter.
 */
export function isText(head: Uint8Array): boolean {
  const text = decodeStrictly(head)
  if (text !== null) return text.length > 0 && !BINARY.test(text)
  return !isMarkedUtf16(head) && head.every(byte => (byte >= 0x20 && byte !== 0x7f) || SPACES.has(byte))
}

/** Returns the same text as a string. Which code page it was nobody can tell; most are that of Western Europe. */
export function decodeText(bytes: Uint8Array): string {
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes)
  const broken = text.match(/\ufffd/g)?.length ?? 0
  if (broken === 0 || isMarkedUtf16(bytes)) return text
  // A few damaged characters among many whole ones are no other encoding.
  const whole = text.match(/[^\0-\x7f\ufffd]/g)?.length ?? 0
  return broken > whole ? new TextDecoder('windows-1252').decode(bytes) : text
}

const encodingOf = (bytes: Uint8Array): string =>
  isMarkedUtf16(bytes) ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8'

const isMarkedUtf16 = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)

/** Decodes a text strictly; null when it is in no Unicode encoding. */
function decodeStrictly(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes, { stream: true })
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}
