import { Command } from 'commander'

/** Says something to a person, or to a machine with `--json`. */
export function print(options: { json?: boolean }, value: unknown, forPeople: () => string): void {
  console.log(options.json ? JSON.stringify(value, null, 2) : forPeople())
}

/** A command whose answer a machine can read. */
export const commandWithJson = (name: string): Command => new Command(name).option('--json', 'answer as JSON')

/** Rows under their headings, each column as wide as it has to be. */
export function table(headings: string[], rows: (string | number)[][]): string {
  const cells = [headings, ...rows.map(row => row.map(String))]
  const widths = headings.map((_, column) => Math.max(...cells.map(row => row[column]?.length ?? 0)))
  return cells
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** A time as a person compares it with a log. */
export const moment = (iso: string | null): string =>
  iso === null ? '' : iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z')
