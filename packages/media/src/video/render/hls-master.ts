import type { HlsStep, PlannedHls } from '../planned.ts'
import type { Bandwidth } from './hls-playlist.ts'

/** What the container adds. */
const OVERHEAD = 1.1

/** Returns the upper bound of a step's bit rate, which is known before it is made. */
const boundOf = ({ maxBitrateKbps, audioBitrateKbps }: HlsStep): number =>
  Math.ceil((maxBitrateKbps + (audioBitrateKbps ?? 0)) * 1000 * OVERHEAD)

/** Returns the master playlist (RFC 8216); each step by its playlist as `{{name}}`, with what was measured of those made just now. */
export function masterPlaylist(
  { steps, stillSec }: Pick<PlannedHls, 'steps' | 'stillSec'>,
  measured: ReadonlyMap<string, Bandwidth>,
): string {
  const entries = steps.flatMap(step => [
    `#EXT-X-STREAM-INF:${attributes(step, stillSec, measured.get(step.name))}`,
    `{{${step.name}}}`,
  ])
  return ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS', ...entries, ''].join('\n')
}

function attributes(step: HlsStep, stillSec: number, bandwidth: Bandwidth | undefined): string {
  const { width, height } = step
  const frameRate = Math.max(step.frameRate, 1 / stillSec)
  return [
    `BANDWIDTH=${bandwidth?.peak ?? boundOf(step)}`,
    ...(bandwidth ? [`AVERAGE-BANDWIDTH=${bandwidth.average}`] : []),
    `CODECS="${codecsOf(step)}"`,
    `RESOLUTION=${width}x${height}`,
    `FRAME-RATE=${frameRate.toFixed(3)}`,
  ].join(',')
}

/** x264 at its quickest leaves out what the high profile is for, and says so. */
const BASELINE = '42c0'
const HIGH = '6400'

/** Returns the codecs of a step: H.264, and AAC-LC (RFC 6381). */
const codecsOf = ({ effort, level, audioBitrateKbps }: HlsStep): string =>
  [
    `avc1.${effort === 0 ? BASELINE : HIGH}${level.toString(16).padStart(2, '0')}`,
    ...(audioBitrateKbps === null ? [] : ['mp4a.40.2']),
  ].join(',')
