import type { FfmpegContext } from '../../ffmpeg/run-ffmpeg.ts'
import { type Loudness, measureLoudness } from './measure-loudness.ts'

/** The stream of a file that is heard. */
export interface SoundStream {
  file: string
  type: string
  stream: number
  channels: number
  /** Hz */
  sampleRate: number
  /** The picture that is seen before anything is heard: the silence until then belongs to the sound. Else null. */
  precededBy: number | null
  durationMs: number
  /** What of its tags may go into files that are made of it. */
  tags: { title?: string; artist?: string; album?: string }
}

export interface SoundSource extends SoundStream {
  /** How loud it is when mixed down to this many channels; measured once, however many files are made of it. */
  loudness(channels: number, onProgress?: (part: number) => void): Promise<Loudness>
}

export function soundSource(context: FfmpegContext, stream: SoundStream): SoundSource {
  const measured = new Map<number, Promise<Loudness>>()
  return {
    ...stream,
    loudness(channels, onProgress) {
      const known = measured.get(channels) ?? measureLoudness(context, stream, channels, onProgress)
      measured.set(channels, known)
      return known
    },
  }
}

/** What is made of a sound, as far as its loudness goes. */
interface Wanted {
  channels: number
  /** LUFS; null leaves it as it is. */
  loudness: number | null
}

/**
 * Begins to measure at once what will be asked for: one core listens while another makes what is looked at first. Whoever asks
 * hears of an error.
 */
export function measureAhead(source: SoundSource, wanted: readonly Wanted[]): void {
  for (const { channels, loudness } of wanted) {
    if (loudness !== null) source.loudness(Math.min(channels, source.channels)).catch(() => undefined)
  }
}
