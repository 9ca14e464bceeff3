import type { PlannedRaster } from '../image/planned.ts'
import type { PlannedFile } from '../planned.ts'

export interface PlannedPage extends PlannedRaster {
  type: 'page'
  /** From 1. */
  page: number
}

/** UTF-8; each page of a PDF ends with a form feed. */
export interface PlannedText extends PlannedFile {
  type: 'text'
  /** Of a PDF; other texts are taken from the beginning up to `MAX_TEXT_BYTES`. */
  pages: number
}

/** Where the text of a document is cut off. */
export const MAX_TEXT_BYTES = 4 * 1024 * 1024
