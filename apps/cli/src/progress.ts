import { MultiBar } from 'cli-progress'
import prettyBytes from 'pretty-bytes'
import { printable } from './terminal-text.ts'

/** The progress of one file. */
export interface ProgressBar {
  /** @param value bytes, or what the total counts */
  set(value: number, status?: string): void
  /** Takes the bar away. */
  end(): void
}

/** What moves in a terminal while a command works. */
export interface Progress {
  /** @param total in bytes; null when nobody knows */
  add(name: string, total: number | null): ProgressBar
  /** Shows counts of something of which nobody knows how many there are. */
  count(name: string): { set(status: string): void }
  /** Prints a line of the output itself, above the bars where both are in one terminal. */
  print(line: string): void
  stop(): void
}

const NAME_WIDTH = 32

/** Shows progress on stderr where that is a terminal, and nothing where it is a file or a pipe. */
export const createProgress = (): Progress => (process.stderr.isTTY ? createBars() : SILENT)

const SILENT: Progress = {
  add: () => ({ set: () => undefined, end: () => undefined }),
  count: () => ({ set: () => undefined }),
  print: line => console.log(line),
  stop: () => undefined,
}

function createBars(): Progress {
  const bars = new MultiBar({
    stream: process.stderr,
    format: '{name} [{bar}] {percentage} % {done} of {all} {rate} {status}',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    // Ctrl-C is for the command to handle.
    gracefulExit: false,
    fps: 8,
  })
  return {
    add(name, total) {
      const startedAt = performance.now()
      let first: number | null = null
      const payload = (value: number, status = '') => {
        first ??= value
        const seconds = (performance.now() - startedAt) / 1000
        return {
          name: shortName(name),
          done: prettyBytes(value),
          all: total === null ? '?' : prettyBytes(total),
          rate: seconds > 1 ? `${prettyBytes((value - first) / seconds)}/s` : '',
          status,
        }
      }
      const bar = bars.create(total ?? 0, 0, payload(0))
      first = null
      return { set: (value, status) => bar.update(value, payload(value, status)), end: () => void bars.remove(bar) }
    },
    count(name) {
      const line = bars.create(1, 0, { name, status: '' }, { format: '{name}: {status}' })
      return { set: status => line.update(0, { status }) }
    },
    print: line => (process.stdout.isTTY ? bars.log(`${line}\n`) : console.log(line)),
    stop: () => bars.stop(),
  }
}

function shortName(name: string): string {
  const characters = [...printable(name)]
  return characters.length <= NAME_WIDTH
    ? characters.join('').padEnd(NAME_WIDTH)
    : `${characters.slice(0, NAME_WIDTH - 1).join('')}…`
}
