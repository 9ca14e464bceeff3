import type { MediaTypeOf } from '@darkroom/contracts'
import type { DocumentFacts } from '../facts.ts'
import { MediaFault } from '../fault.ts'
import type { ProbeContext } from '../pipeline/kind.ts'
import type { Size } from '../plan/geometry.ts'
import { infoOf } from './pdf/info.ts'
import { type Pdf, withPdf } from './pdf/open-pdf.ts'
import { pageSize } from './pdf/page.ts'

/** As many pages as a preset can ask for. */
const MAX_SIZES = 50

/** Reads the structure of a PDF. What is not a PDF is not opened: a ZIP inside could be a bomb, and nothing is made of it. */
export async function probeDocument({ file, type, limits }: ProbeContext): Promise<DocumentFacts> {
  const contentType = type as MediaTypeOf<'document'>
  const known = { kind: 'document', contentType, animated: null, durationMs: null } as const
  if (contentType === 'application/pdf') return { ...known, ...(await withPdf(file, limits, factsOfPdf)) }
  return { ...known, width: null, height: null, pageCount: null, pages: [], details: {} }
}

function factsOfPdf(pdf: Pdf): Pick<DocumentFacts, 'width' | 'height' | 'pageCount' | 'pages' | 'details'> {
  const pages = sizesOf(pdf)
  const [first] = pages
  if (!first) throw new MediaFault('CORRUPT_FILE', 'No page can be read')
  return {
    width: Math.round(first.width),
    height: Math.round(first.height),
    // A page tree can claim more than it has.
    pageCount: pages.length < Math.min(MAX_SIZES, pdf.pageCount) ? pages.length : pdf.pageCount,
    pages,
    details: infoOf(pdf),
  }
}

function sizesOf(pdf: Pdf): Size[] {
  const sizes: Size[] = []
  for (let index = 0; index < Math.min(MAX_SIZES, pdf.pageCount); index++) {
    const size = pageSize(pdf, index)
    if (size === null) break
    sizes.push(size)
  }
  return sizes
}
