const ESCAPE = /\\(?:([\da-f]{1,6})\s?|(.))/gis
const COMMENT = /\/\*.*?(?:\*\/|$)/gs
const URL_FUNCTION = /url\(\s*(?:"([^"]*)"|'([^']*)'|([^"'()\s]*))/gi

/** Returns a value of CSS with its comments left out and its escapes resolved (CSS Syntax 4.3.7), so that `u\72l(` is seen as `url(`. */
export const unescapeCss = (value: string): string =>
  value
    .replace(COMMENT, '')
    .replace(ESCAPE, (_, hex: string | undefined, character: string) => (hex ? codePoint(hex) : character))

function codePoint(hex: string): string {
  const value = Number.parseInt(hex, 16)
  return value > 0 && value <= 0x10ffff ? String.fromCodePoint(value) : '\uFFFD'
}

/** Returns every URL that a value of CSS names. */
export function cssUrls(value: string): string[] {
  // Nearly none names any, and there are many.
  if (!/url|\\/i.test(value)) return []
  return [...unescapeCss(value).matchAll(URL_FUNCTION)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  )
}
