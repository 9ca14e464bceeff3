/** Control characters, and those that reverse the direction of a line. */
const UNSAFE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

/** Replaces control characters in names that others chose, so that none moves the cursor or overwrites another line. */
export const printable = (text: string): string => text.replace(UNSAFE, '\u{fffd}')

/** How `styleText` begins and ends bold text: the only codes of ours, and they do no harm in the text of others. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
const BOLD = /(\u001b\[(?:1|22)m)/

/** Makes a text of several lines safe to print, and keeps its headings bold. */
export const printableLines = (text: string): string =>
  text
    .split('\n')
    .map(line =>
      line
        .split(BOLD)
        .map((part, index) => (index % 2 === 1 ? part : printable(part)))
        .join(''),
    )
    .join('\n')

/** Formats a value as JSON without any control character: JSON itself escapes only some, and a terminal obeys the others. */
export const toJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
