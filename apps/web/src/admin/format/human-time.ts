const SEC = 1000
const MIN = 60 * SEC
const HOUR = 60 * MIN
const DAY = 24 * HOUR

/** Formats a duration to its largest unit: `12 s`, `3 min`, `5 h`, `4 days`. */
export function humanSpan(ms: number): string {
  if (ms < MIN) return `${Math.max(0, Math.floor(ms / SEC))} s`
  if (ms < HOUR) return `${Math.floor(ms / MIN)} min`
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`
  return `${Math.floor(ms / DAY)} days`
}

/** Formats how long work took, precisely enough to compare: `340 ms`, `1.2 s`, `3 min 20 s`. */
export function humanDuration(ms: number): string {
  if (ms < SEC) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / SEC).toFixed(1)} s`
  if (ms < HOUR) return `${Math.floor(Math.round(ms / SEC) / 60)} min ${Math.round(ms / SEC) % 60} s`
  return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MIN)} min`
}

/** Formats a past time: `3 min ago`. A time that is in the future because a clock is behind counts as now. */
export function humanAgo(at: string, now: number): string {
  const ms = now - Date.parse(at)
  return ms < 5 * SEC ? 'just now' : `${humanSpan(ms)} ago`
}

const DATE_TIME = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })

/** Formats date and time in the time zone of this browser, to the second. */
export const dateTime = (at: string): string => DATE_TIME.format(new Date(at))

const TIME_OF_DAY = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

/** Formats a time of day with milliseconds, `14:03:22.481`, because steps of a timeline are often within one second. */
export function timeOfDay(at: string): string {
  const date = new Date(at)
  return `${TIME_OF_DAY.format(date)}.${String(date.getMilliseconds()).padStart(3, '0')}`
}
