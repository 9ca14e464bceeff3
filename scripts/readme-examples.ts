/**
 * Takes the examples in TypeScript out of a page of Markdown, as one module: a later block goes on with the names of those
 * before it. Whatever is not code is an empty line, so that line numbers are those of the page. Null for a page without any.
 */
export function examplesOf(markdown: string): string | null {
  let language: string | null = null
  let hasExample = false
  const lines = markdown.split('\n').map(line => {
    const fence = /^```(\w*)/.exec(line)
    if (fence) language = language === null ? (fence[1] ?? '') : null
    if (fence || language !== 'ts') return ''
    hasExample = true
    return line
  })
  return hasExample ? lines.join('\n') : null
}

/** Takes the files in TypeScript out of a guide that its reader writes, each with its name, on the lines where they stand. */
export function filesOf(markdown: string): Map<string, string> {
  const files = new Map<string, string[]>()
  let current: string[] | null = null
  for (const [index, line] of markdown.split('\n').entries()) {
    const [fence, name] = /^```(?:tsx? file=(\S+))?/.exec(line) ?? []
    if (fence === undefined) {
      current?.push(line)
      continue
    }
    current = name === undefined ? null : Array.from({ length: index + 1 }, () => '')
    if (name !== undefined && current) files.set(name, current)
  }
  return new Map([...files].map(([name, lines]) => [name, lines.join('\n')]))
}
