import { COLUMNS } from './columns.ts'
import type { CellResult, Results } from './results.ts'

const MAX_DETAIL = 600

/** Formats for the terminal one line per scenario and backend, then what is wrong. */
export function reportText(results: Results): string {
  const rows = [COLUMNS.map(({ head }) => head), ...results.cells.map(cell => COLUMNS.map(({ read }) => read(cell)))]
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  const table = rows.map(row =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [...table, '', ...results.cells.flatMap(describeViolations), summary(results)].join('\n')
}

const describeViolations = (cell: CellResult): string[] =>
  cell.violations.map(
    ({ kind, subject, detail }) =>
      `RED ${cell.number} ${cell.backend} ${kind}: ${subject}: ${detail.slice(0, MAX_DETAIL)}`,
  )

function summary({ cells, seed, scale, seconds, sabotage }: Results): string {
  const red = cells.filter(cell => cell.violations.length > 0).length
  const trials = cells.reduce((sum, cell) => sum + cell.trials, 0)
  const assets = cells.reduce((sum, cell) => sum + cell.assets, 0)
  const what = sabotage ? ` with ${sabotage} switched off` : ''
  return `${red === 0 ? 'green' : `${red} RED`}${what}: ${trials} faults, ${assets} acknowledged uploads, seed ${seed}, scale ${scale}, ${seconds} s`
}
