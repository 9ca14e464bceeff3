import type { MediaType } from '@darkroom/contracts'
import { type FaultCode, MediaFault, overLimit } from '../fault.ts'
import type { Limits } from '../limits.ts'
import { isTruncated } from './is-truncated.ts'

/** What sharp and libvips say, and what it means. The first match wins. */
const MESSAGES: readonly [RegExp, FaultCode, string, limit?: keyof Limits][] = [
  [/exceeds pixel limit/i, 'TOO_MANY_PIXELS', 'The image has too many pixels', 'maxPixels'],
  [/out of memory|cannot allocate|unable to allocate/i, 'RESOURCE_LIMIT', 'Decoding needs more memory than allowed'],
  [/no space left/i, 'NO_SPACE', 'The disk is full'],
  [/premature end of data segment/i, 'CORRUPT_FILE', 'The file is damaged'],
  [/corrupt header|bad dimensions|unsupported image format/i, 'CORRUPT_FILE', 'The file is damaged'],
  [/premature end|unexpected end|end of (file|data|stream)|truncated/i, 'TRUNCATED_FILE', 'The file is truncated'],
  [
    /not enough data|fractional (scan|strip)|read error at (scan|row|strip)/i,
    'TRUNCATED_FILE',
    'The file is truncated',
  ],
]

/** Formats of which not even the header is read where the end is missing. */
const HEADERS_NEED_ALL: ReadonlySet<MediaType> = new Set(['image/png', 'image/avif', 'image/heic', 'image/heif'])

/** Turns an error of the decoder into a fault with a code. What the table does not know is decided by the file's own structure. */
export async function faultOfSharp(error: unknown, file: string, type: MediaType): Promise<MediaFault> {
  if (error instanceof MediaFault) return error
  const message = error instanceof Error ? error.message : String(error)
  const known = MESSAGES.find(([pattern]) => pattern.test(message))
  if (known?.[3]) return overLimit(known[3], known[1], known[2])
  if (known && known[1] !== 'CORRUPT_FILE') return new MediaFault(known[1], known[2], { cause: error })
  if ((!known || HEADERS_NEED_ALL.has(type)) && (await isTruncated(file, type))) {
    return new MediaFault('TRUNCATED_FILE', 'The file is truncated', { cause: error })
  }
  return new MediaFault('CORRUPT_FILE', known?.[2] ?? 'The file is damaged', { cause: error })
}
