import type { AudioSource } from '../../audio/encode/audio-source.ts'
import { runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts'
import { finishVariant } from '../../pipeline/finish-variant.ts'
import { variantFileName } from '../../sandbox/protocol.ts'
import type { PlannedRendition, VideoEncoding } from '../planned.ts'
import { inputOf } from './alpha.ts'
import { checkFrames } from './check-frames.ts'
import { watch } from './damage.ts'
import { audioArgs, videoArgs } from './encode-args.ts'
import { FAST_START, WITHOUT_TAGS } from './output-args.ts'
import type { VideoRender, Work } from './video-render.ts'

export function renditionWork(context: VideoRender, planned: PlannedRendition, audio: AudioSource | null): Work {
  return {
    variants: [planned],
    weight: encodedPixels(context, planned),
    make: onPart => makeRendition(context, planned, audio, onPart),
  }
}

export const encodedPixels = ({ facts }: VideoRender, { width, height, frameRate }: VideoEncoding): number =>
  (width * height * frameRate * facts.durationMs) / 1000

async function makeRendition(
  context: VideoRender,
  planned: PlannedRendition,
  audio: AudioSource | null,
  onProgress: (part: number) => void,
): Promise<void> {
  const { facts, limits } = context
  const stderr = await runFfmpeg(context, {
    ...inputOf(context),
    totalMs: facts.durationMs,
    onProgress,
    onLine: watch(context),
    args: [
      ...videoArgs(facts, planned),
      ...(await audioArgs(planned, audio)),
      ...WITHOUT_TAGS,
      ...FAST_START,
      // A file that reaches this is one byte larger than allowed, and refused when it is finished.
      ...['-fs', String(limits.maxOutputBytes + 1)],
      `file:${variantFileName(planned)}`,
    ],
  })
  checkFrames(stderr)
  await finishVariant(context, planned)
}
