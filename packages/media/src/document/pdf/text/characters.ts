import type { Size } from '../../../plan/geometry.ts'
import type { Pdf } from '../open-pdf.ts'
import { withAllocation } from '../with-allocation.ts'
import type { Box } from './page-bitmap.ts'

/** A character of a page's text. */
export interface Character {
  /** Among the characters of the page. */
  index: number
  code: number
  /** Handle of what paints it. */
  object: number
  box: Box
}

/** Returns words of a page: characters between two spaces. Characters that the renderer adds to separate them belong to none. */
export function wordsOf(pdf: Pdf, page: number, text: number, count: number, size: Size): Character[][] {
  const { api, memory } = pdf
  const words: Character[][] = []
  let word: Character[] = []
  const toView = projection(pdf, page, size)
  withAllocation(memory, 4 * 8, pointer => {
    for (let index = 0; index < count; index++) {
      const code = api.FPDFText_GetUnicode(text, index)
      const object = isSpace(code) ? 0 : api.FPDFText_GetTextObject(text, index)
      if (object !== 0) word.push({ index, code, object, box: toView(boxAt(pdf, text, index, pointer)) })
      else if (word.length > 0) {
        words.push(word)
        word = []
      }
    }
  })
  return word.length > 0 ? [...words, word] : words
}

const isSpace = (code: number): boolean => code <= 0x20 || code === 0xa0 || code === 0x3000

interface Bounds {
  left: number
  right: number
  bottom: number
  top: number
}

/**
 * Returns the box of a character in points of the page: around the ink, or, where the font does not tell, around its
 * position.
 */
function boxAt({ api, memory }: Pdf, text: number, index: number, pointer: number): Bounds {
  if (!api.FPDFText_GetCharBox(text, index, pointer, pointer + 8, pointer + 16, pointer + 24)) return NOWHERE
  const view = new DataView(memory.HEAPU8.buffer, pointer, 32)
  const [left, right, bottom, top] = [0, 8, 16, 24].map(at => view.getFloat64(at, true)) as [
    number,
    number,
    number,
    number,
  ]
  if (right > left && top > bottom) return { left, right, bottom, top }
  if (!api.FPDFText_GetLooseCharBox(text, index, pointer)) return NOWHERE
  // `FS_RECTF`: left, top, right, bottom.
  const loose = new DataView(memory.HEAPU8.buffer, pointer, 16)
  const [l, t, r, b] = [0, 4, 8, 12].map(at => loose.getFloat32(at, true)) as [number, number, number, number]
  return { left: l, right: r, bottom: b, top: t }
}

const NOWHERE: Bounds = { left: 0, right: 0, bottom: 0, top: 0 }

/** The renderer answers in whole pixels, so it is asked for a bitmap as large as this. */
const FINE = 1_000_000

/** Returns the conversion from points of a page to pixels of its bitmap, for any rotation of the page. */
function projection({ api, memory }: Pdf, page: number, { width, height }: Size): (bounds: Bounds) => Box {
  const at = (x: number, y: number): [number, number] =>
    withAllocation(memory, 8, pointer => {
      api.FPDF_PageToDevice(page, 0, 0, FINE, FINE, 0, x, y, pointer, pointer + 4)
      const view = new DataView(memory.HEAPU8.buffer, pointer, 8)
      return [(view.getInt32(0, true) / FINE) * width, (view.getInt32(4, true) / FINE) * height]
    })
  const unit = 100
  const [origin, right, up] = [at(0, 0), at(unit, 0), at(0, unit)]
  const along = (axis: 0 | 1) => (x: number, y: number) =>
    origin[axis] + ((right[axis] - origin[axis]) * x + (up[axis] - origin[axis]) * y) / unit
  const [toX, toY] = [along(0), along(1)]
  return bounds => {
    const xs = [toX(bounds.left, bounds.bottom), toX(bounds.right, bounds.top)]
    const ys = [toY(bounds.left, bounds.bottom), toY(bounds.right, bounds.top)]
    return [
      Math.floor(Math.min(...xs)),
      Math.floor(Math.min(...ys)),
      Math.ceil(Math.max(...xs)),
      Math.ceil(Math.max(...ys)),
    ]
  }
}
