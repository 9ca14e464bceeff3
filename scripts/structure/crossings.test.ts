import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findCrossings, without } from './crossings.ts'
import { readModules, type Span } from './modules.ts'

const manifest = (name: string) => JSON.stringify({ name: `@darkroom/${name}`, exports: { '.': './src/index.ts' } })

const FILES = {
  'apps/api/package.json': manifest('api'),
  'apps/api/src/index.ts': `import { save, type Row } from '@darkroom/db'
import { createStore } from '@darkroom/db'
import { AppError } from '@darkroom/core'
import { near } from './near.ts'
export function create(row: Row) { near(); save(row); createStore().put(); throw new AppError() }`,
  'apps/api/src/near.ts': 'export function near() {}',
  'packages/core/package.json': manifest('core'),
  'packages/core/src/index.ts': 'export class AppError { constructor() {} }',
  'packages/db/package.json': manifest('db'),
  'packages/db/src/index.ts': `export * from './store.ts'
export { insert as save, type Row } from './rows.ts'`,
  'packages/db/src/rows.ts': `export interface Row {}
export const insert = (row: Row) => row`,
  'packages/db/src/store.ts': 'export function createStore() { return { put() { return 1 } } }',
}

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'crossings-'))
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
})

afterEach(() => rmSync(root, { recursive: true }))

/** The place of some text, as a function that ran. */
const at = (file: keyof typeof FILES, text: string): [string, Span[]] => {
  const start = FILES[file].indexOf(text)
  return [file, [{ start, end: start + text.length }]]
}
const CREATE = at('apps/api/src/index.ts', 'function create')
const NEAR = at('apps/api/src/near.ts', 'function near() {}')
const INSERT = at('packages/db/src/rows.ts', '(row: Row) => row')
const PUT = at('packages/db/src/store.ts', 'put() { return 1 }')
const ERROR = at('packages/core/src/index.ts', 'constructor() {}')

it('finds each file of another package whose function ran, behind barrels and other names', () => {
  expect(findCrossings(new Map([CREATE, NEAR, INSERT, PUT, ERROR]), readModules(root))).toEqual([
    { from: 'apps/api/src/index.ts', to: 'packages/db/src/rows.ts' },
    { from: 'apps/api/src/index.ts', to: 'packages/db/src/store.ts' },
  ])
})

it('finds none where one of the two did not run', () => {
  expect(findCrossings(new Map([CREATE]), readModules(root))).toEqual([])
  expect(findCrossings(new Map([INSERT]), readModules(root))).toEqual([])
})

it('leaves out functions that ran at rest too, and files without any other', () => {
  expect(without(new Map([CREATE, PUT]), new Map([PUT]))).toEqual(new Map([CREATE]))
})
