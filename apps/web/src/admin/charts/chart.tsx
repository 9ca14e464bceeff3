// Types of the import of styles.
/// <reference types="vite/client" />
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import './chart.css'
import { useColours } from './use-colours.ts'

export interface Line {
  label: string
  /** A class that gives the colour, such as `text-accent`. */
  colour: string
  values: (number | null)[]
  /** As bars from the bottom instead of a line. */
  isFilled?: boolean
}

interface ChartProps {
  title: string
  /** Seconds since 1970, one for each value. */
  times: number[]
  lines: Line[]
  format: (value: number) => string
  /** The least that the axis goes up to, so that noise near zero looks like nothing. */
  least?: number
}

const HEIGHT_PX = 150

/** Draws values over time. What it shows is also said in words: the newest and the largest value of each line. */
export function Chart({ title, times, lines, format, least = 1 }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const colours = useColours(place)
  const latest = useRef({ format, least })
  latest.current = { format, least }
  const names = lines.map(({ label, colour, isFilled }) => `${label}|${colour}|${isFilled}`).join()

  // biome-ignore lint/correctness/useExhaustiveDependencies: values are set below; a chart is made anew for other lines or colours.
  useEffect(() => {
    const root = place.current
    if (!root || !colours) return
    const made = new uPlot(optionsOf(root, lines, colours, latest), [times, ...lines.map(({ values }) => values)], root)
    plot.current = made
    const resize = new ResizeObserver(() => made.setSize({ width: root.clientWidth, height: HEIGHT_PX }))
    resize.observe(root)
    return () => {
      resize.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [names, colours])
  useEffect(() => {
    plot.current?.setData([times, ...lines.map(({ values }) => values)])
  }, [times, lines])

  return (
    <figure
      data-testid="chart"
      data-title={title}
      className="min-w-0 rounded-2xl border border-line bg-surface p-4 shadow-card"
    >
      <figcaption>
        <h3 className="text-sm font-semibold">{title}</h3>
        <ul className="mt-1 flex min-h-5 flex-wrap gap-x-4 text-xs">
          {lines.map(({ label, colour, values }) => (
            <li key={label} className="flex items-center gap-1.5">
              <span data-colour={colour} className={`${colour} inline-block h-0.5 w-3 bg-current`} aria-hidden="true" />
              <span className="text-muted">{label}</span>
              <span className="font-medium">{newestText(values, format)}</span>
              <span className="sr-only">, at most {largestText(values, format)}</span>
            </li>
          ))}
        </ul>
      </figcaption>
      <div ref={place} aria-hidden="true" className="mt-2 h-[150px] overflow-hidden" />
    </figure>
  )
}

/** Values without a neighbour, of which no line shows anything: the first of an installation, and what is rare. */
const lonely = (values: ArrayLike<number | null | undefined>): number[] =>
  Array.from(values).flatMap((value, at, all) =>
    value != null && all[at - 1] == null && all[at + 1] == null ? [at] : [],
  )

const TIME = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const DAY = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' })
/** Further apart than this, days say more than times. */
const FAR_APART_SEC = 43_200

const timeIn = (ticks: number[]) => {
  const isFar = (ticks[1] ?? 0) - (ticks[0] ?? 0) > FAR_APART_SEC
  return (second: number): string => (isFar ? DAY : TIME).format(second * 1000)
}

const given = (values: (number | null)[]): number[] => values.filter(value => value !== null)

function newestText(values: (number | null)[], format: (value: number) => string): string {
  const newest = given(values).at(-1)
  return newest === undefined ? 'no data' : format(newest)
}

function largestText(values: (number | null)[], format: (value: number) => string): string {
  const all = given(values)
  return all.length === 0 ? 'no data' : format(Math.max(...all))
}

function optionsOf(
  root: HTMLElement,
  lines: Line[],
  { text, grid, of }: NonNullable<ReturnType<typeof useColours>>,
  latest: { current: { format: (value: number) => string; least: number } },
): uPlot.Options {
  const font = '11px ui-sans-serif, system-ui, sans-serif'
  const axis = { stroke: text, font, grid: { stroke: grid, width: 1 }, ticks: { show: false } }
  return {
    width: root.clientWidth,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { y: { range: (_, _low, high) => [0, Math.max(latest.current.least, high * 1.1)] } },
    axes: [
      { ...axis, grid: { show: false }, size: 22, values: (_, ticks) => ticks.map(timeIn(ticks)) },
      { ...axis, size: 52, values: (_, ticks) => ticks.map(tick => latest.current.format(tick)) },
    ],
    series: [
      {},
      ...lines.map(({ label, colour, isFilled }) => ({
        label,
        stroke: of(colour),
        width: 1.5,
        spanGaps: false,
        points: { show: true, size: 5, filter: (chart: uPlot, index: number) => lonely(chart.data[index] ?? []) },
        ...(isFilled && { fill: `color-mix(in srgb, ${of(colour)} 18%, transparent)` }),
      })),
    ],
  }
}
