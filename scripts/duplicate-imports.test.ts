import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { expect, it } from 'vitest'

// A file says in one statement what it takes of a module, types and values. Biome has no rule for it.

const ROOT = join(import.meta.dirname, '..')
const FILES = globSync('{apps,packages,bench,chaos,e2e,scripts}/**/*.{ts,tsx,mjs}', {
  cwd: ROOT,
  exclude: path => /(^|\/)(node_modules|dist|\.generated)(\/|$)/.test(String(path)),
})

/** Modules that a file imports from more than once. */
function importedTwice(path: string, text: string): string[] {
  const modules = parseSync(path, text).module.staticImports.map(({ moduleRequest }) => moduleRequest.value)
  return [...new Set(modules.filter((module, index) => modules.indexOf(module) !== index))]
}

it('no file imports from a module twice', () => {
  expect(FILES.length).toBeGreaterThan(1000)
  const found = FILES.flatMap(file =>
    importedTwice(file, readFileSync(join(ROOT, file), 'utf8')).map(module => `${file}: ${module}`),
  )
  expect(found).toEqual([])
})

it('finds a second import, also of types', () => {
  const twice = "import type { A } from './a.ts'\nimport { b } from './b.ts'\nimport { a } from './a.ts'\n"
  expect(importedTwice('c.ts', twice)).toEqual(['./a.ts'])
  expect(importedTwice('c.ts', "import { a, type A } from './a.ts'\nexport { b } from './a.ts'\n")).toEqual([])
})
