/** How long something is, in minutes and seconds as players show them: `0:05`, `3:20`, `1:02:09`. */
// What is there lasts: half a second reads as one, not as none.
export const humanDuration = (durationMs: number): string => inClock(Math.max(1, Math.round(durationMs / 1000)))

/**
 * Formats the start of something as `humanDuration` does, rounded down: what begins at 1.9 s begins within second 1.
 */
export const clockTime = (startMs: number): string => inClock(Math.floor(startMs / 1000))

function inClock(seconds: number): string {
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60]
  const hours = Math.floor(seconds / 3600)
  const all = hours > 0 ? [hours, ...parts] : parts
  return all.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}
