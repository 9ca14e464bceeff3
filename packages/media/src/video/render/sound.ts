import type { PlannedSound } from '../../audio/planned.ts'
import { renderSound } from '../../audio/sound/render-sound.ts'
import { type SoundSource, soundSource } from '../../audio/sound/source.ts'
import type { VideoRender, Work } from './video-render.ts'

/** Sound costs so much less than a picture that it hardly counts: as much as this many pixels in a second. */
const PIXELS_PER_SEC = 500_000

/** Less is the rounding of clocks. */
const MIN_LATE_SEC = 0.001

/** What is heard in the video; measured once for all that is made of it. No tag of a video gets into anything. */
export function soundOf(context: VideoRender): SoundSource | null {
  const { file, facts } = context
  const { contentType: type, videoStream, audioStream: stream, audioFormat, durationMs } = facts
  if (stream === null || audioFormat === null) return null
  const { channels, sampleRate, startSec } = audioFormat
  const precededBy = startSec >= MIN_LATE_SEC ? videoStream : null
  return soundSource(context, { file, type, stream, channels, sampleRate, durationMs, precededBy, tags: {} })
}

export function soundWorks(context: VideoRender, sounds: readonly PlannedSound[], source: SoundSource | null): Work[] {
  if (!source) return []
  return sounds.map(planned => ({
    variants: [planned],
    weight: (PIXELS_PER_SEC * source.durationMs) / 1000,
    make: onPart => renderSound(context, planned, source, onPart),
  }))
}
