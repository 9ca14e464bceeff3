/** Shorter runs are the same by chance. */
const RUN_LINES = 6

/**
 * Counts the lines that occur in more than one place: in runs of at least six lines that are equal but for white space.
 * Blank lines, comments, imports and lines without a word are skipped.
 */
export function duplicateLines(texts: readonly string[]): number {
  const files = texts.map(meaningfulLines)
  const places = new Map<string, { file: number; line: number }[]>()
  for (const [file, lines] of files.entries()) {
    for (let line = 0; line + RUN_LINES <= lines.length; line++) {
      const run = lines.slice(line, line + RUN_LINES).join('\n')
      places.set(run, [...(places.get(run) ?? []), { file, line }])
    }
  }
  const repeated = new Set<string>()
  for (const starts of places.values()) {
    if (starts.length < 2) continue
    for (const { file, line } of starts) for (let n = 0; n < RUN_LINES; n++) repeated.add(`${file}:${line + n}`)
  }
  return repeated.size
}

function meaningfulLines(text: string): string[] {
  return text
    .replace(/^import [\s\S]*?(?= from ).*$/gm, '')
    .split('\n')
    .map(line => line.trim().replace(/\s+/g, ' '))
    .filter(line => /\w/.test(line) && !/^(\/\/|\/?\*)/.test(line))
}
