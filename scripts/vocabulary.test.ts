import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

// One term for one thing: what the glossary replaces is in no name, comment, text or document.

const ROOT = join(import.meta.dirname, '..')
const GLOSSARY = 'docs/glossary.md'
const FILES = globSync(
  ['{apps,packages,bench,chaos,e2e,scripts}/**/*.{ts,tsx,mjs,css,md}', 'docs/**/*.md', '*.md', '.ci/*'],
  { cwd: ROOT, exclude: path => /(^|\/)(node_modules|dist|migrations)(\/|$)/.test(String(path)) },
).filter(file => file !== GLOSSARY && file !== 'scripts/vocabulary.test.ts')

/** In words: `taskTurn`, `task-turn` and `TASK_TURN` are all "task turn". */
const inWords = (text: string): string =>
  text
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase()

/** Names that others gave: a field of EXIF, and a maker of cameras. */
const NAMES_OF_OTHERS = /FocalLengthIn35mmFilm|Fujifilm|FUJIFILM/g
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8').replace(NAMES_OF_OTHERS, '')

/** The backticked words of the third column. */
function replacedTerms(glossary: string): string[] {
  const rows = glossary.split('\n').filter(line => line.startsWith('|'))
  return rows.flatMap(row => (row.split('|')[3] ?? '').match(/(?<=`)\w+(?=`)/g) ?? [])
}

/** Where a replaced term is used, as `file: term`. */
function usesIn(file: string, text: string, terms: string[]): string[] {
  const words = inWords(`${file}\n${text}`)
  return terms.filter(term => new RegExp(`\\b${inWords(term)}s?\\b`).test(words)).map(term => `${file}: ${term}`)
}

const terms = replacedTerms(readFileSync(join(ROOT, GLOSSARY), 'utf8'))

it('uses the terms of the glossary, and none that they replace', () => {
  expect(FILES.length).toBeGreaterThan(1000)
  expect(terms.length).toBeGreaterThan(10)
  expect(FILES.flatMap(file => usesIn(file, textOf(file), terms))).toEqual([])
})

it('finds a replaced term in a file name, a symbol and a sentence', () => {
  expect(usesIn('src/task-turns.ts', '', ['taskTurn'])).toEqual(['src/task-turns.ts: taskTurn'])
  expect(usesIn('a.ts', 'const byTaskTurn = 1', ['taskTurn'])).toEqual(['a.ts: taskTurn'])
  expect(usesIn('a.md', 'A task turn ends.', ['taskTurn'])).toEqual(['a.md: taskTurn'])
  expect(usesIn('a.md', 'It multitasks, turning round.', ['taskTurn'])).toEqual([])
})
