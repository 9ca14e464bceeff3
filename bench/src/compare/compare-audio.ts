import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface AudioMeasures {
  /** Of both, at the shift that fits best: 1 is the same but for its loudness. */
  correlation: number
  /** By how much ours is later. */
  offMs: number
  /** By how much ours is longer. */
  longerMs: number
}

/** Fine enough to tell a twentieth of a millisecond. */
export const SAMPLE_RATE = 24_000
/** In Hz: below it every codec keeps the wave. */
const KEPT_BELOW = 3000
const MAX_SHIFT = SAMPLE_RATE * 0.05
/** Enough to find the shift by. */
const WINDOW = SAMPLE_RATE

/**
 * Decodes one channel of an audio file with ffmpeg alone. With `clockStartSec`, the audio of a video from that time of
 * its clock on: what begins later is preceded by silence.
 */
export async function audioSamples(file: string, clockStartSec: number | null = null): Promise<Float32Array> {
  const byClock = clockStartSec === null ? [] : [`asetpts=PTS-${clockStartSec}/TB`, 'aresample=async=1:first_pts=0']
  const filters = [...byClock, 'aformat=channel_layouts=stereo', 'pan=mono|c0=.5*c0+.5*c1', `lowpass=${KEPT_BELOW}`]
  const input = ['-v', 'error', '-nostdin', ...(clockStartSec === null ? [] : ['-copyts']), '-i', file, '-map', '0:a:0']
  const output = ['-af', filters.join(), '-ar', String(SAMPLE_RATE), '-f', 'f32le', '-']
  const { stdout } = await promisify(execFile)('ffmpeg', [...input, ...output], {
    encoding: 'buffer',
    maxBuffer: 2 ** 30,
  })
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length))
}

/** Of full scale: what codecs make of silence. */
const SILENT = 0.001
const isSilent = (samples: Float32Array): boolean => samples.every(sample => Math.abs(sample) < SILENT)

/**
 * Measures the difference of two audio files that should be the same but for their loudness. Silence equals silence
 * only.
 */
export function compareAudio(ours: Float32Array, source: Float32Array): AudioMeasures {
  const longerMs = ((ours.length - source.length) / SAMPLE_RATE) * 1000
  if (isSilent(source)) return { correlation: isSilent(ours) ? 1 : 0, offMs: 0, longerMs }
  const from = Math.max(0, Math.floor((source.length - WINDOW) / 2))
  const window = source.subarray(from, from + WINDOW)
  const shifts = Array.from({ length: 2 * MAX_SHIFT + 1 }, (_, n) => n - MAX_SHIFT)
  const fits = shifts.map(shift => correlation(window, ours, from + shift))
  const shift = shifts[fits.indexOf(Math.max(...fits))] ?? 0
  return {
    correlation: correlation(source, ours, shift),
    offMs: (shift / SAMPLE_RATE) * 1000,
    longerMs,
  }
}

/**
 * Computes the correlation of one audio file with the part of another that begins at `from`; 0 when one of them is
 * silent.
 */
function correlation(one: Float32Array, other: Float32Array, from: number): number {
  let [product, ones, others] = [0, 0, 0]
  for (let at = 0; at < one.length; at++) {
    const a = one[at] ?? 0
    const b = other[at + from] ?? 0
    product += a * b
    ones += a * a
    others += b * b
  }
  return ones > 0 && others > 0 ? product / Math.sqrt(ones * others) : 0
}
