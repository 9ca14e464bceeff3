const MIN_BYTES = 4
/** Control characters, but for those that texts have: tab, line ends, form feed. */
const BINARY = /[^\P{Cc}\t\n\v\f\r]/u

/** Whether the first bytes of a file are plain UTF-8 text; a character cut off at the end does not matter. */
export function isText(head: Uint8Array): boolean {
  if (head.length < MIN_BYTES) return false
  try {
    return !BINARY.test(new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true }))
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}
