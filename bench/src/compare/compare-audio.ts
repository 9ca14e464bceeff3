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
  const shift = shiftOf(ours, source)
  return {
    correlation: correlation(source, part(ours, shift, source.length)),
    offMs: (shift / SAMPLE_RATE) * 1000,
    longerMs,
  }
}

/** Finds by how many samples ours is later than the source, at most `MAX_SHIFT`: where the middle of the source correlates best. */
function shiftOf(ours: Float32Array, source: Float32Array): number {
  const from = Math.max(0, Math.floor((source.length - WINDOW) / 2))
  const window = source.subarray(from, from + WINDOW)
  const reach = part(ours, from - MAX_SHIFT, window.length + 2 * MAX_SHIFT)
  let energy = product(reach.subarray(0, window.length), reach)
  let [best, shift] = [-Infinity, 0]
  for (let n = 0; n <= 2 * MAX_SHIFT; n++) {
    // The energy of the window is the same at every shift.
    const fit = energy > 0 ? product(window, reach.subarray(n)) / Math.sqrt(energy) : 0
    if (fit > best) [best, shift] = [fit, n - MAX_SHIFT]
    energy += (reach[n + window.length] ?? 0) ** 2 - (reach[n] ?? 0) ** 2
  }
  return shift
}

/** Returns so many samples from this one on; silence where there are none. */
function part(samples: Float32Array, from: number, length: number): Float32Array {
  const cut = new Float32Array(length)
  cut.set(samples.subarray(Math.max(0, from), Math.max(0, from + length)), Math.max(0, -from))
  return cut
}

/** Computes the correlation of two audio files of one length; 0 when one of them is silent. */
function correlation(one: Float32Array, other: Float32Array): number {
  const energy = product(one, one) * product(other, other)
  return energy > 0 ? product(one, other) / Math.sqrt(energy) : 0
}

/** Sums the products of the samples of two audio files, as far as the first goes. */
function product(one: Float32Array, other: Float32Array): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += (one[at] as number) * (other[at] as number)
  return sum
}
