import type { ImageFacts } from '../../facts.ts'
import type { Limits } from '../../limits.ts'
import type { Warn } from '../../source-warning.ts'
import type { Header } from '../decoders/decoder.ts'
import type { ImageInput } from '../input.ts'
import type { ImageType } from '../types.ts'

export interface ImageProbeContext {
  file: string
  type: ImageType
  limits: Limits
  warn: Warn
}

export interface ImageProbeResults {
  input: ImageInput
  header: Header
  /** How many pixels all frames have together; within the limits, or the step has thrown. */
  pixels: number
  facts: ImageFacts
}
