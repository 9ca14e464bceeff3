import { MediaFault } from '../../../fault.ts'
import { MAX_TEXT_BYTES } from '../../planned.ts'
import type { Pdf } from '../open-pdf.ts'
import { withPage } from '../page.ts'
import { objectsOf } from './page-objects.ts'
import { pageText } from './page-text.ts'

/**
 * Finds codes of the letters of a page that should be seen and have no shape; `index` is from 0. Reading the text as it is seen takes a few
 * images of the page, so it is only done where a font lacks a letter; none where the page cannot be read.
 */
export function findMissingGlyphs(pdf: Pdf, index: number): readonly number[] {
  try {
    if (!pdf.missing.has(index) && lacksGlyphs(pdf, index)) pageText(pdf, index, MAX_TEXT_BYTES)
  } catch (error) {
    if (!(error instanceof MediaFault)) throw error
  }
  return pdf.missing.get(index) ?? []
}

const ANY_SIZE = 10

/** Fonts that are in the file have their letters. */
function lacksGlyphs(pdf: Pdf, index: number): boolean {
  const { api } = pdf
  return withPage(pdf, index, page => {
    const fontOf = (object: number) => api.FPDFTextObj_GetFont(object)
    const isForeign = (object: number) => api.FPDFFont_GetIsEmbedded(fontOf(object)) === 0
    const foreign = new Map(
      objectsOf(pdf, page)
        .groups.flat()
        .filter(isForeign)
        .map(object => [object, fontOf(object)]),
    )
    if (foreign.size === 0) return false
    const text = api.FPDFText_LoadPage(page)
    if (text === 0) return false
    const known = new Set<string>()
    const isMissing = (at: number): boolean => {
      const font = foreign.get(api.FPDFText_GetTextObject(text, at))
      const code = api.FPDFText_GetUnicode(text, at)
      const key = `${font} ${code}`
      if (font === undefined || code <= SPACE || known.has(key)) return false
      known.add(key)
      return api.FPDFFont_GetGlyphPath(font, code, ANY_SIZE) === 0
    }
    const count = Math.min(MAX_TEXT_BYTES, api.FPDFText_CountChars(text))
    let at = 0
    while (at < count && !isMissing(at)) at++
    api.FPDFText_ClosePage(text)
    return at < count
  })
}

const SPACE = 0x20
