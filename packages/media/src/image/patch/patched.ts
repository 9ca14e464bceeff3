import { MediaFault } from '../../fault.ts'
import type { SourceWarning } from '../../source-warning.ts'
import type { ImageInput } from '../input.ts'

/** A file that does not keep to its format, made into one that does, of all that is whole in it. */
export interface Patched {
  input: ImageInput
  warning: SourceWarning
}

/** Looks at the end of a file, or at its directories. Null where nothing is missing, or where that is for the decoder to say. */
export type Patcher = (file: string) => Promise<Patched | null>

/** Returns the fault of a file of which nothing whole is left. */
export const truncated = (cause?: unknown): MediaFault =>
  new MediaFault('TRUNCATED_FILE', 'The file is truncated', cause === undefined ? {} : { cause })
