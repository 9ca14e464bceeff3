import type { Pdf } from '../open-pdf.ts'
import { withAllocation } from '../with-allocation.ts'

/** How words are painted. */
export interface Paint {
  /** Without ink, or as the edge of something else: for whoever searches, not for whoever looks. */
  isInvisible: boolean
  /** In a colour that paper can have. */
  isLight: boolean
  /** Whether the font has no shape for a character, and none can be found elsewhere. */
  lacks(code: number): boolean
}

/** `FPDF_TEXTRENDERMODE_INVISIBLE` and `FPDF_TEXTRENDERMODE_CLIP` of fpdf_edit.h. */
const WITHOUT_INK: ReadonlySet<number> = new Set([3, 7])
const LIGHT = 200
const ANY_SIZE = 10

export function paintOf(pdf: Pdf, object: number): Paint {
  const { api } = pdf
  return {
    isInvisible: WITHOUT_INK.has(api.FPDFTextObj_GetTextRenderMode(object)),
    isLight: isLight(pdf, object),
    lacks: code => api.FPDFFont_GetGlyphPath(api.FPDFTextObj_GetFont(object), code, ANY_SIZE) === 0,
  }
}

const isLight = ({ api, memory }: Pdf, object: number): boolean =>
  withAllocation(memory, 4 * 4, pointer => {
    if (!api.FPDFPageObj_GetFillColor(object, pointer, pointer + 4, pointer + 8, pointer + 12)) return true
    const color = new DataView(memory.HEAPU8.buffer, pointer, 12)
    return [0, 4, 8].every(at => color.getUint32(at, true) >= LIGHT)
  })
