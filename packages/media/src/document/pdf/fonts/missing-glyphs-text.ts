/** Scripts whose fonts are often not embedded, as they are named to owners. */
const SCRIPTS = {
  Chinese: /\p{Script=Han}/u,
  Japanese: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
  Korean: /\p{Script=Hangul}/u,
  Cyrillic: /\p{Script=Cyrillic}/u,
  Arabic: /\p{Script=Arabic}/u,
  Hebrew: /\p{Script=Hebrew}/u,
  Greek: /\p{Script=Greek}/u,
  Thai: /\p{Script=Thai}/u,
  Devanagari: /\p{Script=Devanagari}/u,
  Latin: /\p{Script=Latin}/u,
} as const

/** Returns what an owner is told of letters without a font, such as `4 letters are not shown (Thai)`; `codes` are of Unicode. */
export function missingGlyphsText(codes: readonly number[]): string {
  const letters = codes.map(code => (code <= 0x10ffff ? String.fromCodePoint(code) : ''))
  const found = Object.entries(SCRIPTS).filter(([, pattern]) => letters.some(letter => pattern.test(letter)))
  const scripts = found.length > 0 ? ` (${found.map(([name]) => name).join(', ')})` : ''
  return `${codes.length === 1 ? 'One letter is' : `${codes.length} letters are`} not shown${scripts}.`
}
