import type { Command } from 'commander'
import { createReport } from '../file-report.ts'
import { openImportJournal } from '../import/import-journal.ts'
import { itemsOf } from '../import/import-list.ts'
import { startImports } from '../import/start-imports.ts'
import { waitForImports } from '../import/wait-for-imports.ts'
import { interruptible } from '../interrupt.ts'
import { type NewAssetOptions, newAssetOf, parseAtOnce, withNewAssetOptions } from '../new-asset-options.ts'
import { commandWithJsonLines } from '../output.ts'
import { connectSdk } from '../sdk-client.ts'

interface Options extends NewAssetOptions {
  json?: true
  wait?: true
  again?: true
  atOnce: number
}

export const importCommand = (): Command =>
  withNewAssetOptions(
    commandWithJsonLines('import', {
      description: '',
      example: 'import https://old-shop.example/beach.jpg --folder 2026/summer --wait',
    }),
  )
    .argument('<source...>', 'URLs, files with lists of URLs, - for a list on standard input')
    .option('--wait', 'wait until every file is processed')
    .option('--again', 'import files once more that were imported earlier')
    .option('--at-once <count>', 'requests at a time', parseAtOnce, 4)
    .addHelpText('after', HELP)
    .action(importSources)

const HELP = `
A line of a list is a URL, or a JSON object with "url" and any of "filename", "folder", "tags", "externalId", "metadata", "preset". Lines with # are comments.
Run it again after an interruption: what was started is not started again. A whole bucket: npx darkroom import --bucket <name> --help`

const IMPORTS = { noun: 'import', field: 'url' } as const

async function importSources(sources: string[], options: Options): Promise<void> {
  const { darkroom, connection } = await connectSdk()
  const journal = await openImportJournal(connection, 'imports')
  const report = createReport(options, IMPORTS)
  const { again = false, atOnce, wait = false } = options
  try {
    await interruptible('Run the same command again: what was started is not started again.', async signal => {
      const items = itemsOf(sources, newAssetOf(options))
      await startImports(items, { darkroom, journal, atOnce, again, signal, onStarted: report.started })
      if (!wait) return
      const patient = await connectSdk({ maxRetries: 4 })
      await waitForImports({ darkroom: patient.darkroom, journal, signal, onSettled: report.settled })
    })
  } finally {
    journal.close()
    report.end()
  }
  process.exitCode = report.exitCode()
}
