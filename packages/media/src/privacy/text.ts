import { readFile } from 'node:fs/promises'
import type { PlannedVariant } from '../planned.ts'
import type { Output } from './check-output.ts'

/** Where the work happens; nobody outside has a use for it. */
export interface WorkPlaces {
  file: string
  outDir: string
}

/**
 * A reference to another variant; the parent puts a file name in its place. A name has at most 63 characters, and what a
 * ladder adds to it (`-4320-media`) some more.
 */
const REFERENCE = String.raw`\{\{[a-z0-9][a-z0-9-]{0,79}\}\}`

/** Every line of ours is one of these. */
const PLAYLIST = new RegExp(
  String.raw`^(|#EXTM3U|#EXT-X-(VERSION|TARGETDURATION|MEDIA-SEQUENCE|PLAYLIST-TYPE):\w+|#EXT-X-(INDEPENDENT-SEGMENTS|ENDLIST|DISCONTINUITY)` +
    String.raw`|#EXT-X-BYTERANGE:[\d@]+|#EXTINF:[\d.]+,|#EXT-X-MAP:URI="${REFERENCE}"(,BYTERANGE="[\d@]+")?` +
    String.raw`|#EXT-X-STREAM-INF:[\w.,=" -]+|${REFERENCE})$`,
)
const CAPTIONS = new RegExp(String.raw`^(|WEBVTT|[\d:.]+ --> [\d:.]+|${REFERENCE}(#xywh=[\d,]+)?)$`)
/** The times of chapters, each with one line of its owner's own words: no remark, no tag. */
const CHAPTERS = /^WEBVTT\n(\n[\d:.]+ --> [\d:.]+\n([^\p{Cc}&<>]|&(amp|lt|gt);)+\n)+$/u
/** The waveform's own names, and numbers. */
const PEAKS_NUMBERS = ['version', 'channels', 'sample_rate', 'samples_per_pixel', 'bits', 'length']

const unknownLines =
  (known: RegExp) =>
  (text: string): string[] =>
    text
      .split(/\r?\n/)
      .flatMap((line, n) => (known.test(line) ? [] : [`line ${n + 1}`]))
      .slice(0, 5)

const isNumbers = (values: unknown): boolean => Array.isArray(values) && values.every(value => Number.isFinite(value))

/** Checks the parsed JSON of peaks. */
function isPeaks(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { data, ...rest } = value as Record<string, unknown>
  const isKnown = Object.keys(rest).toSorted().join() === PEAKS_NUMBERS.toSorted().join()
  return isKnown && isNumbers(Object.values(rest)) && isNumbers(data)
}

function unknownPeaks(text: string): string[] {
  try {
    return isPeaks(JSON.parse(text)) ? [] : ['more than numbers']
  } catch {
    return ['what is not JSON']
  }
}

const unknownCues = (text: string, { type }: Typed): string[] => {
  if (type !== 'chapters') return unknownLines(CAPTIONS)(text)
  return CHAPTERS.test(text) ? [] : ['more than times and titles']
}

type Typed = Pick<PlannedVariant, 'type'>

const findings =
  (unknown: (text: string, variant: Typed) => string[]) =>
  async (variant: Typed, { file }: Pick<Output, 'file'>, places: WorkPlaces): Promise<string[]> => {
    const text = await readFile(file, 'utf8')
    const isInside = [places.outDir, places.file].some(place => text.includes(place))
    return [...(isInside ? ['a path of the worker'] : []), ...unknown(text, variant)]
  }

/** By content type. The text of a document is its owner's own words, and so are the titles of chapters. */
export const TEXT_CHECKS = {
  'text/plain': findings(() => []),
  'text/vtt': findings(unknownCues),
  'application/vnd.apple.mpegurl': findings(unknownLines(PLAYLIST)),
  'application/json': findings(unknownPeaks),
}
