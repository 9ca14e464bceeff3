import { type Database, reconcileUsage, type UsageCorrection } from '@darkroom/db'
import { Command } from 'commander'
import { commandWithJson, print, table } from '../output.ts'
import { withDatabase } from '../with-database.ts'

export const usageCommand = () =>
  new Command('usage').description('what projects have stored (needs DATABASE_URL)').addCommand(
    commandWithJson('reconcile')
      .description('count from the rows, and correct what was counted on the way; a worker does it daily')
      .action((options: { json?: true }) => withDatabase(db => reconcile(db, options))),
  )

async function reconcile(db: Database, options: { json?: true }): Promise<void> {
  const corrections = await db.transaction(reconcileUsage)
  print(options, corrections, () => describe(corrections))
}

function describe(corrections: UsageCorrection[]): string {
  if (corrections.length === 0) return 'What was counted is what is there.'
  const signed = (amount: number) => (amount > 0 ? `+${amount}` : String(amount))
  const rows = corrections.map(({ projectId, bytes, objects, openBytes, openUploads }) => [
    projectId,
    ...[bytes, objects, openBytes, openUploads].map(signed),
  ])
  return `${table(['PROJECT', 'BYTES', 'OBJECTS', 'OPEN BYTES', 'OPEN UPLOADS'], rows)}\nCorrected.`
}
