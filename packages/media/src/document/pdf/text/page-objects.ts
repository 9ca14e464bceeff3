import type { Pdf } from '../open-pdf.ts'
import { withAllocation } from '../with-allocation.ts'

/** `FPDF_PAGEOBJ_TEXT` and `FPDF_PAGEOBJ_FORM` of fpdf_edit.h. */
const TEXT = 1
const FORM = 5

/** What a page is painted with; numbers are the renderer's handles. */
export interface PageObjects {
  /** Words, by what shows or hides them together: their layers and the forms that they are in. */
  groups: number[][]
  /** Everything else that is no form. */
  others: number[]
  /** Whether anything is painted after the first words, and may cover them. */
  isCoverable: boolean
}

/** Each group is looked at by itself; of more than that the last ones are looked at together. */
const MAX_GROUPS = 16

export function objectsOf(pdf: Pdf, page: number): PageObjects {
  const { api } = pdf
  const groups = new Map<string, number[]>()
  const others: number[] = []
  const layerOf = layerReader(pdf)
  let isCoverable = false
  const take = (object: number, inside: string): void => {
    const type = api.FPDFPageObj_GetType(object)
    const group = marksOf(pdf, object)
      .map(layerOf)
      .reduce((all, layer) => all + layer, inside)
    if (type === FORM) {
      const count = api.FPDFFormObj_CountObjects(object)
      for (let at = 0; at < count; at++) take(api.FPDFFormObj_GetObject(object, at), `${group}/${object}`)
    } else if (type === TEXT) {
      const key = groups.has(group) || groups.size < MAX_GROUPS ? group : REST
      const words = groups.get(key)
      if (words) words.push(object)
      else groups.set(key, [object])
    } else {
      others.push(object)
      isCoverable ||= groups.size > 0
    }
  }
  const count = api.FPDFPage_CountObjects(page)
  for (let at = 0; at < count; at++) take(api.FPDFPage_GetObject(page, at), '')
  return { groups: [...groups.values()], others, isCoverable }
}

const REST = 'rest'

function marksOf({ api }: Pdf, object: number): number[] {
  const count = api.FPDFPageObj_CountMarks(object)
  return Array.from({ length: count }, (_, at) => api.FPDFPageObj_GetMark(object, at))
}

const NAME_BYTES = 256
const NOTHING = 0

/** Returns a reader for the layer of a mark; '' for marks of other kinds, which have no type. */
function layerReader({ api, memory }: Pdf): (mark: number) => string {
  const known = new Map<number, string>()
  const read = (mark: number): string => {
    if (api.FPDFPageObjMark_GetParamValueType(mark, 'Type') === NOTHING) return ''
    return withAllocation(memory, NAME_BYTES + 4, pointer => {
      const length = pointer + NAME_BYTES
      if (!api.FPDFPageObjMark_GetParamStringValue(mark, 'Name', pointer, NAME_BYTES, length)) return `/${mark}`
      return `/${Buffer.from(memory.HEAPU8.subarray(pointer, length)).toString('latin1')}`
    })
  }
  return mark => {
    const layer = known.get(mark) ?? read(mark)
    known.set(mark, layer)
    return layer
  }
}
