import { MediaFault } from '../../fault.ts'
import type { Size } from '../../plan/geometry.ts'
import { flatten } from './flatten.ts'
import type { Pdf } from './open-pdf.ts'
import { withAllocation } from './with-allocation.ts'

/** `FS_SIZEF`: two floats. */
const SIZE_BYTES = 8
/** Acrobat's own limit is 14,400 points; a file may say anything. */
const MAX_POINTS = 1_000_000

/** Returns the size of a page in points, upright; null when there is no such page, whatever the document claims. `index` is from 0. */
export function pageSize({ api, memory, document, run }: Pdf, index: number): Size | null {
  return run(() =>
    withAllocation(memory, SIZE_BYTES, pointer => {
      if (!api.FPDF_GetPageSizeByIndexF(document, index, pointer)) return null
      const size = new DataView(memory.HEAPU8.buffer, pointer, SIZE_BYTES)
      return { width: points(size.getFloat32(0, true)), height: points(size.getFloat32(4, true)) }
    }),
  )
}

const points = (value: number): number => (value > 0 ? Math.min(MAX_POINTS, Math.max(1, value)) : 1)

/**
 * Reads a page for the time of `use`, with what is filled into its form.
 * @throws MediaFault CORRUPT_FILE when it cannot be read; what `run` throws
 */
export function withPage<T>(pdf: Pdf, index: number, use: (page: number) => T): T {
  const { api, flattened, run } = pdf
  return run(() => {
    let page = loadPage(pdf, index)
    if (!flattened.has(index)) {
      flattened.add(index)
      if (flatten(pdf, page)) {
        api.FPDF_ClosePage(page)
        page = loadPage(pdf, index)
      }
    }
    const result = use(page)
    api.FPDF_ClosePage(page)
    return result
  })
}

function loadPage({ api, document, fonts }: Pdf, index: number): number {
  fonts.isReading = true
  const page = api.FPDF_LoadPage(document, index)
  fonts.isReading = false
  if (page === 0) throw new MediaFault('CORRUPT_FILE', `Page ${index + 1} cannot be read`)
  return page
}
