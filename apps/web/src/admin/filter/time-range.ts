const HOUR_MS = 3_600_000

/** Spans of time to choose from; the label and how far back from now, where that is fixed. */
export const TIME_CHOICES = {
  any: { label: 'Any time', spanMs: null },
  '1h': { label: 'Last hour', spanMs: HOUR_MS },
  '24h': { label: 'Last 24 hours', spanMs: 24 * HOUR_MS },
  '7d': { label: 'Last 7 days', spanMs: 7 * 24 * HOUR_MS },
  between: { label: 'Between …', spanMs: null },
}
export type TimeChoice = keyof typeof TIME_CHOICES

interface Range {
  createdAfter?: string
  createdBefore?: string
}

/** Returns the times with which the API is queried. */
export function timeRange(
  { time, after, before }: { time: TimeChoice; after: string; before: string },
  now: number,
): Range {
  const { spanMs } = TIME_CHOICES[time]
  if (spanMs !== null) return { createdAfter: new Date(now - spanMs).toISOString() }
  if (time === 'any') return {}
  return { ...(after && { createdAfter: after }), ...(before && { createdBefore: before }) }
}

/** Formats a UTC time for a `datetime-local` input, in the time zone of this browser. */
export function toLocalInput(iso: string): string {
  if (!iso) return ''
  const date = new Date(iso)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** Parses the value of a `datetime-local` input; '' while it holds no complete date. */
export function fromLocalInput(local: string): string {
  const date = new Date(local)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}
