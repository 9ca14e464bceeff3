import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import { expect, it } from 'vitest'
import { nameOf, unguardedTransitionsIn } from './unguarded-transitions.ts'

// Which status may follow which is said in one file, and every change of a status is made of its parts.

const ROOT = join(import.meta.dirname, '..')
const GUARD = 'packages/db/src/schema/transitions.ts'
const FILES = globSync('packages/{db,jobs}/src/**/*.ts', { cwd: ROOT }).filter(
  file => file !== GUARD && !file.endsWith('.test.ts'),
)

/** What says the status of a row, by table: the names in SQL and in drizzle's. */
const STATUS_COLUMNS: Record<string, readonly string[]> = {
  assets: ['status'],
  jobs: ['status'],
  variants: ['status'],
  uploads: ['confirmed_at', 'aborted_at', 'confirmedAt', 'abortedAt'],
}

/** A part of a statement does not say of which table it is; `confirmed_at` is a column of assets as well. */
const isStatus = (table: string | null, column: string): boolean =>
  table === null ? column === 'status' : (STATUS_COLUMNS[table]?.includes(column) ?? false)

const TOKEN = /'[^']*'|--[^\n]*|\$|[A-Za-z_][\w.]*|[(),=]|[^\s\w]/g

interface Clause {
  /** Where an INSERT or an UPDATE of this pair of parentheses writes. */
  table: string | null
  /** Whether this is the list of a SET. */
  isSet: boolean
  /** Whether a column is next. */
  isTarget: boolean
}

/** Columns with a status that a text of SQL assigns to. `$` stands for an interpolation. */
function statusesAssignedIn(text: string): string[] {
  const tokens = text.match(TOKEN)?.filter(token => !token.startsWith('--')) ?? []
  const found: string[] = []
  // A part of a statement, such as `, status = …`, goes on with somebody's SET.
  const stack: Clause[] = [{ table: null, isSet: tokens[0] === ',', isTarget: tokens[0] === ',' }]
  for (const [index, token] of tokens.entries()) {
    const clause = stack.at(-1)
    const next = tokens[index + 1] ?? ''
    if (!clause) break
    if (token === '(') stack.push({ table: null, isSet: false, isTarget: false })
    else if (token === ')') stack.pop()
    else if (token === 'INTO' || (token === 'UPDATE' && next !== 'SET')) clause.table = next
    else if (token === 'SET') [clause.isSet, clause.isTarget] = [true, true]
    else if (['FROM', 'WHERE', 'RETURNING', 'SELECT'].includes(token)) clause.isSet = false
    else if (token === ',') clause.isTarget = clause.isSet
    else if (clause.isTarget) {
      clause.isTarget = false
      if (next === '=' && isStatus(clause.table, token)) found.push(`${clause.table ?? 'part'}.${token}`)
    }
  }
  return found
}

/** Columns with a status that are assigned to in SQL or by `.update(table).set({ … })`, and transitions without their guard. */
function statusWritesIn(path: string, text: string): string[] {
  const found: string[] = []
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  new Visitor({
    TemplateLiteral: ({ quasis }) => {
      found.push(...statusesAssignedIn(quasis.map(({ value }) => value.raw).join(' $ ')))
    },
    CallExpression: ({ callee, arguments: [values] }) => {
      if (callee.type !== 'MemberExpression' || nameOf(callee.property) !== 'set') return
      const update = callee.object
      const table = update.type === 'CallExpression' ? nameOf(update.arguments[0]) : null
      if (values?.type !== 'ObjectExpression') return
      for (const property of values.properties) {
        const column = property.type === 'Property' ? nameOf(property.key) : null
        if (column && isStatus(table, column)) found.push(`${table ?? 'part'}.${column}`)
      }
    },
  }).visit(program)
  return [...found, ...unguardedTransitionsIn(path, text)].map(what => `${path}: ${what}`)
}

