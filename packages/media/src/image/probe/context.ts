import type { ImageFacts } from '../../facts.ts'
import type { Header, HeaderInput } from '../decoders/decoder.ts'

export type ImageProbeContext = HeaderInput

export interface ImageProbeResults {
  header: Header
  /** How many pixels all frames have together; within the limits, or the step has thrown. */
  pixels: number
  facts: ImageFacts
}
