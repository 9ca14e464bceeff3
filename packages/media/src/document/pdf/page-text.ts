import type { Pdf } from './open-pdf.ts'
import { withPage } from './page.ts'
import { withBlock } from './with-block.ts'

/** A character beyond U+FFFF takes two units of UTF-16. */
const BYTES_PER_CHARACTER = 4

/**
 * The text of a page in reading order as far as the page tells, at most `maxCharacters`. `index` is from 0.
 * @throws MediaFault CORRUPT_FILE, RESOURCE_LIMIT
 */
export function pageText(pdf: Pdf, index: number, maxCharacters: number): string {
  const { api } = pdf
  return withPage(pdf, index, page => {
    const text = api.FPDFText_LoadPage(page)
    if (text === 0) return ''
    const count = Math.min(maxCharacters, api.FPDFText_CountChars(text))
    const result = count > 0 ? readText(pdf, text, count) : ''
    api.FPDFText_ClosePage(text)
    return result
  })
}

const readText = ({ api, memory }: Pdf, text: number, count: number): string =>
  withBlock(memory, (count + 1) * BYTES_PER_CHARACTER, pointer => {
    const units = api.FPDFText_GetText(text, 0, count, pointer)
    return utf16(memory.HEAPU8.subarray(pointer, pointer + Math.max(0, units - 1) * 2))
  })

export const utf16 = (bytes: Uint8Array): string => new TextDecoder('utf-16le').decode(bytes)
