import type { DocumentFacts } from '../../facts.ts'
import { rasterSize } from '../../image/plan.ts'
import { fromRaster, type Raster } from '../../image/raster.ts'
import { writeRaster } from '../../image/write-raster.ts'
import type { RenderContext } from '../../pipeline/kind.ts'
import { tryVariants } from '../../pipeline/try-variant.ts'
import { printSize } from '../page-size.ts'
import type { Pdf } from '../pdf/open-pdf.ts'
import { renderPage } from '../pdf/page-raster.ts'
import type { PlannedPage } from '../planned.ts'

type PagesContext = RenderContext<DocumentFacts>

/** Writes all images of one page out of one rendering at the largest size; returns its pixels when they were needed. */
export async function writePage(
  context: PagesContext,
  pdf: Pdf,
  page: number,
  variants: readonly PlannedPage[],
): Promise<Raster | undefined> {
  let raster: Raster | undefined
  const pixels = () => (raster ??= rasterOfPage(context, pdf, page, variants))
  for (const variant of variants) {
    await tryVariants(context, [variant], async () => {
      await writeRaster(context, variant, fromRaster(pixels()), { ...sizeOf(pixels()), hasAlpha: false })
    })
  }
  return raster
}

/** @throws MediaFault CORRUPT_FILE, RESOURCE_LIMIT, TOO_MANY_PIXELS */
export function rasterOfPage(
  { facts }: Pick<PagesContext, 'facts'>,
  pdf: Pdf,
  page: number,
  variants: readonly PlannedPage[],
): Raster {
  const index = page - 1
  const source = printSize(facts.pages[index] ?? { width: 1, height: 1 })
  return renderPage(pdf, index, rasterSize(source, variants))
}

const sizeOf = ({ width, height }: Raster) => ({ width, height })
