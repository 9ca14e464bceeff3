import { type AudioSource, audioSource } from '../../audio/encode/audio-source.ts'
import { renderAudioTrack } from '../../audio/encode/render-audio-track.ts'
import type { PlannedAudioTrack } from '../../audio/planned.ts'
import type { VideoRender, Work } from './video-render.ts'

/** Audio costs so much less than video that it hardly counts: as much as this many pixels in a second. */
const PIXELS_PER_SEC = 500_000

/** Less is the rounding of clocks. */
const MIN_LATE_SEC = 0.001

/** Returns what is heard in the video; measured once for all that is made of it. No tag of a video gets into anything. */
export function audioSourceOf(context: VideoRender): AudioSource | null {
  const { file, facts } = context
  const { contentType: type, videoStream, audioStream: stream, audioFormat, durationMs } = facts
  if (stream === null || audioFormat === null) return null
  const { channels, sampleRate, startSec } = audioFormat
  const precededBy = startSec >= MIN_LATE_SEC ? videoStream : null
  return audioSource(context, { file, type, stream, channels, sampleRate, durationMs, precededBy, tags: {} })
}

export function audioWorks(
  context: VideoRender,
  audioTracks: readonly PlannedAudioTrack[],
  source: AudioSource | null,
): Work[] {
  if (!source) return []
  return audioTracks.map(planned => ({
    variants: [planned],
    weight: (PIXELS_PER_SEC * source.durationMs) / 1000,
    make: onPart => renderAudioTrack(context, planned, source, onPart),
  }))
}
