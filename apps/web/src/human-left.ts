/** Formats the remaining time as roughly as it is known: `about 20 s left`. */
export function humanLeft(leftMs: number): string {
  const seconds = leftMs / 1000
  if (seconds <= 5) return 'a few seconds left'
  if (seconds <= 55) return `about ${Math.ceil(seconds / 10) * 10} s left`
  const minutes = Math.max(1, Math.round(seconds / 60))
  return minutes < 90 ? `about ${minutes} min left` : `about ${Math.round(minutes / 60)} h left`
}
