import { overLimit } from '../../fault.ts'
import type { Size } from '../../plan/geometry.ts'
import type { Pdf } from './open-pdf.ts'
import { withAllocation } from './with-allocation.ts'

/** `FPDF_PAGEOBJ_IMAGE` and `FPDF_PAGEOBJ_FORM` of fpdf_edit.h. */
const IMAGE = 3
const FORM = 5

/**
 * Refuses a loaded page with an image that is too large to be decoded in time, by what the image's header says.
 * `index` is from 0.
 * @throws MediaFault TOO_MANY_PIXELS
 */
export function checkImages(pdf: Pdf, page: number, index: number): void {
  const [largest] = largeImages(pdf, page)
  if (!largest) return
  const { width, height } = largest.size
  const detail = `An image on page ${index + 1} has ${width} × ${height} pixels; at most ${pdf.maxPixels} are allowed`
  throw overLimit('maxPixels', 'TOO_MANY_PIXELS', detail)
}

/** Returns images of a page with more pixels than allowed; `object` is the renderer's handle. */
export function largeImages(pdf: Pdf, page: number): { object: number; size: Size }[] {
  const { api, maxPixels } = pdf
  const within = (count: number, objectAt: (at: number) => number): number[] =>
    Array.from({ length: count }, (_, at) => objectAt(at)).flatMap(object => {
      const type = api.FPDFPageObj_GetType(object)
      if (type === IMAGE) return [object]
      if (type !== FORM) return []
      return within(api.FPDFFormObj_CountObjects(object), at => api.FPDFFormObj_GetObject(object, at))
    })
  return within(api.FPDFPage_CountObjects(page), at => api.FPDFPage_GetObject(page, at))
    .map(object => ({ object, size: imageSize(pdf, object) }))
    .filter(({ size }) => size.width * size.height > maxPixels)
}

/** Two numbers of 32 bits. */
const SIZE_BYTES = 8

const imageSize = ({ api, memory }: Pdf, object: number): Size =>
  withAllocation(memory, SIZE_BYTES, pointer => {
    if (!api.FPDFImageObj_GetImagePixelSize(object, pointer, pointer + 4)) return { width: 0, height: 0 }
    const size = new DataView(memory.HEAPU8.buffer, pointer, SIZE_BYTES)
    return { width: size.getUint32(0, true), height: size.getUint32(4, true) }
  })
