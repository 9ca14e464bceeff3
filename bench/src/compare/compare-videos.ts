import { median } from '../measure/statistics.ts'
import { compareImages, type ImageMeasures, type Pair } from './compare-images.ts'
import { meanDifference, meansOf, type Raster } from './raster.ts'
import type { VideoFrames } from './video-frames.ts'

export interface VideoMeasures extends ImageMeasures {
  /** Frames of the source that are never shown. */
  missing: number
  /** How far a frame is shown from its time in the source at most; 0 for one that is repeated in a gap of the source. */
  offMs: number
  /** Frames that look rather like the one before or after theirs. */
  misplaced: number
}

/** Compares each frame of a video with the one that its source shows at that time. */
export function compareVideos(ours: VideoFrames, source: VideoFrames): VideoMeasures {
  const shown = ours.timesSec.map(sec => shownAt(source.timesSec, sec + ROUNDING_SEC))
  const pairs = ours.frames.map((frame, n): Pair => [frame, frameAt(source, shown[n] ?? 0)])
  const isFirst = (n: number) => shown[n] !== shown[n - 1]
  const off = ours.timesSec.map((sec, n) => (isFirst(n) ? sec - (source.timesSec[shown[n] ?? 0] ?? 0) : 0))
  const small = source.frames.map(frame => meansOf(frame, SQUARE))
  const misplaced = ours.frames.filter((frame, n) => isMisplaced(meansOf(frame, SQUARE), small, shown[n] ?? 0))
  return {
    ...compareImages(pairs),
    missing: source.frames.length - new Set(shown).size,
    // The first frame may be shown before its time, so that there is a frame from the beginning.
    offMs: Math.max(off[0] ?? 0, ...off.slice(1).map(Math.abs)) * 1000,
    misplaced: misplaced.length,
  }
}

/** Of the clocks of containers. */
const ROUNDING_SEC = 0.005
const SQUARE = 4
/** By how much nearer a neighbour has to be: where nothing moves, all are alike. */
const CLEARLY = 0.8

function isMisplaced(frame: Raster, source: readonly Raster[], at: number): boolean {
  const distance = (n: number) => {
    const other = source[n]
    return other ? meanDifference(frame, other) : Infinity
  }
  return Math.min(distance(at - 1), distance(at + 1)) < distance(at) * CLEARLY
}

const frameAt = ({ frames }: VideoFrames, n: number): Raster => {
  const frame = frames[n]
  if (!frame) throw new Error('the source has no frames')
  return frame
}

/** Returns the index of the last frame that began before this time. */
const shownAt = (timesSec: readonly number[], sec: number): number =>
  Math.max(
    0,
    timesSec.findLastIndex(time => time <= sec),
  )

const gapsOf = (timesSec: readonly number[]): number[] => timesSec.slice(1).map((sec, n) => sec - (timesSec[n] ?? 0))

/** Seconds from one frame to the next, in the middle of all. */
const gapOf = (timesSec: readonly number[]): number => (timesSec.length > 1 ? median(gapsOf(timesSec)) : 0)

const EVEN_WITHIN = 0.1

/** Returns the median frame duration, and whether all frames last equally long. */
export function rhythmOf(timesSec: readonly number[]): { frameSec: number; isEven: boolean } {
  const frameSec = gapOf(timesSec)
  return { frameSec, isEven: gapsOf(timesSec).every(gap => Math.abs(gap - frameSec) <= frameSec * EVEN_WITHIN) }
}
