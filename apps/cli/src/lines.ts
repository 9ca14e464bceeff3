import { createInterface } from 'node:readline'

/** Yields the lines of a list without spaces around them; not empty ones, nor comments, which begin with #. */
export async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const text = line.trim()
    if (text !== '' && !text.startsWith('#')) yield text
  }
}
