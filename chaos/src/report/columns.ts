import type { CellResult } from './results.ts'

const seconds = (value: number | null): string => (value === null ? '–' : value.toFixed(value < 10 ? 2 : 1))

/** The table of the terminal and of the document: head and how to read a cell. */
export const COLUMNS: readonly { head: string; read(cell: CellResult): string }[] = [
  { head: '#', read: cell => `${cell.number}` },
  { head: 'scenario', read: cell => cell.name },
  { head: 'queue', read: cell => cell.backend },
  { head: 'trials', read: cell => `${cell.trials}` },
  { head: 'assets', read: cell => `${cell.assets}` },
  ...(
    [
      'lost',
      'incomplete',
      'stuck',
      'orphan',
      'duplicate',
      'resurrected',
      'cross-tenant',
      'unclear-error',
      'unexpected',
    ] as const
  ).map(kind => ({ head: kind, read: (cell: CellResult) => `${cell.counts[kind] ?? 0}` })),
  { head: 'median', read: cell => seconds(cell.figure.median) },
  { head: 'worst', read: cell => seconds(cell.figure.worst) },
  { head: 'result', read: verdictOf },
]

export function verdictOf(cell: CellResult): string {
  if (cell.violations.length > 0) return 'RED'
  return cell.skipped === null ? 'ok' : 'skipped'
}
