import type { MediaType } from '@darkroom/contracts'
import type { Facts, PlannedVariant } from '@darkroom/media'

export type PictureFacts = Extract<Facts, { kind: 'image' }>
export type PlannedPicture = Extract<PlannedVariant, { type: 'picture' }>

/** A file to work on, and what Darkroom would make of it. */
export interface Photo {
  file: string
  name: string
  contentType: MediaType
  byteSize: number
  facts: PictureFacts
  /** Smallest first. */
  variants: PlannedPicture[]
}
