/** The bit rates of a stream, in bits per second: of its dearest segment, and on average. */
export interface Bandwidth {
  peak: number
  average: number
}

/** A playlist of ffmpeg's with every name of a file replaced; there is only one file, in byte ranges. */
export const pointTo = (playlist: string, uri: string): string =>
  playlist
    .split('\n')
    .map(line => (line === '' || line.startsWith('#') ? line.replace(/URI="[^"]*"/, `URI="${uri}"`) : uri))
    .join('\n')

/** What the segments of a playlist of byte ranges need. */
export function bandwidthOf(playlist: string): Bandwidth {
  const segments = [...playlist.matchAll(/#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@/g)].map(([, sec, bytes]) => ({
    sec: Math.max(MIN_SEC, Number(sec)),
    bits: Number(bytes) * 8,
  }))
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  return {
    peak: Math.ceil(Math.max(...segments.map(({ bits, sec }) => bits / sec))),
    average: Math.ceil(sum(segments.map(({ bits }) => bits)) / sum(segments.map(({ sec }) => sec))),
  }
}

/** The last segment may be a single frame, which says nothing about the stream. */
const MIN_SEC = 0.5
