// Compares everything that Darkroom makes of the shared corpus and of made files with what sharp, ffmpeg and pdfium make of them.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compareAllFiles } from './compare-all-files.ts'
import { comparisonText } from './report.ts'

const USAGE = `npm run compare -- [options]
  --only <words>  only files whose name contains these words
  --help`

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, help: { type: 'boolean' } } })
if (values.help) console.log(USAGE)
else await run(values.only)

async function run(only: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-compare-'))
  try {
    const all = await compareAllFiles(folder, title => title.includes(only))
    console.log(comparisonText(all))
    if (all.length === 0 || all.some(({ faults }) => faults.length > 0)) process.exitCode = 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
