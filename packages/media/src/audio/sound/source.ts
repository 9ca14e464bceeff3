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
  durationMs: number
  /** What of its tags may go into files that are made of it. */
  tags: { title?: string; artist?: string; album?: string }
}

export interface SoundSource extends SoundStream {
  /** How loud it is when mixed down to so many channels; measured once, however many files are made of it. */
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
