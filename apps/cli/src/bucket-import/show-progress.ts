import type { ObjectOutcome } from '@darkroom/ingest'
import prettyBytes from 'pretty-bytes'
import { counted } from '../output.ts'
import { printable, toJson } from '../terminal-text.ts'

export interface ImportCounts {
  imported: number
  bytes: number
  skipped: number
  failed: number
}

const TERMINAL_MS = 250
const LOG_MS = 30_000

/**
 * Shows how far an import is: on a terminal one line that changes, elsewhere a line now and then. Failures get a line each. With `json`, every
 * object is one line of JSON on the standard output.
 */
export function showProgress({ json }: { json: boolean }): {
  counts: ImportCounts
  report(outcome: ObjectOutcome): void
  end(): void
} {
  const counts: ImportCounts = { imported: 0, bytes: 0, skipped: 0, failed: 0 }
  const startedAt = performance.now()
  const { isTTY } = process.stderr
  const clear = () => isTTY && process.stderr.write('\r\u001b[K')
  const line = () => {
    const perSec = Math.round((counts.imported / (performance.now() - startedAt)) * 1000)
    return `${describeCounts(counts)}, ${perSec} a second`
  }
  const timer = setInterval(
    () => (isTTY ? process.stderr.write(`\r${line()}\u001b[K`) : console.error(line())),
    isTTY ? TERMINAL_MS : LOG_MS,
  )
  return {
    counts,
    report(outcome) {
      counts[outcome.outcome] += 1
      if (outcome.outcome === 'imported') counts.bytes += outcome.byteSize
      if (json) console.log(toJson(outcome))
      if (outcome.outcome !== 'failed') return
      clear()
      console.error(`${outcome.code}  ${printable(outcome.key)}  ${printable(outcome.message)}`)
    },
    end() {
      clearInterval(timer)
      clear()
    },
  }
}

export const describeCounts = ({ imported, bytes, skipped, failed }: ImportCounts): string =>
  [
    `${counted(imported, 'object')} imported, ${prettyBytes(bytes)}`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ].join(', ')
