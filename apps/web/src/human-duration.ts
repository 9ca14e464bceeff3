/** Minutes and seconds as players show them: `0:05`, `3:20`, `1:02:09`. */
export function humanDuration(durationMs: number): string {
  // What is there lasts: half a second reads as one, not as none.
  const seconds = Math.max(1, Math.round(durationMs / 1000))
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60]
  const hours = Math.floor(seconds / 3600)
  const all = hours > 0 ? [hours, ...parts] : parts
  return all.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}
