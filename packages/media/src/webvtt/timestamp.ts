/** Formats a time as `hh:mm:ss.ttt`, as WebVTT writes it. */
export function timestamp(ms: number): string {
  const whole = Math.round(ms)
  const [hours, minutes, seconds] = [3600, 60, 1].map(unit => Math.floor(whole / 1000 / unit))
  const pair = (value = 0) => String(value).padStart(2, '0')
  return `${pair(hours)}:${pair((minutes ?? 0) % 60)}:${pair((seconds ?? 0) % 60)}.${String(whole % 1000).padStart(3, '0')}`
}
