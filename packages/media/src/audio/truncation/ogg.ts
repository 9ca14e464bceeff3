import { readPart } from '../frames/read-part.ts'
import { type FindTruncation, seconds } from './truncation.ts'

/** RFC 3533: a header of 27 bytes, up to 255 lengths of a byte, and as many segments. */
const HEADER_BYTES = 27
const MAX_PAGE_BYTES = HEADER_BYTES + 255 + 255 * 255
const FLAGS_AT = 5
const END_OF_STREAM = 4

/** Finds a truncation of an Ogg. The last page says that it is the last. */
export const oggTruncation: FindTruncation = async ({ file, bytes, durationMs }) => {
  const tail = await readPart(file, bytes - 2 * MAX_PAGE_BYTES, 2 * MAX_PAGE_BYTES)
  const page = tail.subarray(Math.max(0, tail.lastIndexOf('OggS')))
  const missing = pageBytes(page) - page.length
  if (missing > 0) return `The last page, after ${seconds(durationMs)} s, lacks ${missing} bytes`
  const isLast = ((page[FLAGS_AT] ?? 0) & END_OF_STREAM) !== 0
  return isLast ? null : `${seconds(durationMs)} s are there, and the file does not say that it ends then`
}

function pageBytes(page: Buffer): number {
  const segments = page[HEADER_BYTES - 1] ?? 0
  const lengths = page.subarray(HEADER_BYTES, HEADER_BYTES + segments)
  return HEADER_BYTES + segments + lengths.reduce((sum, length) => sum + length, 0)
}
