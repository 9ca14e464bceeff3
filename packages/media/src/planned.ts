import type { IconSpec, WrittenType } from '@darkroom/contracts'
import type { PlannedAudioTrack, PlannedCover, PlannedPeaks, PlannedWaveform } from './audio/planned.ts'
import type { PlannedChapters } from './chapters/planned.ts'
import type { PlannedPage, PlannedText } from './document/planned.ts'
import type { PlannedAnimation, PlannedStillImage } from './image/planned.ts'
import type { Length } from './sandbox/semaphore.ts'
import type { PlannedHls, PlannedPoster, PlannedPreview, PlannedRendition, PlannedStoryboard } from './video/planned.ts'

/** What every variant that is going to be made has. */
export interface PlannedFile {
  name: string
  required: boolean
  contentType: WrittenType
  extension: string
  /** The exact size of the file's image; null where it has none. */
  width: number | null
  height: number | null
  /**
   * Names of variants that this file's text points to, written by the child as `{{name}}` and replaced by the parent with
   * the file name that the variant has in the store. Those that point to each other are made together.
   */
  refersTo: readonly string[]
  /** Everything that decides what the bytes look like, apart from the source and the engine; see `fingerprint`. */
  fingerprintInput: string
}

export interface PlannedIcon extends PlannedFile {
  type: 'icon'
  width: number
  height: number
  format: IconSpec['format']
}

export type PlannedVariant =
  | PlannedStillImage
  | PlannedAnimation
  | PlannedPage
  | PlannedText
  | PlannedAudioTrack
  | PlannedPeaks
  | PlannedWaveform
  | PlannedCover
  | PlannedChapters
  | PlannedPoster
  | PlannedPreview
  | PlannedStoryboard
  | PlannedRendition
  | PlannedHls
  | PlannedIcon

/** What is made by decoding a source from its beginning to its end takes as long as that lasts; the rest is over in seconds. */
const LENGTHS: Record<PlannedVariant['type'], Length> = {
  picture: 'short',
  animation: 'short',
  icon: 'short',
  page: 'short',
  text: 'short',
  cover: 'short',
  chapters: 'short',
  peaks: 'long',
  waveform: 'long',
  sound: 'long',
  poster: 'short',
  preview: 'short',
  storyboard: 'long',
  rendition: 'long',
  hls: 'long',
}

export const isLong = ({ type }: Pick<PlannedVariant, 'type'>): boolean => LENGTHS[type] === 'long'
