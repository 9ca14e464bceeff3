import { styleText } from 'node:util'
import stringWidth from 'string-width'
import { printable } from './terminal-text.ts'

/** A column: its title, or what to do with it where there is no room for all. */
export type Column =
  | string
  | { title: string /** Left out, 1 first. */; drop?: number /** Free text, which may be shortened. */; clip?: true }

const GAP = '  '
const MIN_CLIPPED = 12

interface TableOptions {
  width?: number
  /** False for the rest of a table whose heading is printed. */
  hasHeading?: boolean
}

/**
 * Formats rows under their headings. In a terminal of `width` columns less important columns are dropped and long texts
 * are shortened; without a width, as in a pipe, everything is printed in full.
 */
export function table(
  columns: Column[],
  rows: (string | number)[][],
  { width = process.stdout.columns, hasHeading = true }: TableOptions = {},
): string {
  const specs = columns.map(column => (typeof column === 'string' ? { title: column } : column))
  const all = specs.map((spec, index) => {
    const cells = rows.map(row => printable(String(row[index] ?? '')))
    return { ...spec, cells, width: Math.max(stringWidth(spec.title), ...cells.map(cell => stringWidth(cell))) }
  })
  const { shown, dropped } = fit(all, width ?? Number.POSITIVE_INFINITY)
  const line = (cellOf: (column: Fitted) => string) =>
    shown
      .map(column => pad(clip(cellOf(column), column.width), column.width))
      .join(GAP)
      .trimEnd()
  const heading = styleText(
    'bold',
    line(({ title }) => title),
    { stream: process.stdout },
  )
  const lines = [...(hasHeading ? [heading] : []), ...rows.map((_, index) => line(({ cells }) => cells[index] ?? ''))]
  if (dropped.length > 0 && hasHeading)
    lines.push('', `Hidden columns: ${dropped.join(', ')}. Widen the terminal, or use --json.`)
  return lines.join('\n')
}

interface Fitted {
  title: string
  drop?: number
  clip?: true
  cells: string[]
  width: number
}

function fit(columns: Fitted[], width: number): { shown: Fitted[]; dropped: string[] } {
  const least = (each: Fitted) => (each.clip ? Math.min(each.width, MIN_CLIPPED) : each.width)
  const dropped = new Set<Fitted>()
  const shown = () => columns.filter(each => !dropped.has(each))
  for (const each of columns.filter(({ drop }) => drop !== undefined).sort((a, b) => (a.drop ?? 0) - (b.drop ?? 0)))
    if (totalOf(shown().map(least)) > width) dropped.add(each)
  const fitted = shown().map(each => ({ ...each }))
  for (const each of fitted.filter(one => one.clip)) {
    const excess = totalOf(fitted.map(one => one.width)) - width
    if (excess > 0) each.width = Math.max(least(each), each.width - excess)
  }
  return { shown: fitted, dropped: [...dropped].map(({ title }) => title) }
}

const totalOf = (widths: number[]) => widths.reduce((sum, each) => sum + each, 0) + GAP.length * (widths.length - 1)

const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - stringWidth(text)))

const graphemes = new Intl.Segmenter()

function clip(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let clipped = ''
  for (const { segment } of graphemes.segment(text)) {
    if (stringWidth(clipped + segment) > width - 1) break
    clipped += segment
  }
  return `${clipped}…`
}
