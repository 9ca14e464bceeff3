import type { AudioInput } from './audio-source.ts'
import type { Levels } from './levels.ts'
import { mixTo } from './mix.ts'

/** Four times the rate at which peaks between the samples are found. */
const PEAK_RATE = 192_000
/** Of less than a frame an encoder makes nothing, and a player says that the file is broken. */
const MIN_SEC = 0.05

export interface Target {
  channels: number
  source: Pick<AudioInput, 'channels' | 'precededBy'>
  sampleRate: number
  /** Given back behind the limiter, because the encoder takes it away. */
  makeUpDb?: number
}

/**
 * Returns the filters that bring an audio file to its levels: one gain for the whole, so that quiet parts stay quiet, and a limiter where that
 * gain would drive peaks too high.
 */
export const audioFilters = (
  { channels, source, sampleRate, makeUpDb = 0 }: Target,
  { gainDb, limitDb }: Levels,
): string =>
  [
    mixTo(channels, source),
    ...volume(gainDb),
    ...(limitDb === null ? [] : [`aresample=${PEAK_RATE}`, limiter(limitDb)]),
    `aresample=${sampleRate}`,
    ...volume(makeUpDb),
    `apad=whole_dur=${MIN_SEC}`,
  ].join(',')

const volume = (db: number): string[] => (db === 0 ? [] : [`volume=${db.toFixed(2)}dB`])

const limiter = (db: number): string => `alimiter=limit=${(10 ** (db / 20)).toFixed(4)}:level=false:latency=true`
