import { type Orphan, removeOrphan, scanOrphans } from '@darkroom/worker'
import { InvalidArgumentError } from 'commander'
import prettyBytes from 'pretty-bytes'
import { EXIT } from '../exit-codes.ts'
import { withInstallation } from '../open-installation.ts'
import { counted, newCommand, printLine } from '../output.ts'

/** Compares every row with every object, in both directions. Shows first; removes only when told to. */
export const orphansCommand = () =>
  newCommand('orphans', { description: '', example: 'orphans --min-age 24' })
    .option('--remove', 'delete objects without a row; without this option nothing is changed')
    .option('--min-age <hours>', 'ignore younger objects', parseHours, 1)
    .option('--json', 'one JSON object per line')
    .action(compare)

interface Options {
  remove?: true
  minAge: number
  json?: true
}

const compare = ({ remove, minAge, json }: Options): Promise<void> =>
  withInstallation('darkroom-orphans', async deps => {
    const { store } = deps
    const counts = new Map<Orphan['type'], number>()
    for await (const orphan of scanOrphans(deps, { graceMs: minAge * 3_600_000 })) {
      const isRemoved = remove ? await removeOrphan(store, orphan) : false
      counts.set(orphan.type, (counts.get(orphan.type) ?? 0) + 1)
      printLine({ json }, { ...orphan, isRemoved }, () => describe(orphan, isRemoved))
    }
    if (!json) summarize(counts, remove === true)
    process.exitCode = counts.has('missing_object') ? EXIT.failed : EXIT.ok
  })

function parseHours(text: string): number {
  const hours = Number(text)
  if (text.trim() === '' || !(hours >= 0)) throw new InvalidArgumentError('Expected a number of hours.')
  return hours
}

function describe(orphan: Orphan, isRemoved: boolean): string {
  const place = `${orphan.bucket}/${orphan.key}`
  switch (orphan.type) {
    case 'object_without_row':
      return `${isRemoved ? 'removed' : 'no row'}   ${place} version ${orphan.versionId ?? '-'}, ${prettyBytes(orphan.byteSize)}`
    case 'open_multipart':
      return `${isRemoved ? 'aborted' : 'open'}     ${place} upload ${orphan.uploadId}`
    case 'missing_object':
      return `MISSING  ${place} of asset ${orphan.assetId}`
  }
}

function summarize(counts: Map<Orphan['type'], number>, isRemoving: boolean): void {
  if (counts.size === 0) console.log('Database and store match.')
  const removable = (counts.get('object_without_row') ?? 0) + (counts.get('open_multipart') ?? 0)
  if (removable > 0 && !isRemoving)
    console.log(`${counted(removable, 'object')} can be removed: run it again with --remove.`)
  const missing = counts.get('missing_object') ?? 0
  if (missing > 0)
    console.log(
      `Missing: ${missing}. Reprocess the assets whose original still exists. Restore the others from a backup.`,
    )
}
