import { open } from 'node:fs/promises'
import type { CreateImport } from '@darkroom/sdk'
import { z } from 'zod'
import { CommandError, EXIT } from '../exit-codes.ts'
import { linesOf } from '../lines.ts'

/** A line of a list that is no URL alone; the API checks the values. */
const Line = z.looseObject({ url: z.string() })

/** One file to import, or what is wrong with its line. */
export type ListItem = { url: string; body: CreateImport } | { url: string; fault: string }

const URL_BEGIN = /^https?:\/\//i

/**
 * Yields the files that the arguments name: URLs, lists of them, or `-` for a list on standard input. A line of a list is a URL, or
 * a JSON object with `url` and other fields of an import, which go before `defaults`.
 */
export async function* itemsOf(
  sources: readonly string[],
  defaults: Omit<CreateImport, 'url'>,
): AsyncGenerator<ListItem> {
  for (const source of sources)
    if (URL_BEGIN.test(source)) yield { url: source, body: { ...defaults, url: source } }
    else for await (const line of linesOf(await openList(source))) yield readLine(line, defaults)
}

/** @throws CommandError when there is no such list */
async function openList(source: string): Promise<NodeJS.ReadableStream> {
  if (source === '-') return process.stdin
  const file = await open(source).catch(error => {
    throw new CommandError(`${source} is neither a URL nor a list of them: ${error.message}`, EXIT.usage)
  })
  return file.createReadStream()
}

function readLine(line: string, defaults: Omit<CreateImport, 'url'>): ListItem {
  if (!line.startsWith('{')) return { url: line, body: { ...defaults, url: line } }
  try {
    const given = Line.parse(JSON.parse(line))
    return { url: given.url, body: { ...defaults, ...given } }
  } catch {
    return { url: line, fault: 'The line is neither a URL nor a JSON object with a url.' }
  }
}
