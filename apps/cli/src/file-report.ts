import { EXIT, type ExitCode, exitCodeOfAll } from './exit-codes.ts'
import type { Started } from './import/start-imports.ts'
import type { Settled } from './import/wait-for-imports.ts'
import { counted } from './output.ts'
import { createProgress } from './progress.ts'
import { exitCodeOfError } from './sdk-client.ts'
import { printableLines, toJson } from './terminal-text.ts'

interface Options {
  json?: true
  wait?: true
}

interface Kind {
  noun: string
  /** What names a file in JSON. */
  field: 'url' | 'file'
}

/** Says of each file what came of it, once: when it was started, or with `--wait` when it was processed. */
export function createReport({ json, wait }: Options, { noun, field }: Kind) {
  const progress = createProgress()
  const counter = progress.count(noun)
  const counts = { started: 0, earlier: 0, processed: 0, failed: 0 }
  const codes = new Set<ExitCode>()
  const say = (line: Line) => progress.print(json ? toJson(named(line)) : printableLines(describe(line)))
  const named = ({ url, ...line }: Line) => ({ [field]: url, ...line })
  const update = () => {
    const { started, earlier, processed, failed } = counts
    const parts = [`${started} started`, `${earlier} earlier`, ...(wait ? [`${processed} processed`] : [])]
    counter.set([...parts, `${failed} failed`].join(', '))
  }
  return {
    progress,
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
      console.error(`${counted(started, noun)} started, ${earlier} earlier, ${failed} failed.`)
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
const shown = (url: string): string => (/^https?:/i.test(url) ? url.replace(/\?.*$/s, '?…') : url)
