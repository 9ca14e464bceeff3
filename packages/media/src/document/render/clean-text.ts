/** Control characters but for tab, line end and form feed, and what Unicode never assigns. */
const NO_TEXT = /[^\P{Cc}\t\n\f]|\p{Noncharacter_Code_Point}/gu
/** How the renderer marks a hyphen at the end of a line. */
const LINE_HYPHENS = ['\u0002', '\ufffe']

/** Returns text as anybody can read it: whole characters, lines that end with a line feed. */
export const cleanText = (text: string): string =>
  LINE_HYPHENS.reduce((done, mark) => done.replaceAll(mark, '-'), text.toWellFormed())
    .replace(/\r\n?/g, '\n')
    .replace(NO_TEXT, '')

/** Returns the text as UTF-8, cut off between two characters where it has more bytes than that. */
export function cutText(text: string, maxBytes: number): Buffer {
  const bytes = Buffer.from(text)
  if (bytes.length <= maxBytes) return bytes
  return Buffer.from(new TextDecoder().decode(bytes.subarray(0, maxBytes), { stream: true }))
}