it('no other file writes a status', () => {
  expect(FILES.length).toBeGreaterThan(100)
  const texts = FILES.map(file => [file, readFileSync(join(ROOT, file), 'utf8')] as const)
  expect(texts.flatMap(([file, text]) => statusWritesIn(file, text))).toEqual([])
  const users = texts.filter(
    ([, text]) => /\b(?:asset|job|variant|upload)Status\./.test(text) || text.includes('} = uploadStatus'),
  )
  expect(users.length).toBeGreaterThan(10)
})

it.each([
  ["sql`UPDATE jobs SET status = 'queued' WHERE id = 1`", ['jobs.status']],
  [
    "sql`WITH a AS (UPDATE assets SET revision = revision + 1, status = CASE WHEN x THEN 'a' ELSE 'b' END)`",
    ['assets.status'],
  ],
  ["sql`, ready_at = now(), status = 'ready'`", ['part.status']],
  [
    "sql`INSERT INTO variants (id, status) SELECT 1, 'a' ON CONFLICT (id) DO UPDATE SET error = NULL, status = 'a'`",
    ['variants.status'],
  ],
  ['sql`UPDATE uploads SET confirmed_at = now() WHERE id = 1`', ['uploads.confirmed_at']],
  ["tx.update(jobs).set({ status: 'queued' })", ['jobs.status']],
  ['tx.update(uploads).set({ abortedAt: sql`now()` }).where(x)', ['uploads.abortedAt']],
  ["const queued = jobStatus.to('queued')\ntx.update(jobs).set({ ...queued.values })", ['queued without its guard']],
  ["tx.update(jobs).set({ ...jobStatus.to('queued').values })", ["jobStatus.to('queued').values without its guard"]],
  ['tx.update(uploads).set(uploadStatus.aborted.values)', ['uploadStatus.aborted.values without its guard']],
  [
    'sql`UPDATE uploads SET $' + '{uploadStatus.aborted.assignment} WHERE id = 1`',
    ['uploadStatus.aborted.assignment without its guard'],
  ],
  [
    "const { values } = jobStatus.to('queued')\ntx.update(jobs).set(values)",
    ["jobStatus.to('queued') without its guard"],
  ],
  [
    `function one() { const queued = jobStatus.to('queued'); tx.update(jobs).set(queued.values).where(queued.guard) }
     function two() { const queued = jobStatus.to('queued'); tx.update(jobs).set(queued.values) }`,
    ['queued without its guard'],
  ],
  [
    `const queued = jobStatus.to('queued')
     function one() { tx.update(jobs).set(queued.values).where(queued.guard) }
     const two = () => tx.update(jobs).set(queued.values)`,
    ['queued without its guard'],
  ],
])('finds what %s writes', (text, writes) => {
  expect(statusWritesIn('a.ts', text)).toEqual(writes.map(what => `a.ts: ${what}`))
})

it.each([
  "sql`SELECT id, status = 'queued' AS is_waiting FROM jobs WHERE a = 1 AND status = 'queued'`",
  "sql`UPDATE jobs SET queue = 'image' FROM a WHERE jobs.id = a.id AND status = 'queued'`",
  "sql`UPDATE backfills SET status = 'cancelled'`",
  'sql`UPDATE assets SET confirmed_at = now()`',
  "sql`status = 'queued' AND dispatched_at IS NULL`",
  "const queued = jobStatus.to('queued')\ntx.update(jobs).set({ ...queued.values }).where(queued.guard)",
  'tx.update(uploads).set(uploadStatus.aborted.values).where(uploadStatus.aborted.guard)',
  'const { aborted } = uploadStatus\ntx.update(uploads).set(aborted.values).where(and(x, aborted.guard))',
  'const next = to && jobStatus.to(to)\ntx.update(jobs).set({ ...next?.values }).where(next?.guard)',
])('finds nothing in %s', text => {
  expect(statusWritesIn('a.ts', text)).toEqual([])
})
