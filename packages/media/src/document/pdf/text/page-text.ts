import type { Pdf } from '../open-pdf.ts'
import { pageSize, withPage } from '../page.ts'
import { withAllocation } from '../with-allocation.ts'
import { type Character, wordsOf } from './characters.ts'
import { bitmapSize } from './page-bitmap.ts'
import { type VisibleCharacters, visibleCharacters } from './visible-characters.ts'

/**
 * Returns the text of a page as far as its image shows it, in reading order as far as the page tells; at most `maxCharacters`.
 * `index` is from 0. Letters without a font are noted in `pdf.missing`.
 * @throws MediaFault CORRUPT_FILE, RESOURCE_LIMIT
 */
export function pageText(pdf: Pdf, index: number, maxCharacters: number): string {
  const { api } = pdf
  const points = pageSize(pdf, index) ?? { width: 1, height: 1 }
  return withPage(pdf, index, page => {
    const text = api.FPDFText_LoadPage(page)
    if (text === 0) return ''
    const count = Math.min(maxCharacters, api.FPDFText_CountChars(text))
    const size = bitmapSize(points)
    const words = wordsOf(pdf, page, text, count, size)
    const { seen, missing } = words.length > 0 ? visibleCharacters(pdf, page, size, words.flat()) : NOTHING_SEEN
    pdf.missing.set(index, missing)
    const result = spansOf(words, seen, count).map(span => readText(pdf, text, span))
    api.FPDFText_ClosePage(text)
    return result.join('')
  })
}

const NOTHING_SEEN: VisibleCharacters = { seen: new Set(), missing: [] }

/** Characters of a page, from one to before another. */
type Span = readonly [from: number, to: number]

/** Returns the spans that are left without unseen words, each with what separates it from the next one. */
function spansOf(words: readonly Character[][], seen: ReadonlySet<Character>, count: number): Span[] {
  const kept: Span[] = []
  for (const [at, word] of words.entries()) {
    const inSight = word.filter(character => seen.has(character)).length
    if (inSight * 2 < word.length) continue
    const from = at === 0 ? 0 : (word[0]?.index ?? 0)
    const to = words[at + 1]?.[0]?.index ?? count
    const last = kept.at(-1)
    if (last?.[1] === from) kept.splice(-1, 1, [last[0], to])
    else kept.push([from, to])
  }
  return kept
}

/** A character beyond U+FFFF takes two units of UTF-16. */
const BYTES_PER_CHARACTER = 4

const readText = ({ api, memory }: Pdf, text: number, [from, to]: Span): string =>
  withAllocation(memory, (to - from + 1) * BYTES_PER_CHARACTER, pointer => {
    const units = api.FPDFText_GetText(text, from, to - from, pointer)
    return utf16(memory.HEAPU8.subarray(pointer, pointer + Math.max(0, units - 1) * 2))
  })

export const utf16 = (bytes: Uint8Array): string => new TextDecoder('utf-16le').decode(bytes)
