import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { table } from '../../bench/src/report/table.ts'
import { duplicateLines } from './duplicates.ts'
import { readSourceFile, type SourceFile } from './read-file.ts'
import { uploadReport } from './upload/report.ts'

// How large files and functions are, and how much the packages lean on each other: `npm run structure`, or with
// `-- --root <other checkout>` to compare. Tests are left out. With `--upload` it also starts that Darkroom, uploads a photo and
// says which files and packages it went through; `--list` names each crossing.

const { values } = parseArgs({
  options: {
    root: { type: 'string', default: join(import.meta.dirname, '../..') },
    upload: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
})
const root = resolve(values.root)

const FOLDERS = ['apps/*', 'packages/*']
const SMALL_LINES = 30
const WIDE_NAMES = 300

const packages = globSync(FOLDERS, { cwd: root })
  .map(path => String(path))
  .sort()
  .map(path => ({ path, files: filesOf(path) }))
const known = new Map(packages.flatMap(({ files }) => [...files]))
const all = [...known.values()]

function filesOf(folder: string): Map<string, SourceFile> {
  const names = globSync(`${folder}/src/**/*.{ts,tsx}`, { cwd: root }).map(String)
  return new Map(
    names.filter(name => !/\.test\.tsx?$/.test(name)).map(name => [name, readSourceFile(join(root, name))]),
  )
}

/** Counts the names that an importer of a file can use. */
function namesOf(name: string): number {
  const file = known.get(name)
  if (!file) return 0
  return file.exports + sum(file.passesOn.map(path => namesOf(join(dirname(name), path))))
}

/** Returns the smallest value that the given part of all values does not exceed. */
function quantile(numbers: number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

function rowOf(name: string, files: SourceFile[]): string[] {
  const lines = files.map(file => file.lines)
  const functions = files.flatMap(file => file.functionLines)
  const small = lines.filter(count => count <= SMALL_LINES).length
  const others = files.flatMap(file => file.imports).filter(imported => imported.startsWith('@darkroom/')).length
  return [name, files.length, sum(lines), quantile(lines, 0.5), quantile(lines, 0.9), small]
    .concat(functions.length, quantile(functions, 0.5), quantile(functions, 0.9), others)
    .map(String)
}

console.log(`${basename(root)}: source without tests\n`)
console.log(
  table(
    [
      'package',
      'files',
      'lines',
      'median',
      'p90',
      `≤ ${SMALL_LINES} lines`,
      'functions',
      'median',
      'p90',
      'imports of other packages',
    ],
    [...packages.map(({ path, files }) => rowOf(path, [...files.values()])), rowOf('all', all)],
  ),
)

const folders = Map.groupBy(
  packages.flatMap(({ files }) => [...files.keys()]),
  name => name.split('/').slice(0, -1).join('/'),
)
const widest = [...folders].sort(([, a], [, b]) => b.length - a.length)[0]
const entries = packages
  .flatMap(({ files }) => [...files].filter(([name]) => basename(name) === 'index.ts'))
  .map(([name]) => ({ name, names: namesOf(name) }))
  .sort((a, b) => b.names - a.names)
const wide = entries.filter(({ names }) => names > WIDE_NAMES)
const texts = [...known.keys()].map(name => readFileSync(join(root, name), 'utf8'))
console.log(`\nfolder with most files: ${widest?.[0]} (${widest?.[1].length})`)
console.log(
  `entry with most names: ${entries[0]?.name} (${entries[0]?.names}); with more than ${WIDE_NAMES}: ${wide.length}`,
)
console.log(`lines that stand in more than one place, in runs of six or more: ${duplicateLines(texts)}`)
if (values.upload) console.log(`\n${await uploadReport(root, { isListed: values.list })}`)
