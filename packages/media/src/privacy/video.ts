import { probeStreams } from '../ffmpeg/probe-streams.ts'
import type { Check } from './check-output.ts'
import { privateTags } from './media-tags.ts'
import { privateBoxes } from './video-boxes.ts'

const inTags: Check = async (variant, output, context) =>
  privateTags(await probeStreams(context, { file: output.file, type: variant.contentType }), variant)

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
