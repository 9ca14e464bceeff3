import { type FfmpegContext, runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts'
import type { AudioInput } from '../encode/audio-source.ts'
import { mixTo } from '../encode/mix.ts'

const SAMPLE_BYTES = 2
const MAX_CHANNELS = 2

/** Returns how many channels are looked at: mixed into one, those in antiphase would cancel out, though everybody hears them. */
export const waveChannels = ({ channels }: Pick<AudioInput, 'channels'>): number => Math.min(MAX_CHANNELS, channels)

/** Decodes an audio file to samples of 16 bit at its own rate, channels interleaved, and passes them on piece by piece, however long it is. */
export async function readSamples(
  context: FfmpegContext,
  audio: AudioInput,
  onSamples: (samples: Int16Array) => void,
  onProgress: (part: number) => void,
): Promise<void> {
  const { file, type, stream, sampleRate, durationMs } = audio
  const raw = ['-ar', String(sampleRate), '-c:a', 'pcm_s16le', '-f', 's16le', 'pipe:1']
  const args = ['-map', `0:${stream}`, '-af', mixTo(waveChannels(audio), audio), ...raw]
  let rest: Buffer = Buffer.alloc(0)
  const onData = (chunk: Buffer): void => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    const whole = bytes.length - (bytes.length % SAMPLE_BYTES)
    rest = bytes.subarray(whole)
    onSamples(toSamples(bytes.subarray(0, whole)))
  }
  await runFfmpeg(context, { file, type, args, totalMs: durationMs, onProgress, onData })
}

/** Views a chunk as samples. A view must begin at an even address; chunks of a pipe nearly always do. */
const toSamples = ({ buffer, byteOffset, length }: Buffer): Int16Array =>
  byteOffset % SAMPLE_BYTES === 0
    ? new Int16Array(buffer, byteOffset, length / SAMPLE_BYTES)
    : new Int16Array(buffer.slice(byteOffset, byteOffset + length))
