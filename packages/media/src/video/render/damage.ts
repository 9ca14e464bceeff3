import type { VideoFacts } from '../../facts.ts'
import { MediaFault } from '../../fault.ts'
import type { SourceWarning } from '../../source-warning.ts'

/** More than this part of the frames broken or missing, and it is not the same video any more. */
const MAX_LOST_PART = 1 / 3
/** Of the audio: some files begin in the middle of one, and nobody hears it. */
const MAX_STRAY_PARTS = 2

/** What ffmpeg says of each frame that it cannot decode, or of which it has to guess a part; with the index of its stream. */
const BROKEN =
  /^\[error\] Error while decoding stream #0:(\d+): |^\[warning\] .*: corrupt decoded frame in stream (\d+)$/
/** Of a line that comes several times in a row. */
const REPEATED = /^ {4}Last message repeated (\d+) times$/

/** Broken frames by the index of their stream. */
type Broken = ReadonlyMap<number, number>

export interface BrokenCount {
  broken: Broken
  /** Hears each line that ffmpeg says. */
  onLine(line: string): void
}

/** Counts what ffmpeg cannot decode while it makes something. */
export function countBroken(): BrokenCount {
  const broken = new Map<number, number>()
  let last: number | undefined
  return {
    broken,
    onLine(line) {
      const repeated = REPEATED.exec(line)?.[1]
      if (repeated === undefined) last = streamOf(line)
      if (last !== undefined) broken.set(last, (broken.get(last) ?? 0) + Number(repeated ?? 1))
    },
  }
}

/** Counts what is broken for as long as all of the video is decoded. */
export function watch({ counted }: { counted: BrokenCount[] }): BrokenCount['onLine'] {
  const count = countBroken()
  counted.push(count)
  return count.onLine
}

function streamOf(line: string): number | undefined {
  const [, failed, guessed] = BROKEN.exec(line) ?? []
  const stream = failed ?? guessed
  return stream === undefined ? undefined : Number(stream)
}

/**
 * Returns what is lost of a video, by what was counted while all of it was decoded; null when nothing is.
 * @throws MediaFault CORRUPT_FILE when it is too much
 */
export function damageOf(facts: VideoFacts, broken: Broken): SourceWarning | null {
  const { missingFrames, videoStream, audioStream, frameRate, shownMs } = facts
  const present = Math.max(1, Math.round((frameRate * shownMs) / 1000))
  const frames = present + missingFrames
  const brokenFrames = Math.min(present, broken.get(videoStream) ?? 0)
  const brokenParts = broken.get(audioStream ?? -1) ?? 0
  const lost = [
    ...(missingFrames > 0 ? [`${missingFrames} of ${frames} frames are missing`] : []),
    ...(brokenFrames > 0 ? [`${brokenFrames} of ${frames} frames are damaged`] : []),
    ...(brokenParts > MAX_STRAY_PARTS ? [`${brokenParts} parts of the audio cannot be decoded`] : []),
  ]
  if (lost.length === 0) return null
  const detail = lost.join(', ')
  if (brokenFrames + missingFrames > frames * MAX_LOST_PART) throw new MediaFault('CORRUPT_FILE', detail)
  return { code: 'STREAM_DAMAGED', detail: `${detail}.` }
}
