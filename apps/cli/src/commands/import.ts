import { type Command, InvalidArgumentError } from 'commander'
import { EXIT, type ExitCode, exitCodeOfAll } from '../exit-codes.ts'
import { openImportJournal } from '../import/import-journal.ts'
import { itemsOf } from '../import/import-list.ts'
import { type Started, startImports } from '../import/start-imports.ts'
import { type Settled, waitForImports } from '../import/wait-for-imports.ts'
import { interruptible } from '../interrupt.ts'
import { type NewAssetOptions, newAssetOf, withNewAssetOptions } from '../new-asset-options.ts'
import { commandWithJsonLines, counted } from '../output.ts'
import { createProgress } from '../progress.ts'
import { connectSdk, exitCodeOfError, explainFailure } from '../sdk-client.ts'
import { printableLines, toJson } from '../terminal-text.ts'

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
    .option('--at-once <count>', 'requests at a time', parseCount, 4)
    .addHelpText('after', HELP)
    .action(importSources)

const HELP = `
A line of a list is a URL, or a JSON object with "url" and any of "filename", "folder", "tags", "externalId", "metadata", "preset". Lines with # are comments.
Run it again after an interruption: what was started is not started again. A whole bucket: npx darkroom import --bucket <name> --help`

function parseCount(text: string): number {
  if (!/^([1-9]|[1-5]\d|6[0-4])$/.test(text)) throw new InvalidArgumentError('Expected a number from 1 to 64.')
  return Number(text)
}

async function importSources(sources: string[], options: Options): Promise<void> {
  const { darkroom, connection } = await connectSdk({ maxRetries: 0 })
  const journal = await openImportJournal(connection)
  const report = createReport(options)
  const { again = false, atOnce, wait = false } = options
  try {
    await interruptible('Run the same command again: what was started is not started again.', async signal => {
      const items = itemsOf(sources, newAssetOf(options))
      await startImports(items, { darkroom, journal, atOnce, again, signal, onStarted: report.started })
      if (!wait) return
      const patient = await connectSdk()
      await waitForImports({ darkroom: patient.darkroom, journal, signal, onSettled: report.settled })
    })
  } catch (error) {
    throw await explainFailure(error, connection)
  } finally {
    journal.close()
    report.end()
  }
  process.exitCode = report.exitCode()
}

/** Says of each file what came of it, once: when it was started, or with `--wait` when it was processed. */
function createReport({ json, wait }: Options) {
  const progress = createProgress()
  const counter = progress.count('import')
  const counts = { started: 0, earlier: 0, processed: 0, failed: 0 }
  const codes = new Set<ExitCode>()
  const say = (line: Line) => progress.print(json ? toJson(line) : printableLines(describe(line)))
  const update = () => {
    const { started, earlier, processed, failed } = counts
    const parts = [`${started} started`, `${earlier} earlier`, ...(wait ? [`${processed} processed`] : [])]
    counter.set([...parts, `${failed} failed`].join(', '))
  }
  return {
    started(one: Started) {
      if (one.outcome === 'refused') {
        counts.failed += 1
        codes.add(one.error ? exitCodeOfError(one.error) : EXIT.usage)
        const { url, error, message } = one
        say({ url, assetId: null, outcome: 'refused', code: error?.code ?? 'INVALID_REQUEST', message })
      } else {
        counts[one.outcome] += 1
        codes.add(EXIT.ok)
        const { url, assetId, outcome } = one
        if (!wait || assetId === null) say({ url, assetId, outcome, code: null, message: null })
      }
      update()
    },
    settled({ url, assetId, outcome, error }: Settled) {
      const isFailed = outcome === 'failed'
      counts[isFailed ? 'failed' : 'processed'] += 1
      if (isFailed) codes.add(EXIT.processingFailed)
      say({ url, assetId, outcome, code: error?.code ?? null, message: error?.message ?? null })
      update()
    },
    end() {
      progress.stop()
      const { started, earlier, failed } = counts
      // On stderr: the lines of stdout are one for each file.
      console.error(`${counted(started, 'import')} started, ${earlier} started earlier, ${failed} failed.`)
    },
    exitCode: () => exitCodeOfAll(codes),
  }
}

interface Line {
  url: string
  assetId: string | null
  outcome: string
  code: string | null
  message: string | null
}

const describe = ({ url, assetId, outcome, code, message }: Line): string =>
  [outcome.padEnd(8), assetId ?? '', shown(url), code ? (message ?? code) : ''].filter(part => part !== '').join('  ')

/** The query of a signed URL is a secret, which a terminal need not show. */
const shown = (url: string): string => url.replace(/\?.*$/s, '?…')
