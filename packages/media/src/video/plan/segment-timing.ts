import type { HlsTiming, VideoEncoding } from '../planned.ts'
import { exactRate, rateDivisor } from './exact-rate.ts'

/** No frame stands still for longer without being repeated, so that audio and video of a segment stay side by side. */
const MAX_STILL_SEC = 0.5
/** How much of the wanted length the steps' frames may ask for. */
const MAX_COMMON_PART = 0.5

/**
 * Returns when all steps of a ladder have a frame: a segment is as near to the wanted length as frames of all steps allow, which of 30
 * and 20 frames in a second are a tenth of a second apart. Where they would be too far apart it has the wanted length, and
 * frames are repeated.
 */
export function segmentTiming(frameRate: number, steps: readonly VideoEncoding[], wantedSec: number): HlsTiming {
  const { frames, sec } = exactRate(frameRate)
  const divisor = steps.map(step => rateDivisor(frameRate, step.frameRate)).reduce(leastMultiple, 1)
  const commonSec = (divisor * sec) / frames
  if (!(commonSec <= wantedSec * MAX_COMMON_PART)) {
    return { segmentSec: wantedSec, stillSec: wantedSec / Math.ceil(wantedSec / MAX_STILL_SEC) }
  }
  const count = Math.round(wantedSec / commonSec)
  const segmentSec = (count * divisor * sec) / frames
  return { segmentSec, stillSec: segmentSec / stillsIn(count, segmentSec) }
}

/**
 * Returns how many stills are in a segment: a divisor of `count`, so that a moving video has a frame there anyway; else
 * a multiple.
 */
function stillsIn(count: number, segmentSec: number): number {
  const least = Math.ceil(segmentSec / MAX_STILL_SEC)
  for (let stills = least; stills < count; stills++) if (count % stills === 0) return stills
  return count * Math.ceil(least / count)
}

const leastMultiple = (a: number, b: number): number => (a * b) / greatestDivisor(a, b)

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b))
