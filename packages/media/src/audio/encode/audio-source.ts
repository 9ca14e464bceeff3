import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { FfmpegContext } from '../../ffmpeg/run-ffmpeg.ts'
import { type AudioEncoding, channelsOf, settleLevels } from './encode-audio.ts'
import type { Levels } from './levels.ts'
import { type Loudness, measureLoudness } from './measure-loudness.ts'

/** The stream of a file that is heard. */
export interface AudioInput {
  file: string
  type: string
  stream: number
  channels: number
  /** Hz */
  sampleRate: number
  /** The video that is seen before anything is heard: the silence until then belongs to the audio. Else null. */
  precededBy: number | null
  durationMs: number
  /** What of its tags may go into files that are made of it. */
  tags: { title?: string; artist?: string; album?: string }
}

export interface AudioSource extends AudioInput {
  /** How loud it is when mixed down to this many channels; measured once, however many files are made of it. */
  loudness(channels: number, onProgress?: (part: number) => void): Promise<Loudness>
  /** What brings it to its loudness where it is written into a file with other things; found once for each encoding. */
  levels(encoding: AudioEncoding): Promise<Levels>
}

export function audioSource(context: FfmpegContext, stream: AudioInput): AudioSource {
  const measured = new Map<number, Promise<Loudness>>()
  const settled = new Map<string, Promise<Levels>>()
  const source: AudioSource = {
    ...stream,
    loudness(channels, onProgress) {
      const known = measured.get(channels) ?? measureLoudness(context, stream, channels, onProgress)
      measured.set(channels, known)
      return known
    },
    levels(encoding) {
      const key = JSON.stringify(encoding)
      const known = settled.get(key) ?? tryOut(context, source, encoding)
      settled.set(key, known)
      return known
    },
  }
  return source
}

/** Encodes the audio alone to a temporary file, and measures its levels. */
async function tryOut(context: FfmpegContext, source: AudioSource, encoding: AudioEncoding): Promise<Levels> {
  const output = path.join(context.outDir, 'levels.tmp')
  try {
    const measured = await source.loudness(channelsOf(encoding, source))
    return (await settleLevels({ context, encoding, source, output }, measured)).levels
  } finally {
    await rm(output, { force: true })
  }
}

/** What is made of an audio file, as far as its loudness goes. */
interface Wanted {
  channels: number
  /** LUFS; null leaves it as it is. */
  loudness: number | null
}

/**
 * Begins to measure at once what will be asked for: one core listens while another makes what is looked at first. Whoever asks
 * hears of an error.
 */
export function measureAhead(source: AudioSource, wanted: readonly Wanted[]): void {
  for (const { channels, loudness } of wanted) {
    if (loudness !== null) source.loudness(Math.min(channels, source.channels)).catch(() => undefined)
  }
}
