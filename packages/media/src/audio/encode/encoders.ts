import type { AudioTrackSpec } from '@darkroom/contracts'

interface Encoder {
  /** ffmpeg's name of it. */
  encoder: string
  /** The rates in Hz that it takes and that players like. */
  sampleRates: readonly number[]
  /** For each channel. */
  maxKbps: number
  container: readonly string[]
  /** By how much it makes an audio file quieter at this bit rate, in dB: measured, the same for all audio files. */
  makeUpDb: (kbps: number) => number
}

export const ENCODERS: Record<AudioTrackSpec['codec'], Encoder> = {
  aac: {
    encoder: 'aac',
    sampleRates: [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000],
    maxKbps: 256,
    container: ['-movflags', '+faststart', '-f', 'ipod'],
    makeUpDb: () => 0,
  },
  opus: { encoder: 'libopus', sampleRates: [48_000], maxKbps: 256, container: ['-f', 'ogg'], makeUpDb: () => 0 },
  // At the lower rates a player that ignores the encoder's delay would show a longer file.
  mp3: {
    encoder: 'libmp3lame',
    sampleRates: [44_100, 48_000],
    maxKbps: 320,
    container: ['-id3v2_version', '3', '-f', 'mp3'],
    // LAME multiplies by 0.95 (0.97 at 192 kbit/s), so that its decoders do not clip.
    makeUpDb: kbps => (kbps < 192 ? 0.45 : kbps < 224 ? 0.26 : 0),
  },
}

/** Returns the lowest rate that keeps all there is to hear; above 48 kHz the one that divides the source evenly. */
export function outputRate(codec: AudioTrackSpec['codec'], sourceRate: number): number {
  const { sampleRates } = ENCODERS[codec]
  const even = sampleRates.findLast(rate => sourceRate % rate === 0 && rate >= 44_100)
  return sampleRates.find(rate => rate >= sourceRate) ?? even ?? 48_000
}
