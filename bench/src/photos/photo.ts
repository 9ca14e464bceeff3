import type { MediaType } from '@darkroom/contracts'
import type { Facts, PlannedVariant } from '@darkroom/media'

export type PhotoFacts = Extract<Facts, { kind: 'image' }>
export type PlannedStillImage = Extract<PlannedVariant, { type: 'picture' }>

/** A file to work on, and what Darkroom would make of it. */
export interface Photo {
  file: string
  name: string
  contentType: MediaType
  byteSize: number
  facts: PhotoFacts
  /** Smallest first. */
  variants: PlannedStillImage[]
}
