import type { MediaType } from '@darkroom/contracts'
import type { Facts, PlannedVariant } from '@darkroom/media'

/** A file to work on, and what Darkroom would make of it. */
export interface Photo {
  file: string
  name: string
  contentType: MediaType
  byteSize: number
  facts: Facts
  /** Smallest first. */
  variants: PlannedVariant[]
}
