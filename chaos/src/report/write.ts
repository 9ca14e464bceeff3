import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { REPO_ROOT } from '../deployment/run-folder.ts'
import type { Options } from '../options.ts'
import { markdown } from './markdown.ts'
import type { Results } from './results.ts'

const JSON_FILE = join(REPO_ROOT, 'chaos/results/latest.json')
const PARTIAL_FILE = join(REPO_ROOT, 'chaos/results/partial.json')
const DOCUMENT = join(REPO_ROOT, 'docs/chaos.md')

/** Writes a complete table into the document, and a selection only into a file beside it. @returns what was written */
export async function writeResults(results: Results, options: Options): Promise<string[]> {
  const isWhole = options.scenarios === null && options.backends.length > 1 && options.sabotage === null
  const json = `${JSON.stringify(results, null, 2)}\n`
  const file = isWhole ? JSON_FILE : PARTIAL_FILE
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, json)
  if (!isWhole) return [file]
  await writeFile(DOCUMENT, markdown(results))
  return [file, DOCUMENT]
}
