import type { Loudness } from './measure-loudness.ts'

/** EBU R 128 allows -1; players and further encoders overshoot. Of the file as it is decoded. */
export const MAX_TRUE_PEAK_DB = -1.5
/** Raising a quiet recording further raises nothing but its noise. */
const MAX_GAIN_DB = 30
/** By so much an encoder may drive peaks up that came out of no limiter. */
const OVERSHOOT_DB = 2
/** Nearer than this nobody hears, and encoders are not exact. */
const NEAR_LU = 0.4
/**
 * The same where no limiter took anything away. What is missing then was taken by the encoder, out of frequencies that it leaves out;
 * a second encode for it would double the time. Audio files whose peaks come near no limit are not even listened to.
 */
const NEAR_UNLIMITED_LU = 1
const NEAR_DB = 0.05
const MIN_LIMIT_DB = -12
/** A limiter takes back part of what the gain adds; more than this is not asked for at once. */
const MAX_STEP_DB = 12

/** Returns the most attempts of encoding and listening; each of a long audio file takes minutes. */
export const maxAttempts = (durationMs: number): number => (durationMs > LONG_MS ? 3 : 6)
const LONG_MS = 30 * 60_000

/** How an audio file is brought to its loudness: by one gain, and a limiter behind it where peaks would get too high. */
export interface Levels {
  gainDb: number
  /** Null where no peak comes near. */
  limitDb: number | null
}

/** Of an audio file that keeps its loudness. */
export const AS_IT_IS: Levels = { gainDb: 0, limitDb: null }

/** Makes a file with these levels and says how loud it is when it is decoded again. */
type Attempt = (levels: Levels) => Promise<Loudness>

/** Returns the levels by its loudness alone: true of all that is not limited. */
export function plainLevels({ integrated, truePeak }: Loudness, target: number | null): Levels {
  if (integrated === null || target === null) return { gainDb: 0, limitDb: null }
  const gainDb = Math.min(MAX_GAIN_DB, target - integrated)
  return { gainDb, limitDb: truePeak + gainDb > MAX_TRUE_PEAK_DB ? MAX_TRUE_PEAK_DB : null }
}

/** Returns whether the file has to be listened to: what a limiter takes away, and what an encoder adds, only that tells. */
export const needsListening = ({ gainDb }: Levels, { integrated, truePeak }: Loudness): boolean =>
  integrated !== null && truePeak + gainDb > MAX_TRUE_PEAK_DB - OVERSHOOT_DB

interface Tried {
  levels: Levels
  result: Loudness
}

/**
 * Tries until the decoded file has its loudness, and no peak above the highest that is allowed. Where both cannot be had, the
 * peak is kept and the loudness comes as near as it may.
 * @returns the levels of the best attempt, and whether that was the last one
 */
export async function findLevels(
  first: Levels,
  target: number,
  attempt: Attempt,
  attempts = 6,
): Promise<{ levels: Levels; isLast: boolean }> {
  const tried: Tried[] = []
  let levels: Levels | null = first
  while (levels && tried.length < attempts) {
    tried.push({ levels, result: await attempt(levels) })
    levels = next(tried, target)
  }
  const best = tried.reduce((best, one) => (badness(one.result, target) < badness(best.result, target) ? one : best))
  return { levels: best.levels, isLast: best === tried.at(-1) }
}

const overshootOf = ({ truePeak }: Loudness): number => Math.max(0, truePeak - MAX_TRUE_PEAK_DB)
const lackOf = ({ integrated }: Loudness, target: number): number => (integrated === null ? 0 : target - integrated)

/** Rates a result: a decibel above the peak limit weighs more than any loudness. */
const badness = (result: Loudness, target: number): number => {
  const overshoot = overshootOf(result)
  return (overshoot > NEAR_DB ? 100 + overshoot : 0) + Math.abs(lackOf(result, target))
}

/** Returns the levels to try next; null when the result is good, or cannot be improved. */
function next(tried: readonly Tried[], target: number): Levels | null {
  const [before, last] = [tried.at(-2), tried.at(-1)]
  if (!last) return null
  const { levels, result } = last
  const overshoot = overshootOf(result)
  const lack = lackOf(result, target)
  const near = levels.limitDb === null ? NEAR_UNLIMITED_LU : NEAR_LU
  if (overshoot <= NEAR_DB && Math.abs(lack) <= near) return null
  const wanted = Math.abs(lack) <= NEAR_LU ? levels.gainDb : (between(tried, target) ?? onwards(before, last, lack))
  const gainDb = Math.min(MAX_GAIN_DB, wanted)
  const limitDb = Math.max(
    MIN_LIMIT_DB,
    (levels.limitDb ?? MAX_TRUE_PEAK_DB) - (overshoot > NEAR_DB ? overshoot + NEAR_DB : 0),
  )
  const isSame = gainDb === levels.gainDb && limitDb === levels.limitDb
  return isSame ? null : { gainDb, limitDb }
}

/** Returns the gain between one that was too quiet and one that was too loud; null until there are both. */
function between(tried: readonly Tried[], target: number): number | null {
  const byGain = tried.toSorted((a, b) => a.levels.gainDb - b.levels.gainDb)
  const quiet = byGain.findLast(({ result }) => lackOf(result, target) > 0)
  const loud = byGain.find(({ result }) => lackOf(result, target) < 0)
  if (!quiet || !loud || quiet.levels.gainDb >= loud.levels.gainDb) return null
  const [lack, excess] = [lackOf(quiet.result, target), -lackOf(loud.result, target)]
  return quiet.levels.gainDb + ((loud.levels.gainDb - quiet.levels.gainDb) * lack) / (lack + excess)
}

function onwards(before: Tried | undefined, last: Tried, lack: number): number {
  const step = lack / slope(before, last)
  return last.levels.gainDb + Math.max(-MAX_STEP_DB, Math.min(MAX_STEP_DB, step))
}

/** Until it is known. */
const LIMITED_SLOPE = 0.5

/** Returns how many LU a decibel of gain has brought, as far as it is known. */
function slope(before: Tried | undefined, { levels, result }: Tried): number {
  const gained = before ? levels.gainDb - before.levels.gainDb : 0
  const louder = (result.integrated ?? 0) - (before?.result.integrated ?? 0)
  if (Math.abs(gained) < NEAR_LU) return levels.limitDb === null ? 1 : LIMITED_SLOPE
  return Math.max(0.2, Math.min(1, louder / gained))
}
