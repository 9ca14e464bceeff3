import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CellResult } from './results.ts'

/** Returns the folder of the logs and records of a run, for debugging or to resume it. */
export const evidenceFolder = (seed: string): string => join(tmpdir(), `darkroom-chaos-${seed}`)

const fileOf = (seed: string): string => join(evidenceFolder(seed), 'cells.jsonl')

/** Records a completed cell at once for `--resume`, because a complete run takes an hour or two. */
export async function recordCell(seed: string, cell: CellResult): Promise<void> {
  await mkdir(evidenceFolder(seed), { recursive: true })
  await appendFile(fileOf(seed), `${JSON.stringify(cell)}\n`)
}

/** Reads the cells of an earlier run with this seed, red ones included: a resumed run must not forget them. */
export async function readRecordedCells(seed: string): Promise<CellResult[]> {
  if (!existsSync(fileOf(seed))) return []
  const lines = (await readFile(fileOf(seed), 'utf8')).split('\n').filter(Boolean)
  return lines.map(line => CellResult.parse(JSON.parse(line)))
}

/** Returns the commit that is checked out, marked when files differ from it. */
export function commitOfCheckout(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim()
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', '*.ts', '*.sql') ? '+' : ''}`
  } catch {
    return 'unknown'
  }
}
