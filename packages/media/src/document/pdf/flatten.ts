import type { Pdf } from './open-pdf.ts'
import { withAllocation } from './with-allocation.ts'

/** Subtypes of annotations in fpdf_annot.h. */
const TEXT_NOTE = 1
const FREE_TEXT = 3
const STAMP = 13
const WIDGET = 20
/** What belongs to the page for whoever reads it: words of a form, and words and stamps put on top. */
const SEEN_AS_PAGE: ReadonlySet<number> = new Set([FREE_TEXT, STAMP, WIDGET])

/** Flags of an annotation: never shown, and shown in print only. */
const HIDDEN = 0x02
const NO_VIEW = 0x20

const NORMAL_APPEARANCE = 0
const FOR_DISPLAY = 0
const FLATTENED = 1
const SHOW_ANNOTATIONS = 0x01

/**
 * Draws forms and stamps of a loaded page into its contents, so that its image and its text have them; no form
 * environment, and so no script, is needed for that. True when the page has to be loaded again for it to show.
 */
export function flatten(pdf: Pdf, page: number): boolean {
  const { api } = pdf
  const subtypes = ofAnnotations(pdf, page, api.FPDFAnnot_GetSubtype)
  if (!subtypes.some(subtype => SEEN_AS_PAGE.has(subtype))) return false
  if (subtypes.includes(WIDGET)) drawValues(pdf, page)
  ofAnnotations(pdf, page, annotation => hideFromView(pdf, annotation))
  drawOnce(pdf, page)
  return api.FPDFPage_Flatten(page, FOR_DISPLAY) === FLATTENED
}

/** Draws the values of texts and choices; buttons and signatures have none. */
function drawValues(pdf: Pdf, page: number): void {
  const { api } = pdf
  const isOutdated = needsAppearances(pdf, page)
  ofAnnotations(pdf, page, annotation => {
    if (api.FPDFAnnot_GetSubtype(annotation) !== WIDGET) return
    const isDrawn = api.EPDFAnnot_HasAppearanceStream(annotation, NORMAL_APPEARANCE)
    if (isOutdated || !isDrawn) api.EPDFAnnot_GenerateFormFieldAP(annotation)
  })
}

/** Hides an annotation by the one flag that flattening checks. */
function hideFromView({ api }: Pdf, annotation: number): void {
  const flags = api.FPDFAnnot_GetFlags(annotation)
  if (flags & NO_VIEW) api.FPDFAnnot_SetFlags(annotation, flags | HIDDEN)
}

/**
 * Tells whether the form says that its appearances are outdated (`NeedAppearances`). The renderer does not report it,
 * but acts on it: a field without an appearance gets one when it is drawn.
 */
function needsAppearances(pdf: Pdf, page: number): boolean {
  const { api } = pdf
  const probe = api.FPDFPage_CreateAnnot(page, TEXT_NOTE)
  if (probe === 0) return false
  const entries = { Subtype: 'Widget', FT: 'Tx', V: 'x', DA: '/Helv 12 Tf 0 g' }
  for (const [key, value] of Object.entries(entries)) setString(pdf, probe, key, value)
  drawOnce(pdf, page)
  const isDrawn = api.EPDFAnnot_HasAppearanceStream(probe, NORMAL_APPEARANCE)
  api.FPDFPage_CloseAnnot(probe)
  api.FPDFPage_RemoveAnnot(page, api.FPDFPage_GetAnnotCount(page) - 1)
  return isDrawn
}

/** Draws the page in one pixel, which creates appearances for annotations without one. */
function drawOnce({ api }: Pdf, page: number): void {
  const bitmap = api.FPDFBitmap_Create(1, 1, 0)
  api.FPDF_RenderPageBitmap(bitmap, page, 0, 0, 1, 1, 0, SHOW_ANNOTATIONS)
  api.FPDFBitmap_Destroy(bitmap)
}

function ofAnnotations<T>({ api }: Pdf, page: number, look: (annotation: number) => T): T[] {
  return Array.from({ length: api.FPDFPage_GetAnnotCount(page) }, (_, index) => {
    const annotation = api.FPDFPage_GetAnnot(page, index)
    const seen = look(annotation)
    api.FPDFPage_CloseAnnot(annotation)
    return seen
  })
}

function setString({ api, memory }: Pdf, annotation: number, key: string, value: string): void {
  const text = Buffer.from(`${value}\0`, 'utf16le')
  withAllocation(memory, text.length, pointer => {
    memory.HEAPU8.set(text, pointer)
    api.FPDFAnnot_SetStringValue(annotation, key, pointer)
  })
}
