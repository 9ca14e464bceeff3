const ESCAPE = /\\(?:([\da-f]{1,6})\s?|(.))/gis
const COMMENT = /\/\*.*?(?:\*\/|$)/gs
/** What follows is only looked at, so that no text hides another URL in it. */
const URL_FUNCTION = /url\((?=\s*(?:"([^"]*)"|'([^']*)'|([^"'()\s]*)))/gi

/** Returns a value of CSS with its comments left out and its escapes resolved (CSS Syntax 4.3.7), so that `u\72l(` is seen as `url(`. */
export const unescapeCss = (value: string): string => resolveEscapes(value.replace(COMMENT, ''))

export const resolveEscapes = (value: string): string =>
  value.replace(ESCAPE, (_, hex: string | undefined, character: string) => (hex ? codePoint(hex) : character))

function codePoint(hex: string): string {
  const value = Number.parseInt(hex, 16)
  return value > 0 && value <= 0x10ffff ? String.fromCodePoint(value) : '\uFFFD'
}

/** Returns every URL that CSS names, when its escapes are resolved, and where; also those in comments: they may be in a string. */
export const urlMatches = (text: string): { url: string; index: number }[] =>
  [...text.matchAll(URL_FUNCTION)].map(({ 1: double, 2: single, 3: bare, index }) => ({
    url: double ?? single ?? bare ?? '',
    index,
  }))
