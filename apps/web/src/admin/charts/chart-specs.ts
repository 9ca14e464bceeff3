import type { History } from '@darkroom/contracts'
import { humanBytes } from '../../human-bytes.ts'
import { errorTitle } from '../format/error-title.ts'
import type { Line } from './chart.tsx'

type Point = History['points'][number]

export interface ChartSpec {
  title: string
  lines: Line[]
  format: (value: number) => string
  least?: number
}

const line = (
  points: Point[],
  label: string,
  colour: string,
  of: (point: Point) => number | null,
  isFilled = false,
): Line => ({
  label,
  colour,
  isFilled,
  values: points.map(of),
})

/** Formats a count that may be a fraction on an axis. */
const count = (value: number): string => (Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(1))

/** Formats milliseconds in the unit that is short: `340 ms`, `1.2 s`, `3 min`. */
export function shortTime(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))} s`
  return ms < 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${Number((ms / 3_600_000).toFixed(1))} h`
}

const share = (value: number): string => `${Math.round(value * 100)} %`

const ERROR_COLOURS = ['text-bad', 'text-warn', 'text-accent', 'text-edge', 'text-muted']

/** The codes that occur most, each a line; the rest together. */
function errorLines(points: Point[]): Line[] {
  const sums = new Map<string, number>()
  for (const { errors } of points)
    for (const [code, runs] of Object.entries(errors)) sums.set(code, (sums.get(code) ?? 0) + runs)
  const codes = [...sums].toSorted(([, a], [, b]) => b - a).map(([code]) => code)
  const shown = codes.slice(0, ERROR_COLOURS.length - 1)
  const lines = shown.map((code, index) =>
    line(points, errorTitle(code), ERROR_COLOURS[index] ?? 'text-muted', ({ errors }) => errors[code] ?? 0),
  )
  if (lines.length === 0) return [line(points, 'Failed runs', 'text-bad', () => 0)]
  const rest = codes.slice(shown.length)
  if (rest.length === 0) return lines
  const restOf = ({ errors }: Point) => rest.reduce((sum, code) => sum + (errors[code] ?? 0), 0)
  return [...lines, line(points, 'Others', 'text-muted', restOf)]
}

/** Returns the charts of a history, in the order in which one looks when something is slow. */
export function chartsOf({ points, bucketSec }: History): ChartSpec[] {
  const per = bucketSec === 60 ? 'per minute' : `per ${shortTime(bucketSec * 1000)}`
  return [
    {
      title: `Throughput ${per}`,
      format: count,
      lines: [
        line(points, 'Runs done', 'text-good', ({ succeeded }) => succeeded, true),
        line(points, 'Failed', 'text-bad', ({ failed }) => failed),
      ],
    },
    {
      title: 'Queue',
      format: count,
      lines: [
        line(points, 'Waiting', 'text-accent', ({ queued }) => queued, true),
        line(points, 'Running', 'text-good', ({ running }) => running),
      ],
    },
    {
      title: 'Oldest waiting',
      format: value => shortTime(value * 1000),
      least: 10,
      lines: [line(points, 'Longest wait', 'text-warn', ({ oldestWaitingSec }) => oldestWaitingSec, true)],
    },
    {
      title: 'Confirm to preview',
      format: shortTime,
      least: 1000,
      lines: [
        line(points, 'p50', 'text-good', ({ previewP50Ms }) => previewP50Ms),
        line(points, 'p95', 'text-warn', ({ previewP95Ms }) => previewP95Ms),
      ],
    },
    {
      title: 'Confirm to ready',
      format: shortTime,
      least: 1000,
      lines: [
        line(points, 'p50', 'text-good', ({ readyP50Ms }) => readyP50Ms),
        line(points, 'p95', 'text-warn', ({ readyP95Ms }) => readyP95Ms),
      ],
    },
    { title: `Errors ${per}`, format: count, lines: errorLines(points) },
    {
      title: 'Store and database',
      format: shortTime,
      least: 50,
      lines: [
        line(points, 'Store', 'text-accent', ({ storeMs }) => storeMs),
        line(points, 'Database', 'text-good', ({ databaseMs }) => databaseMs),
      ],
    },
    {
      title: 'Workers: busiest',
      format: share,
      lines: [
        line(points, 'Load per CPU', 'text-accent', ({ load }) => load),
        line(points, 'Memory', 'text-good', ({ memory }) => memory),
      ],
    },
    {
      title: 'Stored',
      format: humanBytes,
      least: 1000,
      lines: [line(points, 'All projects', 'text-accent', ({ bytes }) => bytes, true)],
    },
  ]
}
