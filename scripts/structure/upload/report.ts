import { type Crossing, findCrossings, packageOf, type RanFunctions, without } from '../crossings.ts'
import { readModules } from '../modules.ts'
import { traceUpload } from './trace-upload.ts'

/** Says what one upload of a photo went through, for a terminal. */
export async function uploadReport(root: string, { isListed }: { isListed: boolean }): Promise<string> {
  const modules = readModules(root)
  const { upload, atRest } = await traceUpload(root)
  const own = without(upload, atRest)
  const all = findCrossings(upload, modules)
  const ownCrossings = findCrossings(own, modules)
  const lines = [
    `one upload of a photo: ${sizeOf(own)}; with what runs at rest too, ${sizeOf(upload)}`,
    `crossings between packages: ${ownCrossings.length}; with what runs at rest too, ${all.length}`,
    ...byPackages(ownCrossings),
  ]
  return [...lines, ...(isListed ? ownCrossings.map(({ from, to }) => `  ${from} → ${to}`).sort() : [])].join('\n')
}

function sizeOf(ran: RanFunctions): string {
  const functions = [...ran.values()].reduce((sum, one) => sum + one.length, 0)
  return `${ran.size} files, ${functions} functions`
}

function byPackages(crossings: Crossing[]): string[] {
  const pairs = Map.groupBy(crossings, ({ from, to }) => `${packageOf(from)} → ${packageOf(to)}`)
  return [...pairs].sort(([, a], [, b]) => b.length - a.length).map(([pair, { length }]) => `  ${length} × ${pair}`)
}
