import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ExportDefaultDeclaration, type ExportNamedDeclaration, parseSync } from 'oxc-parser'
import { expect, it } from 'vitest'

// A doc block of an exported function begins with what the function does: "Returns …", "Refuses …".

const ROOT = join(import.meta.dirname, '..')
const FILES = globSync('{apps,packages,bench,chaos,e2e,scripts}/**/*.{ts,tsx}', {
  cwd: ROOT,
  exclude: path => /(^|\/)(node_modules|dist|migrations)(\/|$)|\.test\.tsx?$/.test(String(path)),
}).sort()

/** A verb in the third person, or a tag where the name of the function says it all. */
const OPENING = /^(@|[A-Z][a-z]+(-[a-z]+)?s\b)/
/** Plurals with which a noun phrase begins: no verb is written like them. */
const PLURALS = /^(Names|Types|Files|Images|Bytes|Pages|Frames|Rows|Keys|Jobs|Assets|Events|Ids|Codes|Pixels|Parts)\b/

/** The name of an exported function; null for all else that is exported. */
function functionName({ declaration }: ExportNamedDeclaration | ExportDefaultDeclaration): string | null {
  if (declaration?.type === 'FunctionDeclaration') return declaration.id?.name ?? null
  if (declaration?.type !== 'VariableDeclaration') return null
  const [{ id, init } = {}] = declaration.declarations
  return init?.type === 'ArrowFunctionExpression' && id?.type === 'Identifier' ? id.name : null
}

/** Exported functions whose doc block begins with something else, as `file: name`. */
function wrongOpenings(file: string, text: string): string[] {
  const { program, comments } = parseSync(file, text)
  return program.body.flatMap(node => {
    const isExport = node.type === 'ExportNamedDeclaration' || node.type === 'ExportDefaultDeclaration'
    const name = isExport ? functionName(node) : null
    const block = comments.findLast(({ end }) => end <= node.start)
    const isAbove = block?.value.startsWith('*') && text.slice(block.end, node.start).trim() === ''
    if (name === null || !block || !isAbove) return []
    const doc = block.value.replace(/^[\s*]+/, '')
    return OPENING.test(doc) && !PLURALS.test(doc) ? [] : [`${file}: ${name}`]
  })
}

it('begins with a verb', () => {
  expect(FILES.length).toBeGreaterThan(1000)
  expect(FILES.flatMap(file => wrongOpenings(file, readFileSync(join(ROOT, file), 'utf8')))).toEqual([])
})

it('finds a doc block that begins with a noun, over a function and over an arrow', () => {
  expect(wrongOpenings('a.ts', '/** The size. */\nexport function size() {}')).toEqual(['a.ts: size'])
  expect(wrongOpenings('a.tsx', '/** The page. */\nexport default function Page() {}')).toEqual(['a.tsx: Page'])
  expect(wrongOpenings('a.ts', '/**\n * Names of all.\n */\nexport const names = () => []')).toEqual(['a.ts: names'])
  expect(wrongOpenings('a.ts', '/** Returns the size. */\nexport const size = () => 1')).toEqual([])
  expect(wrongOpenings('a.ts', '/** The size. */\nexport const size = 1')).toEqual([])
})
