import type { Loudness } from './measure-loudness.ts'
import { mixTo } from './mix.ts'
import type { SoundStream } from './source.ts'

/** EBU R 128 allows -1; lossy encoders overshoot. */
const MAX_TRUE_PEAK_DB = -1.5
/** Raising a quiet recording further raises nothing but its noise. */
const MAX_GAIN_DB = 30
/** Four times the rate at which peaks between the samples are found. */
const PEAK_RATE = 192_000
/** Of less than a frame an encoder makes nothing, and a player says that the file is broken. */
const MIN_SEC = 0.05

export interface Target {
  channels: number
  source: Pick<SoundStream, 'channels' | 'precededBy'>
  sampleRate: number
  /** LUFS; null leaves it as it is. */
  loudness: number | null
}

/**
 * The filters that bring a sound to its target: one gain for the whole, so that quiet parts stay quiet, and a limiter where that
 * gain would drive peaks too high.
 */
export function soundFilters({ channels, source, sampleRate, loudness }: Target, measured: Loudness | null): string {
  const gainDb = measured ? gainFor(measured, loudness) : 0
  const isTooHigh = measured !== null && gainDb !== 0 && measured.truePeak + gainDb > MAX_TRUE_PEAK_DB
  return [
    mixTo(channels, source),
    ...(gainDb === 0 ? [] : [`volume=${gainDb.toFixed(2)}dB`]),
    ...(isTooHigh ? [`aresample=${PEAK_RATE}`, LIMITER] : []),
    `aresample=${sampleRate}`,
    `apad=whole_dur=${MIN_SEC}`,
  ].join(',')
}

const LIMITER = `alimiter=limit=${(10 ** (MAX_TRUE_PEAK_DB / 20)).toFixed(4)}:level=false:latency=true`

const gainFor = ({ integrated }: Loudness, loudness: number | null): number =>
  integrated === null || loudness === null ? 0 : Math.min(MAX_GAIN_DB, loudness - integrated)
