import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { table } from '../report/table.ts'
import type { Finding } from './finding.ts'
import { measureUploadMemory } from './memory.ts'
import { measurePaint } from './paint.ts'
import { measureScroll } from './scroll.ts'

// How the page feels: how soon it is painted, how it scrolls over many assets, and what it holds after many uploads.

const USAGE = `npm run bench:page -- [--only paint,memory,scroll] [--assets 100000] [--uploads 500]
Needs the page: npm run build --workspace @darkroom/web.`

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'paint,memory,scroll' },
    assets: { type: 'string', default: '100000' },
    uploads: { type: 'string', default: '500' },
    help: { type: 'boolean', default: false },
  },
})
const [assets, uploads] = [Number(values.assets), Number(values.uploads)]
if (!assets || !uploads) throw new Error('assets and uploads are numbers above 0')

const PARTS: Record<string, () => Promise<Finding[]>> = {
  paint: measurePaint,
  memory: () => measureUploadMemory(uploads),
  scroll: () => measureScroll(assets),
}

if (values.help) console.log(USAGE)
else await main()

async function main(): Promise<void> {
  const before = loadavg()[0] ?? 0
  const findings: Finding[] = []
  for (const name of values.only.split(',')) {
    const measure = PARTS[name]
    if (!measure) throw new Error(`${name} is none of ${Object.keys(PARTS).join(', ')}`)
    findings.push(...(await measure()))
  }
  const rows = findings.map(({ name, found, wanted, isMet }) => [name, wanted, found, isMet ? 'yes' : 'no'])
  console.log(table(['measured', 'wanted', 'found', 'met'], rows))
  console.log(`load ${before.toFixed(1)} before and ${(loadavg()[0] ?? 0).toFixed(1)} after`)
}
