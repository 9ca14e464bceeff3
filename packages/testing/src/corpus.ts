import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const SHARED = join(import.meta.dirname, '../../../../shared/corpus')

export interface CorpusFile {
  /** Absolute path. */
  path: string
  file: string
  kind: string
  /** What is odd about it, in words. */
  special: string
  /** `processed`, `rejected:<reason>` or `policy:<either>`. */
  expected: string
  uprightWidth: number | null
  uprightHeight: number | null
  durationSec: number | null
  framesOrPages: number | null
}

/** Returns the folder of the shared corpus; null, with a message, where this checkout has none beside it. */
export function corpus(part: 'dev' | 'bench' = 'dev'): string | null {
  const folder = process.env.DARKROOM_CORPUS ? join(process.env.DARKROOM_CORPUS, part) : join(SHARED, part)
  if (existsSync(join(folder, 'MANIFEST.tsv'))) return folder
  console.warn(`skipped, because there is no corpus at ${folder}; set DARKROOM_CORPUS to its folder`)
  return null
}

/** Reads what the manifest says of each file; null where it says nothing, as for measurements in `bench`. */
export function corpusFiles(folder: string): CorpusFile[] {
  const [header = '', ...lines] = readFileSync(join(folder, 'MANIFEST.tsv'), 'utf8').trimEnd().split('\n')
  const names = header.split('\t')
  return lines.map(line => {
    const cells = line.split('\t')
    const cell = (name: string) => cells[names.indexOf(name)] ?? ''
    const measure = (name: string) => Number(cell(name)) || null
    return {
      path: join(folder, cell('file')),
      file: cell('file'),
      kind: cell('kind'),
      special: cell('special'),
      expected: cell('expected'),
      uprightWidth: measure('upright_width'),
      uprightHeight: measure('upright_height'),
      durationSec: measure('duration_s'),
      framesOrPages: measure('frames_or_pages'),
    }
  })
}
