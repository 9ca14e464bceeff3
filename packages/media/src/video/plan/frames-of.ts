import type { RenditionSpec } from '@darkroom/contracts'
import type { VideoFacts } from '../../facts.ts'

export interface DeinterlacedVideo {
  /** The video with the frames that are encoded: of an interlaced one perhaps one for each field, twice as many. */
  source: VideoFacts
  /** What its encoding has to say of it. */
  fields: { isOfFields?: true }
}

/** Returns what is to be made of the fields of an interlaced video. */
export const framesOf = (facts: VideoFacts, deinterlace: RenditionSpec['deinterlace']): DeinterlacedVideo =>
  facts.isInterlaced && deinterlace === 'fields'
    ? { source: { ...facts, frameRate: facts.frameRate * 2 }, fields: { isOfFields: true } }
    : { source: facts, fields: {} }
