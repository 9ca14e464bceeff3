import { createDarkroom } from '@darkroom/sdk/node'
import type { Command } from 'commander'
import { findConnection } from '../connection.ts'
import { CommandError, EXIT } from '../exit-codes.ts'
import { createReport } from '../file-report.ts'
import { openImportJournal } from '../import/import-journal.ts'
import { waitForImports } from '../import/wait-for-imports.ts'
import { interruptible } from '../interrupt.ts'
import { type NewAssetOptions, newAssetOf, parseAtOnce, withNewAssetOptions } from '../new-asset-options.ts'
import { commandWithJsonLines } from '../output.ts'
import { filesOf } from '../upload/local-files.ts'
import { refusalOf, uploadFiles } from '../upload/upload-files.ts'

interface Options extends NewAssetOptions {
  json?: true
  wait?: true
  again?: true
  folders: boolean
  name?: string
  atOnce: number
}

export const uploadCommand = (): Command =>
  withNewAssetOptions(
    commandWithJsonLines('upload', { description: '', example: 'upload photos/ --folder 2026/summer --wait' }),
  )
    .argument('<path...>', 'files and folders, - for standard input')
    .option('--wait', 'wait until every file is processed')
    .option('--no-folders', 'put the files of all folders directly in --folder')
    .option('--name <name>', 'name of what comes by standard input')
    .option('--again', 'upload files once more that were uploaded earlier')
    .option('--at-once <count>', 'files at a time; of small ones 16 times as many', parseAtOnce, 4)
    .addHelpText('after', HELP)
    .action(upload)

const HELP = `
The folders in a folder become folders of the assets. Hidden files, and links in folders, are left out.
Run it again after an interruption: a file goes on where it was, and what is uploaded and unchanged is not uploaded again.
Standard input is not resumed: it is kept in a temporary file until it is uploaded, and read once more by the next run.`

const UPLOADS = { noun: 'upload', field: 'file' } as const

async function upload(paths: string[], options: Options): Promise<void> {
  const { name, again = false, folders: keepsFolders, atOnce, wait = false } = options
  const isStream = paths.includes('-')
  if (isStream && (paths.length > 1 || name === undefined))
    throw new CommandError('Standard input needs a name, and comes alone: upload - --name beach.jpg', EXIT.usage)
  const connection = await findConnection(process.env)
  const darkroom = createDarkroom({ url: connection.url, key: connection.key })
  const journal = await openImportJournal(connection, 'uploads')
  const report = createReport(options, UPLOADS)
  const details = newAssetOf(options)
  const { progress, started, settled } = report
  try {
    await interruptible('Run the same command again: it goes on where it was.', async signal => {
      if (isStream) {
        // A stream cannot be told from another one before it was read, so nothing of it is remembered.
        const sent = await darkroom.upload(process.stdin, { ...details, filename: name, resume: false, signal }).then(
          ({ asset }) => asset,
          error => refusalOf('-', error),
        )
        if ('url' in sent) return started(sent)
        journal.begin({ digest: sent.id, url: '-', assetId: sent.id, outcome: null, attempt: 1 })
        started({ outcome: 'started', url: '-', assetId: sent.id })
      } else {
        const how = { darkroom, journal, progress, details, keepsFolders, atOnce, again, signal, onStarted: started }
        await uploadFiles(filesOf(paths), how)
      }
      if (wait) await waitForImports({ darkroom, journal, signal, onSettled: settled })
    })
  } finally {
    journal.close()
    report.end()
  }
  process.exitCode = report.exitCode()
}
