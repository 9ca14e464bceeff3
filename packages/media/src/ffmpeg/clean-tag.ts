/** Characters of what a tag says. */
export const MAX_TAG_CHARS = 200

/** Returns the text of a tag as one line that can be shown: no control characters, whole characters, at most `MAX_TAG_CHARS`. */
export const cleanTag = (text: string): string =>
  text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_TAG_CHARS)
    .toWellFormed()
