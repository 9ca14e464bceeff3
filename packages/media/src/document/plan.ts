import type { PageSpec, TextSpec } from '@darkroom/contracts'
import type { DocumentFacts } from '../facts.ts'
import { fileType } from '../formats.ts'
import { planRaster } from '../image/plan.ts'
import type { PlanSpec } from '../plan.ts'
import { printSize } from './page-size.ts'
import { MAX_TEXT_BYTES, type PlannedPage, type PlannedText } from './planned.ts'
import { isTextType } from './text-types.ts'

/** Plans the variants of a document. Only a PDF has pages, only a PDF and plain text have text. */
export const planDocument: PlanSpec<'document'> = (facts, spec) =>
  spec.type === 'page' ? planPages(facts, spec) : planText(facts, spec)

function planPages({ pages }: DocumentFacts, spec: PageSpec): PlannedPage[] {
  const { type: _type, when: _when, pages: count, ...fields } = spec
  return pages.slice(0, count).map((size, index) => {
    const page = index + 1
    const name = count === 1 ? spec.name : `${spec.name}-${page}`
    const raster = planRaster(printSize(size), { ...fields, name, required: spec.required && page === 1 })
    return { ...raster, type: 'page', page, fingerprintInput: JSON.stringify(['page', page, raster.fingerprintInput]) }
  })
}

function planText({ contentType, pages: sizes }: DocumentFacts, { name, required, pages }: TextSpec): PlannedText[] {
  if (sizes.length === 0 && !isTextType(contentType)) return []
  const fingerprintInput = JSON.stringify(['text', pages, MAX_TEXT_BYTES])
  const type = fileType('text/plain')
  return [{ type: 'text', name, required, ...type, width: null, height: null, pages, refersTo: [], fingerprintInput }]
}
