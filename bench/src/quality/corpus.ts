import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { typeOfFilename, UNKNOWN_TYPE } from '@darkroom/contracts'

export const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/dev', import.meta.url))

/** One file of the corpus, as its manifest has it: other tools have measured it, not we. */
export interface CorpusFile {
  name: string
  file: string
  declaredType: string
  special: string
  expected: string
  measured: { width: number | null; height: number | null; durationMs: number | null; count: number | null; by: string }
}

const number = (cell: string | undefined): number | null => (cell ? Number(cell) : null)

/** @throws Error when the corpus is not beside the checkout */
export function readCorpus(): CorpusFile[] {
  const manifest = join(CORPUS, 'MANIFEST.tsv')
  if (!existsSync(manifest)) throw new Error(`the corpus is not at ${CORPUS}`)
  const [head = '', ...lines] = readFileSync(manifest, 'utf8').trim().split('\n')
  const columns = head.split('\t')
  return lines.map(line => {
    const cells = line.split('\t')
    const cell = (name: string) => cells[columns.indexOf(name)] ?? ''
    const seconds = number(cell('duration_s'))
    return {
      name: cell('file'),
      file: join(CORPUS, cell('file')),
      declaredType: typeOfFilename(cell('file')) ?? UNKNOWN_TYPE,
      special: cell('special'),
      expected: cell('expected'),
      measured: {
        width: number(cell('upright_width')),
        height: number(cell('upright_height')),
        durationMs: seconds === null ? null : Math.round(seconds * 1000),
        count: number(cell('frames_or_pages')),
        by: cell('measured_with'),
      },
    }
  })
}
