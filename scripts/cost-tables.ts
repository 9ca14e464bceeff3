import { classOf, KINDS } from '../apps/cli/src/cost/estimate-cost.ts'
import figures from '../apps/cli/src/cost/figures.json' with { type: 'json' }
import prices from '../apps/cli/src/cost/prices.json' with { type: 'json' }
import { markdownTable } from './markdown-table.ts'

const COLUMNS = ['what', 'US dollars', 'free', 'as of', 'source'].map(title => ({ title }))

/** Formats the prices with which `darkroom cost` calculates. */
export function pricesTable(): string {
  const { storage, egress, calls } = prices
  const link = ({ source, note }: { source: string; note: string }) => `[Backblaze](${source}); ${note}`
  return markdownTable(COLUMNS, [
    ['storage', `${storage.perTbMonth} per TB and month`, `${storage.freeGb} GB`, storage.seen, link(storage)],
    ['egress', `${egress.perGb} per GB`, `${egress.freeTimesStored} times what is stored`, egress.seen, link(egress)],
    ...(['B', 'C'] as const).map(each => [
      `calls of class ${each}`,
      `${(calls.perCall[each] * 10_000).toFixed(3)} per 10,000`,
      `${calls.freePerDay} a day`,
      calls.seen,
      link(calls),
    ]),
  ])
}

/** Formats what one file of each kind takes, as it was measured. */
export function costFiguresTable(): string {
  const columns = [
    { title: 'one' },
    { title: 'original MB', isNumber: true },
    { title: 'variants MB', isNumber: true },
    { title: 'CPU s', isNumber: true },
    { title: 'calls' },
    { title: 'measured with' },
  ]
  const rows = KINDS.map(kind => {
    const { originalBytes, variantBytes, cpuSec, calls, measured } = figures.kinds[kind]
    return [kind, megabytes(originalBytes), megabytes(variantBytes), cpuSec.toFixed(2), describeCalls(calls), measured]
  })
  return `\`${figures.command}\` on ${figures.date}:\n\n${markdownTable(columns, rows)}`
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2)

const describeCalls = (calls: Record<string, number>) =>
  Object.entries(calls)
    .map(([operation, count]) => `${count} ${operation} (${classOf(operation)})`)
    .join(', ')
