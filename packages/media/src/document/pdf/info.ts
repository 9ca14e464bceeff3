import type { Pdf } from './open-pdf.ts'
import { utf16 } from './text/page-text.ts'
import { withAllocation } from './with-allocation.ts'

/** What is shown of the document information dictionary. Anything else stays in the file. */
const SHOWN = {
  title: 'Title',
  author: 'Author',
  subject: 'Subject',
  creator: 'Creator',
  producer: 'Producer',
} as const
const MAX_BYTES = 64 * 1024
const MAX_LENGTH = 500
const CONTROL = /\p{Cc}+/gu

/** Returns title, author and the programs that wrote it, as far as the document says, and its version such as `1.7`. */
export function infoOf(pdf: Pdf): Record<string, string> {
  const entries = Object.entries(SHOWN).map(([name, tag]) => [name, pdf.run(() => readInfo(pdf, tag))] as const)
  const version = pdf.run(() => readVersion(pdf))
  return Object.fromEntries([...entries, ['pdfVersion', version] as const].filter(([, value]) => value !== ''))
}

function readInfo({ api, memory, document }: Pdf, tag: string): string {
  const bytes = Math.min(MAX_BYTES, api.FPDF_GetMetaText(document, tag, 0, 0))
  if (bytes <= 2) return ''
  return withAllocation(memory, bytes, pointer => {
    if (api.FPDF_GetMetaText(document, tag, pointer, bytes) > bytes) return ''
    const text = utf16(memory.HEAPU8.subarray(pointer, pointer + bytes - 2))
    return text.replace(CONTROL, ' ').trim().slice(0, MAX_LENGTH).toWellFormed()
  })
}

/** Reads the version of the PDF, as `1.7` for 17. */
const readVersion = ({ api, memory, document }: Pdf): string =>
  withAllocation(memory, 4, pointer => {
    if (!api.FPDF_GetFileVersion(document, pointer)) return ''
    const version = new DataView(memory.HEAPU8.buffer, pointer, 4).getInt32(0, true)
    return `${Math.floor(version / 10)}.${version % 10}`
  })
