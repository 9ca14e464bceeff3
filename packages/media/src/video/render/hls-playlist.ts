import type { Segment } from './hls-segments.ts'

/** The bit rates of a stream, in bits per second: of its dearest part, and on average. */
export interface Bandwidth {
  peak: number
  average: number
}

/** Returns the playlist of one step (RFC 8216): byte ranges of one file, what lies before the first segment is its header. */
export function mediaPlaylist(segments: readonly Segment[], uri: string): string {
  return [
    ...['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${targetSec(segments)}`, '#EXT-X-MEDIA-SEQUENCE:0'],
    ...['#EXT-X-PLAYLIST-TYPE:VOD', `#EXT-X-MAP:URI="${uri}",BYTERANGE="${segments[0]?.from ?? 0}@0"`],
    ...segments.flatMap(({ sec, bytes, from }) => [
      ...[`#EXTINF:${sec.toFixed(6)},`, `#EXT-X-BYTERANGE:${bytes}@${from}`, uri],
    ]),
    ...['#EXT-X-ENDLIST', ''],
  ].join('\n')
}

/** Returns the target duration: the longest segment, rounded to whole seconds. */
const targetSec = (segments: readonly Segment[]): number =>
  Math.max(1, Math.round(segments.reduce((most, { sec }) => Math.max(most, sec), 0)))

/** Returns what a step needs; the peak is that of any segments in a row that last 0.5 to 1.5 times the target (RFC 8216, 4.3.4.2). */
export function bandwidthOf(segments: readonly Segment[]): Bandwidth {
  const target = targetSec(segments)
  const average = rateOf(segments)
  const peak = segments.reduce((most, _, from) => Math.max(most, peakFrom(segments, from, target)), average)
  return { peak: Math.ceil(peak), average: Math.ceil(average) }
}

/** Only the last segment is shorter than half the target. */
const MAX_IN_ROW = 3

function peakFrom(segments: readonly Segment[], from: number, target: number): number {
  const rows = Array.from({ length: MAX_IN_ROW }, (_, n) => segments.slice(from, from + n + 1))
  const counted = rows.filter(row => {
    const sec = row.reduce((sum, segment) => sum + segment.sec, 0)
    return sec >= target * 0.5 && sec <= target * 1.5
  })
  return Math.max(0, ...counted.map(rateOf))
}

const rateOf = (segments: readonly Segment[]): number =>
  (segments.reduce((sum, { bytes }) => sum + bytes, 0) * 8) / segments.reduce((sum, { sec }) => sum + sec, 0)
