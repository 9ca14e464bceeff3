import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CellResult } from './results.ts'

/** What a run leaves for whoever looks into it, or goes on with it. */
export const evidenceFolder = (seed: string): string => join(tmpdir(), `darkroom-chaos-${seed}`)

const fileOf = (seed: string): string => join(evidenceFolder(seed), 'cells.jsonl')

/** A whole run takes an hour or two: what is done is written down at once, for `--resume`. */
export async function noteCell(seed: string, cell: CellResult): Promise<void> {
  await mkdir(evidenceFolder(seed), { recursive: true })
  await appendFile(fileOf(seed), `${JSON.stringify(cell)}\n`)
}

/** The cells of an earlier run with this seed, red ones included: a run that goes on must not forget them. */
export async function cellsNoted(seed: string): Promise<CellResult[]> {
  if (!existsSync(fileOf(seed))) return []
  const lines = (await readFile(fileOf(seed), 'utf8')).split('\n').filter(Boolean)
  return lines.map(line => CellResult.parse(JSON.parse(line)))
}

/** The commit that runs, with a mark when the files differ from it. */
export function commitOfCheckout(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', '*.ts', '*.sql') ? '+' : ''}`
  } catch {
    return 'unknown'
  }
}
