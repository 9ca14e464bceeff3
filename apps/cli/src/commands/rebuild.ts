import { prepareRebuild } from '@darkroom/db/lineage'
import { migrateDatabase } from '@darkroom/db/migrate'
import { type RebuildProgress, rebuildDatabase } from '@darkroom/worker'
import { CommandError, EXIT } from '../exit-codes.ts'
import { withInstallation } from '../open-installation.ts'
import { counted, newCommand } from '../output.ts'

/** Recreates the rows of all assets from the manifests beside their originals. */
export const rebuildCommand = () =>
  newCommand('rebuild', {
    description: '',
    example: 'rebuild --from-bucket',
  })
    .requiredOption(
      '--from-bucket',
      'read the manifests in B2_BUCKET_NAME, and fill the empty database of DATABASE_URL',
    )
    .action(rebuild)

const rebuild = (): Promise<void> =>
  withInstallation('darkroom-rebuild', async ({ database, databaseUrl, store, settings }) => {
    const { privateBucket: bucket } = settings
    await migrateDatabase(databaseUrl)
    if (!(await database.db.transaction(prepareRebuild))) throw new CommandError(NOT_EMPTY, EXIT.usage)
    const startedAt = performance.now()
    let last: RebuildProgress = { read: 0, inserted: 0, unreadable: [] }
    try {
      for await (last of rebuildDatabase({ database, store, bucket })) showProgress(last, startedAt)
    } finally {
      // Default project and built-in presets: those that no manifest had.
      await migrateDatabase(databaseUrl)
    }
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    console.log(
      `Rebuilt ${counted(last.inserted, 'asset')} from ${counted(last.read, 'manifest')} in ${seconds} s; ${last.read - last.inserted - last.unreadable.length} were there already.`,
    )
    for (const key of last.unreadable) console.log(`unreadable  ${bucket}/${key}`)
    console.log('Next: create API keys and webhooks again, then compare with the store: "npx darkroom orphans".')
    if (last.unreadable.length > 0) process.exitCode = EXIT.failed
  })

const NOT_EMPTY =
  'DATABASE_URL: this database is in use: it has API keys of projects, and no assets. Set it to an empty database (createdb).'

/** On a terminal one line that changes; elsewhere nothing, so that logs stay short. */
function showProgress({ read, inserted }: RebuildProgress, startedAt: number): void {
  if (!process.stderr.isTTY) return
  const perSecond = Math.round((read / (performance.now() - startedAt)) * 1000)
  process.stderr.write(`\r${read} manifests read, ${inserted} assets made, ${perSecond} per second   `)
}
