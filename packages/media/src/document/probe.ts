import type { MediaTypeOf } from '@darkroom/contracts'
import type { DocumentFacts } from '../facts.ts'
import { MediaFault } from '../fault.ts'
import type { ProbeContext } from '../pipeline/kind.ts'
import type { Size } from '../plan/geometry.ts'
import { type FileFrame, fileFrame } from './pdf/file-frame.ts'
import { infoOf } from './pdf/info.ts'
import { type Pdf, withPdf } from './pdf/open-pdf.ts'
import { pageSize } from './pdf/page.ts'

/** As many pages as a preset can ask for. */
const MAX_SIZES = 50

/** Reads the structure of a PDF. What is not a PDF is not opened: a ZIP inside could be a bomb, and nothing is made of it. */
export async function probeDocument(context: ProbeContext): Promise<DocumentFacts> {
  const contentType = context.type as MediaTypeOf<'document'>
  const known = { kind: 'document', contentType, animated: null, durationMs: null } as const
  if (contentType === 'application/pdf') return { ...known, ...(await probePdf(context)) }
  return { ...known, width: null, height: null, pageCount: null, pages: [], details: {} }
}

type PdfFacts = Pick<DocumentFacts, 'width' | 'height' | 'pageCount' | 'pages' | 'details'>

async function probePdf({ file, limits, warn }: ProbeContext): Promise<PdfFacts> {
  const frame = await fileFrame(file)
  const facts = await withPdf(file, limits, factsOfPdf).catch(error => {
    throw frame.isCut && isCorrupt(error) ? cutOff(error) : error
  })
  warnOf(frame, facts, warn)
  return facts
}

function warnOf({ bytesBefore, isCut }: FileFrame, { pageCount }: PdfFacts, warn: ProbeContext['warn']): void {
  const pages = pageCount === 1 ? 'One page' : `${pageCount} pages`
  if (isCut) warn({ code: 'SOURCE_TRUNCATED', detail: `The PDF is truncated. ${pages} could be found in it.` })
  const before = bytesBefore === 1 ? 'There is one byte' : `There are ${bytesBefore} bytes`
  if (bytesBefore > 0) warn({ code: 'SOURCE_REPAIRED', detail: `${before} before the start of the PDF.` })
}

const isCorrupt = (error: unknown): boolean => error instanceof MediaFault && error.code === 'CORRUPT_FILE'
const cutOff = (cause: unknown) =>
  new MediaFault('TRUNCATED_FILE', 'The PDF is truncated, and no page can be found in it', { cause })

function factsOfPdf(pdf: Pdf): PdfFacts {
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
