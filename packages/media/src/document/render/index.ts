import type { Placeholder } from '@darkroom/contracts'
import type { DocumentFacts } from '../../facts.ts'
import { MediaFault } from '../../fault.ts'
import { placeholderOf } from '../../image/placeholder.ts'
import type { RenderContext } from '../../pipeline/kind.ts'
import { missingGlyphsText } from '../pdf/fonts/missing-glyphs-text.ts'
import { type Pdf, withPdf } from '../pdf/open-pdf.ts'
import { findMissingGlyphs } from '../pdf/text/missing-glyphs.ts'
import type { PlannedPage, PlannedText } from '../planned.ts'
import { rasterOfPage, writePage } from './pages.ts'
import { writeOwnText, writePdfText } from './text.ts'

type DocumentContext = RenderContext<DocumentFacts, PlannedPage | PlannedText>

/** Renders pages first, then the text; what is no PDF has at most its text. */
export async function renderDocument(context: DocumentContext): Promise<{ placeholder: Placeholder | null }> {
  if (context.facts.contentType === 'application/pdf') {
    return { placeholder: await withPdf(context.file, context.limits, pdf => renderPdf(context, pdf)) }
  }
  for (const variant of textsOf(context)) await writeOwnText(context, variant)
  return { placeholder: null }
}

const textsOf = ({ variants }: DocumentContext): PlannedText[] => variants.filter(variant => variant.type === 'text')

async function renderPdf(context: DocumentContext, pdf: Pdf): Promise<Placeholder | null> {
  const planned = Map.groupBy(
    context.variants.filter(variant => variant.type === 'page'),
    ({ page }) => page,
  )
  const pages = [...planned].toSorted(([a], [b]) => a - b)
  let first: Placeholder | null = null
  for (const [done, [page, variants]] of pages.entries()) {
    context.progress(done / pages.length, `page ${page}`)
    const raster = await writePage(context, pdf, page, variants)
    if (page === 1 && raster) first = placeholderOf(raster)
  }
  for (const variant of textsOf(context)) await writePdfText(context, pdf, variant)
  const placeholder = first ?? placeholderOfFirstPage(context, pdf)
  for (const page of planned.keys()) findMissingGlyphs(pdf, page - 1)
  const missing = [...pdf.missing.values()].flat()
  if (missing.length > 0) context.warn({ code: 'FONTS_MISSING', detail: missingGlyphsText(missing) })
  return placeholder
}

/** Makes the placeholder of the first page; null when that page cannot be rendered. */
function placeholderOfFirstPage(context: DocumentContext, pdf: Pdf): Placeholder | null {
  try {
    return placeholderOf(rasterOfPage(context, pdf, 1, []))
  } catch (error) {
    if (error instanceof MediaFault) return null
    throw error
  }
}
