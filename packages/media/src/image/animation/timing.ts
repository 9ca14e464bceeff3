/** Browsers show a frame that claims 10 ms or less for 100 ms. */
const SHORTEST_MS = 11
const DEFAULT_MS = 100
/** 50 frames a second; more is more than most players show. */
const MIN_TICK_MS = 20
/** This many images at most, however unequal the delays are. */
const MAX_TICKS = 3000

export interface Timing {
  /** Length of one image of a video of constant rate. */
  tickMs: number
  /** For how many ticks each frame is shown, at least one. */
  ticks: number[]
}

/** Returns the delays of an animation's frames, in ms, as a video of constant frame rate. */
export function timingOf(delaysMs: readonly number[]): Timing {
  const shown = delaysMs.map(ms => (ms < SHORTEST_MS ? DEFAULT_MS : ms))
  const totalMs = shown.reduce((sum, ms) => sum + ms, 0)
  const tickMs = Math.max(MIN_TICK_MS, shown.reduce(divisor, 0), Math.ceil(totalMs / MAX_TICKS))
  return { tickMs, ticks: shown.map(ms => Math.max(1, Math.round(ms / tickMs))) }
}

/** Returns the greatest common divisor. */
const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))
