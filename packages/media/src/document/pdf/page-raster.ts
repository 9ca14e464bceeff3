import { MediaFault } from '../../fault.ts'
import type { Raster } from '../../image/raster.ts'
import type { Size } from '../../plan/geometry.ts'
import type { Pdf } from './open-pdf.ts'
import { withPage } from './page.ts'
import { checkImages } from './page-images.ts'
import { withAllocation } from './with-allocation.ts'

/** `FPDFBitmap_BGR` and flags of fpdfview.h: with annotations, red first, and a cache of decoded images that is bounded. */
const THREE_CHANNELS = 2
const FLAGS = 0x01 | 0x10 | 0x200
const WHITE = 0xffffffff
const CHANNELS = 3

/**
 * Renders a page in exactly this size, on white. `index` is from 0.
 * @throws MediaFault CORRUPT_FILE, RESOURCE_LIMIT, TOO_MANY_PIXELS
 */
export function renderPage(pdf: Pdf, index: number, { width, height }: Size): Raster {
  const { api, memory } = pdf
  const stride = width * CHANNELS
  return withPage(pdf, index, page => {
    checkImages(pdf, page, index)
    return withAllocation(memory, stride * height, pixels => {
      const bitmap = api.FPDFBitmap_CreateEx(width, height, THREE_CHANNELS, pixels, stride)
      if (bitmap === 0) throw new MediaFault('RESOURCE_LIMIT', `Not enough memory for ${width} × ${height} pixels`)
      api.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE)
      api.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, FLAGS)
      api.FPDFBitmap_Destroy(bitmap)
      const data = Buffer.from(memory.HEAPU8.subarray(pixels, pixels + stride * height))
      return { data, width, height, channels: CHANNELS }
    })
  })
}
