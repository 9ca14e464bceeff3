import type { MediaType } from '@darkroom/contracts'
import type { Metadata } from 'sharp'
import type { Facts } from '../../facts.ts'
import type { Limits } from '../../limits.ts'

export interface ImageProbeContext {
  file: string
  type: MediaType
  limits: Limits
}

export interface ImageProbeResults {
  header: Metadata
  /** How many pixels all frames have together; within the limits, or the step has thrown. */
  pixels: number
  facts: Facts
}
