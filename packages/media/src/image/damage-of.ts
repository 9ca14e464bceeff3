import { MediaFault } from '../fault.ts'
import type { SourceWarning } from '../source-warning.ts'

/** More than this part broken, and it is not the same image any more. */
const MAX_LOST_PART = 1 / 3

/**
 * Returns what to say of an image of which some parts, tiles or frames, are broken; null where none is.
 * @throws MediaFault CORRUPT_FILE when they are too many: of an image in one part, one is
 */
export function damageOf(broken: number, all: number, name: 'tiles' | 'frames'): SourceWarning | null {
  if (broken === 0) return null
  const detail =
    all === 1 ? 'The image is damaged' : `${broken} of ${all} ${name} ${broken === 1 ? 'is' : 'are'} damaged`
  if (broken > all * MAX_LOST_PART) throw new MediaFault('CORRUPT_FILE', detail)
  return { code: 'STREAM_DAMAGED', detail: `${detail}.` }
}
