import type { SoundSpec } from '@darkroom/contracts'

interface Encoder {
  /** ffmpeg's name of it. */
  encoder: string
  /** The rates in Hz that it takes and that players like. */
  sampleRates: readonly number[]
  /** For each channel. */
  maxKbps: number
  container: readonly string[]
}

export const ENCODERS: Record<SoundSpec['codec'], Encoder> = {
  aac: {
    encoder: 'aac',
    sampleRates: [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000],
    maxKbps: 256,
    container: ['-movflags', '+faststart', '-f', 'ipod'],
  },
  opus: { encoder: 'libopus', sampleRates: [48_000], maxKbps: 256, container: ['-f', 'ogg'] },
  // At the lower rates a player that ignores the encoder's delay would show a longer file.
  mp3: {
    encoder: 'libmp3lame',
    sampleRates: [44_100, 48_000],
    maxKbps: 320,
    container: ['-id3v2_version', '3', '-f', 'mp3'],
  },
}

/** The lowest rate that keeps all there is to hear; above 48 kHz the one that divides the source evenly. */
export function outputRate(codec: SoundSpec['codec'], sourceRate: number): number {
  const { sampleRates } = ENCODERS[codec]
  const even = sampleRates.findLast(rate => sourceRate % rate === 0 && rate >= 44_100)
  return sampleRates.find(rate => rate >= sourceRate) ?? even ?? 48_000
}
