import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EVENT_TYPES, JOB_NAMES, PING } from '@darkroom/contracts'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

describe('docs/how-to/webhooks.md', () => {
  it('lists every type of event with its meaning, and no other', () => {
    const rows = [...read('docs/how-to/webhooks.md').matchAll(/^\| `([a-z]+\.[a-z_]+)` +\| (.+?) +\|$/gm)]
    expect(Object.fromEntries(rows.map(([, type, meaning]) => [type, meaning]))).toEqual(EVENT_TYPES)
  })
})

describe('the types of events', () => {
  it('are those that the code appends to the log', () => {
    const named = new Set<string>(['packages/db/src', 'packages/jobs/src', 'apps/worker/src'].flatMap(typesNamedIn))
    const settled = ['asset.ready', 'asset.partial']
    expect([...named, ...settled].filter(type => !Object.hasOwn(EVENT_TYPES, type))).toEqual([])
    expect(Object.keys(EVENT_TYPES).filter(type => !named.has(type) && !settled.includes(type))).toEqual([])
  })
})

/** Texts that look like a type of event; jobs are named alike, and are none. */
function typesNamedIn(folder: string): string[] {
  const others: string[] = [...JOB_NAMES, PING]
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap(file => [...read(join(folder, file)).matchAll(/'((?:asset|variant|job|project|webhook)\.[a-z_]+)'/g)])
    .flatMap(([, type = '']) => (others.includes(type) ? [] : [type]))
}
