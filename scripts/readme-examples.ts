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
