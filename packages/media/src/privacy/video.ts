import { probeStreams } from '../ffmpeg/probe-streams.ts'
import type { Check } from './check-output.ts'
import { privateBoxes } from './video-boxes.ts'

const inTags: Check = async (variant, output, context) => {
  const probed = await probeStreams(context, { file: output.file, type: variant.contentType })
  // Loaded when first needed: processes that make images have no use for its schemas.
  const { privateTags } = await import('./media-tags.ts')
  return privateTags(probed, variant)
}

const inMp4: Check = async (variant, output, context) => [
  ...(await inTags(variant, output, context)),
  ...(await privateBoxes(output.file)),
]

/** By content type. */
export const VIDEO_CHECKS = {
  'video/mp4': inMp4,
  'audio/mp4': inMp4,
  'audio/ogg': inTags,
  'audio/mpeg': inTags,
}
