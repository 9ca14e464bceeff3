export interface Column {
  title: string
  /** Numbers stand at the right. */
  isNumber?: boolean
}

/** Formats a Markdown table with aligned columns, as the formatter leaves it. */
export function markdownTable(columns: Column[], rows: string[][]): string {
  const widths = columns.map(({ title }, index) =>
    Math.max(3, title.length, ...rows.map(row => cellOf(row, index).length)),
  )
  const pad = (text: string, index: number) =>
    columns[index]?.isNumber ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0)
  const rule = columns.map(({ isNumber }, index) =>
    isNumber ? `${'-'.repeat((widths[index] ?? 0) - 1)}:` : '-'.repeat(widths[index] ?? 0),
  )
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  const titles = columns.map(({ title }, index) => pad(title, index))
  return [titles, rule, ...rows.map(row => columns.map((_, index) => pad(cellOf(row, index), index)))]
    .map(line)
    .join('\n')
}

const cellOf = (row: string[], index: number): string => row[index] ?? ''
