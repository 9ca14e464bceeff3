import { type Size, scaled } from '../plan/geometry.ts'

const POINTS_PER_INCH = 72
/** A page has no pixels of its own; nothing is made larger than a good print of it. */
const PRINT_DPI = 300
/** 75 MB while it is rendered: A3 at 300 dpi fits, a page of 200 inches comes out coarser. */
const MAX_PIXELS = 25_000_000
const MAX_SIDE = 16_384

/** Returns the largest image that is ever made of a page whose size is in points. */
export function printSize(page: Size): Size {
  const dpi = PRINT_DPI / POINTS_PER_INCH
  const bySide = MAX_SIDE / Math.max(page.width, page.height)
  const byArea = Math.sqrt(MAX_PIXELS / (page.width * page.height))
  return scaled(page, Math.min(dpi, bySide, byArea))
}
