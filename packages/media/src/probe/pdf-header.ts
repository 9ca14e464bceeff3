/** As readers do (implementation notes of Adobe's PDF 1.7 reference), a PDF is looked for in this many bytes. */
export const HEADER_BYTES = 1024

const HEADER = '%PDF-'

/** Finds where a PDF begins in the head of a file; -1 where none does. */
export const headerAt = (head: Uint8Array): number => Buffer.from(head.subarray(0, HEADER_BYTES)).indexOf(HEADER)
