import type { AudioSource } from '../../audio/encode/audio-source.ts'
import { audioFilters } from '../../audio/encode/filters.ts'
import { AS_IT_IS } from '../../audio/encode/levels.ts'
import type { VideoFacts } from '../../facts.ts'
import { exactRate, rateDivisor } from '../plan/exact-rate.ts'
import { framesOf } from '../plan/frames-of.ts'
import type { VideoEncoding } from '../planned.ts'
import { DAMAGE_IS_COUNTED } from './output-args.ts'
import { videoFilter } from './video-filter.ts'

const X264_PRESETS = [
  ...['ultrafast', 'superfast', 'veryfast', 'faster', 'fast'],
  ...['medium', 'slow', 'slower', 'veryslow', 'placebo'],
]

/** Ticks in a second: the times of a variable rate are kept, whatever rate ffmpeg takes it for. */
export const CLOCK = 90_000
/** Seconds of the highest bit rate that a player has to hold. */
const BUFFER_SEC = 1

/** Returns ffmpeg's options that choose the stream and write the video as H.264. */
export const videoArgs = (facts: VideoFacts, encoding: VideoEncoding): string[] => [
  ...['-map', `0:${facts.videoStream}`, '-vf', frameFilters(facts, encoding).join(',')],
  ...encoderArgs(encoding, facts.shownMs),
]

/** Returns what makes the frames of a video those that are encoded. */
export function frameFilters(facts: VideoFacts, encoding: VideoEncoding): string[] {
  if (!encoding.isOfFields) return [rateFilter(facts, encoding), ...videoFilter(facts, encoding, 'yuv420p')]
  const { source } = framesOf(facts, 'fields')
  // Before anything is dropped, or there would be holes in what moves.
  return [FIELDS, rateFilter(source, encoding), ...videoFilter({ ...source, isInterlaced: false }, encoding, 'yuv420p')]
}

const FIELDS = 'bwdif=mode=send_field'

/** Returns ffmpeg's options that write a video, whose last frame is seen until `endMs`, as H.264. */
export function encoderArgs({ effort, crf, level, maxBitrateKbps }: VideoEncoding, endMs: number): string[] {
  return [
    ...['-fps_mode', 'vfr', '-enc_time_base', `1:${CLOCK}`, '-bsf:v', holdLast(endMs), ...DAMAGE_IS_COUNTED],
    ...['-c:v', 'libx264', '-profile:v', 'high', '-level:v', `${level / 10}`],
    ...['-preset', X264_PRESETS[effort] ?? 'faster', '-crf', String(crf)],
    ...(maxBitrateKbps === null
      ? []
      : ['-maxrate', `${maxBitrateKbps}k`, '-bufsize', `${Math.round(maxBitrateKbps * BUFFER_SEC)}k`]),
  ]
}

/**
 * Limits the frame rate. A rate that is too high on average becomes constant and lower; otherwise only bursts are
 * dropped.
 */
function rateFilter(facts: VideoFacts, { frameRate, maxFrameRate }: VideoEncoding): string {
  if (frameRate < facts.frameRate) {
    const { frames, sec } = exactRate(facts.frameRate)
    return `fps=${frames}/${sec * rateDivisor(facts.frameRate, frameRate)}`
  }
  return `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${(TOLERANCE / maxFrameRate).toFixed(6)})'`
}

/** Sets the duration of the last frame, which may be seconds. ffmpeg loses it with a variable rate. */
const holdLast = (endMs: number): string =>
  `setts=pts=PTS:dts=DTS:duration='if(eq(NEXT_PTS,NOPTS),max(1,${endMs / 1000}/TB-PTS),DURATION)'`

/** Clocks of a millisecond make some frames come early. */
export const TOLERANCE = 0.9

const SAMPLE_RATE = 48_000
/** Of the audio in a video. */
export const MAX_VIDEO_CHANNELS = 2

/**
 * Returns ffmpeg's options that write the audio as AAC, with silence in front where it begins later than the video, `more` filters
 * applied; none where there is none.
 */
export async function audioArgs(
  { audioBitrateKbps, loudness }: VideoEncoding,
  audio: AudioSource | null,
  more: readonly string[] = [],
): Promise<string[]> {
  if (!audio || audioBitrateKbps === null) return []
  const encoding = { codec: 'aac', bitrateKbps: audioBitrateKbps, channels: MAX_VIDEO_CHANNELS, loudness } as const
  const levels = loudness === null ? AS_IT_IS : await audio.levels({ ...encoding, sampleRate: SAMPLE_RATE })
  const channels = Math.min(MAX_VIDEO_CHANNELS, audio.channels)
  const filters = audioFilters({ channels, source: audio, sampleRate: SAMPLE_RATE }, levels)
  return [
    ...['-map', `0:${audio.stream}`, '-c:a', 'aac', '-b:a', `${audioBitrateKbps}k`],
    ...['-af', [filters, ...more].join(',')],
  ]
}
