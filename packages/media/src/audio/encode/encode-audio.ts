import { WRITTEN_AUDIO_TYPES } from '@darkroom/contracts/written-types'
import { type FfmpegContext, runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts'
import type { PlannedAudioTrack } from '../planned.ts'
import type { AudioInput } from './audio-source.ts'
import { ENCODERS, outputRate } from './encoders.ts'
import { audioFilters } from './filters.ts'
import { findLevels, type Levels, maxAttempts, needsListening, plainLevels } from './levels.ts'
import { type Loudness, measureLoudness } from './measure-loudness.ts'

/** What decides how an audio file is encoded. */
export type AudioEncoding = Pick<PlannedAudioTrack, 'codec' | 'bitrateKbps' | 'channels' | 'loudness'> & {
  /** Hz; what fits the source when left out. */
  sampleRate?: number
}

/** Hears how much of something is done, from 0 to 1. */
export type OnPart = (part: number) => void

/** How much of the time of an attempt encoding takes; the rest is listening. */
const ENCODING = 0.75

interface Encoded {
  context: FfmpegContext
  encoding: AudioEncoding
  source: AudioInput
  /** Absolute path. */
  output: string
}

export const channelsOf = (
  { channels }: Pick<AudioEncoding, 'channels'>,
  source: Pick<AudioInput, 'channels'>,
): number => Math.min(channels, source.channels)

/** Writes an audio file with these levels, and no tag but those that it may have. */
export async function encodeAudio(
  { context, encoding, source, output }: Encoded,
  levels: Levels,
  onProgress: OnPart = () => undefined,
): Promise<void> {
  const { file, type, stream, durationMs: totalMs, tags } = source
  const { codec, bitrateKbps } = encoding
  const channels = channelsOf(encoding, source)
  const { encoder, maxKbps, container, makeUpDb } = ENCODERS[codec]
  const kbps = Math.min(bitrateKbps, maxKbps * channels)
  const sampleRate = encoding.sampleRate ?? outputRate(codec, source.sampleRate)
  const isNormalised = encoding.loudness !== null
  const filters = audioFilters({ channels, source, sampleRate, makeUpDb: isNormalised ? makeUpDb(kbps) : 0 }, levels)
  const args = [
    ...['-map', `0:${stream}`, '-af', filters, '-c:a', encoder, '-b:a', `${kbps}k`],
    ...['-map_metadata', '-1', '-map_chapters', '-1'],
    ...Object.entries(tags).flatMap(([name, text]) => ['-metadata', `${name}=${text}`]),
    ...container,
    output,
    ...clockArgs(source),
  ]
  await runFfmpeg(context, { file, type, args, totalMs, onProgress })
}

/** Where a format's clock may begin anywhere, ffmpeg counts from the first stream that is read. */
const COUNTS_FROM_WHAT_IS_READ: ReadonlySet<string> = new Set(['video/mp2t', 'video/mpeg'])

/** Returns the arguments for a second, empty output, which makes ffmpeg read the video. */
const clockArgs = ({ type, precededBy }: AudioInput): string[] =>
  precededBy !== null && COUNTS_FROM_WHAT_IS_READ.has(type)
    ? ['-map', `0:${precededBy}`, '-c', 'copy', '-f', 'null', '-']
    : []

/**
 * Returns the levels that bring an audio file to its loudness in this encoding. Most need no trial; where a limiter takes effect, or peaks come near
 * the highest that is allowed, the audio is encoded into `output` and listened to, until it is right.
 * `nextPass` is asked for whom to tell of the progress of each attempt.
 * @returns the levels, and whether `output` holds the audio with them already
 */
export async function settleLevels(
  encoded: Encoded,
  measured: Loudness,
  nextPass: () => OnPart = () => () => undefined,
): Promise<{ levels: Levels; isMade: boolean }> {
  const { context, encoding, source, output } = encoded
  const plain = plainLevels(measured, encoding.loudness)
  if (encoding.loudness === null || !needsListening(plain, measured)) return { levels: plain, isMade: false }
  const channels = channelsOf(encoding, source)
  const made = {
    ...source,
    file: output,
    type: WRITTEN_AUDIO_TYPES[encoding.codec],
    stream: 0,
    channels,
    precededBy: null,
  }
  const attempt = async (levels: Levels) => {
    const onPart = nextPass()
    await encodeAudio(encoded, levels, part => onPart(part * ENCODING))
    return await measureLoudness(context, made, channels, part => onPart(ENCODING + part * (1 - ENCODING)))
  }
  const { levels, isLast } = await findLevels(plain, encoding.loudness, attempt, maxAttempts(source.durationMs))
  return { levels, isMade: isLast }
}
