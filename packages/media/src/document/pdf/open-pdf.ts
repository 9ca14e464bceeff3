import { open } from 'node:fs/promises'
import { type FaultCode, MediaFault, overLimit } from '../../fault.ts'
import type { Limits } from '../../limits.ts'
import { fileAccess } from './file-access.ts'
import { type FontState, provideSystemFonts } from './fonts/system-fonts.ts'
import { type Pdfium, startPdfium } from './pdfium.ts'

/** An open document; `document` is the renderer's handle of it. */
export interface Pdf extends Pdfium {
  document: number
  pageCount: number
  /** Indices of the pages whose forms were looked at and drawn. */
  flattened: Set<number>
  /** Of one image on a page. */
  maxPixels: number
  fonts: FontState
  /** Letters that no font has a shape for, of the pages that were looked at so far; by the index of the page. */
  missing: Map<number, readonly number[]>
}

/** The rest of a process's memory is for its own code and for encoding. */
const PART_OF_MEMORY = 0.5

/**
 * Opens a PDF for the time of `use`, without reading it as a whole.
 * @throws MediaFault ENCRYPTED_DOCUMENT, CORRUPT_FILE, TOO_MANY_PAGES, TOO_LARGE, RESOURCE_LIMIT
 */
export async function withPdf<T>(file: string, limits: Limits, use: (pdf: Pdf) => T | Promise<T>): Promise<T> {
  const pdfium = await startPdfium(limits.maxRssBytes * PART_OF_MEMORY)
  await using handle = await open(file)
  const access = await fileAccess(pdfium.memory, handle)
  return await use(pdfium.run(() => openDocument(pdfium, access, limits)))
}

function openDocument(pdfium: Pdfium, access: number, { maxPages, maxPixels }: Limits): Pdf {
  const { api, memory } = pdfium
  const fonts = { isReading: false }
  api.FPDF_SetSystemFontInfo(provideSystemFonts(memory, fonts))
  const document = api.FPDF_LoadCustomDocument(access, '')
  if (document === 0) throw loadFault(api.FPDF_GetLastError())
  const pageCount = api.FPDF_GetPageCount(document)
  if (pageCount < 1) throw new MediaFault('CORRUPT_FILE', 'The document has no pages')
  if (pageCount <= maxPages)
    return { ...pdfium, document, pageCount, flattened: new Set(), maxPixels, fonts, missing: new Map() }
  throw overLimit('maxPages', 'TOO_MANY_PAGES', `The document has ${pageCount} pages; at most ${maxPages} are allowed`)
}

/** `FPDF_ERR_PASSWORD` and `FPDF_ERR_SECURITY` (fpdfview.h); a password that is empty has been tried. */
const LOAD_FAULTS: Record<number, [FaultCode, string]> = {
  4: ['ENCRYPTED_DOCUMENT', 'The document is protected by a password'],
  5: ['ENCRYPTED_DOCUMENT', 'The document has an unsupported protection'],
}

function loadFault(error: number): MediaFault {
  const [code, detail] = LOAD_FAULTS[error] ?? ['CORRUPT_FILE', 'The document cannot be opened']
  return new MediaFault(code, detail, { cause: `PDFium: error ${error}` })
}
