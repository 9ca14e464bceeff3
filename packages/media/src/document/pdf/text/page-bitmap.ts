import { MediaFault } from '../../../fault.ts'
import type { Size } from '../../../plan/geometry.ts'
import type { Pdf } from '../open-pdf.ts'
import { withAllocation } from '../with-allocation.ts'

/** Left, top, right and bottom, in pixels of a bitmap: right and bottom are outside. */
export type Box = readonly [left: number, top: number, right: number, bottom: number]

/** A small bitmap of a page in which it is looked up whether something can be seen. */
export interface PageBitmap {
  pixels: Uint8Array
  size: Size
}

/** Pixels of A4 at 72 dpi; smaller pages are enlarged to it, for small print on a card is print. */
const LEAST_PIXELS = 500_000
const MAX_PIXELS = 4_000_000
const MAX_SIDE = 16_384
const CHANNELS = 4
const WITH_ALPHA = 4
const PAPER = 0xffffffff
const NOTHING = 0

/** Returns the size of a bitmap, from the page's in points. */
export function bitmapSize({ width, height }: Size): Size {
  const area = width * height
  const fit = Math.min(Math.max(1, Math.sqrt(LEAST_PIXELS / area)), Math.sqrt(MAX_PIXELS / area))
  const scale = Math.min(fit, MAX_SIDE / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/**
 * Renders what is active on a loaded page, on paper or on nothing.
 * @throws MediaFault RESOURCE_LIMIT
 */
export function renderBitmap({ api, memory }: Pdf, page: number, size: Size, ground: 'paper' | 'nothing'): PageBitmap {
  const { width, height } = size
  const stride = width * CHANNELS
  return withAllocation(memory, stride * height, pointer => {
    const bitmap = api.FPDFBitmap_CreateEx(width, height, WITH_ALPHA, pointer, stride)
    if (bitmap === 0) throw new MediaFault('RESOURCE_LIMIT', `Not enough memory for ${width} × ${height} pixels`)
    api.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, ground === 'paper' ? PAPER : NOTHING)
    api.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, 0)
    api.FPDFBitmap_Destroy(bitmap)
    return { pixels: memory.HEAPU8.slice(pointer, pointer + stride * height), size }
  })
}

/** Returns whether anything is painted there, of a bitmap on nothing. */
export const hasInk = (bitmap: PageBitmap, box: Box): boolean =>
  someAt(bitmap, box, at => (bitmap.pixels[at + 3] ?? 0) > 0)

/** Less than that nobody sees. */
const SEEN_DIFFERENCE = 12

/** Returns whether two bitmaps of one size differ there. */
export const differ = (a: PageBitmap, b: PageBitmap, box: Box): boolean =>
  someAt(a, box, at =>
    [0, 1, 2].some(
      channel => Math.abs((a.pixels[at + channel] ?? 0) - (b.pixels[at + channel] ?? 0)) > SEEN_DIFFERENCE,
    ),
  )

/** More than the noise of a scanner. */
const SEEN_CONTRAST = 32
const GREEN = 1

/** Returns whether there is a figure on a ground of another brightness. */
export function hasContrast(bitmap: PageBitmap, box: Box): boolean {
  let [darkest, brightest] = [255, 0]
  return someAt(bitmap, box, at => {
    const value = bitmap.pixels[at + GREEN] ?? 0
    darkest = Math.min(darkest, value)
    brightest = Math.max(brightest, value)
    return brightest - darkest > SEEN_CONTRAST
  })
}

/** Tells whether `test` holds for a pixel in a box; it gets the offset of the pixel's first byte. */
function someAt({ size }: PageBitmap, [left, top, right, bottom]: Box, test: (at: number) => boolean): boolean {
  const [fromX, toX] = [Math.max(0, left), Math.min(size.width, right)]
  for (let y = Math.max(0, top); y < Math.min(size.height, bottom); y++) {
    for (let x = fromX; x < toX; x++) if (test((y * size.width + x) * CHANNELS)) return true
  }
  return false
}
