import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isErrorCode } from '@darkroom/contracts'
import { describe, expect, it } from 'vitest'
import { ApiConfig } from '../apps/api/src/config.ts'
import { IngestConfig } from '../packages/ingest/src/config.ts'
import { MediaConfig } from '../packages/media/src/config.ts'

const ROOT = join(import.meta.dirname, '..')
const text = readFileSync(join(ROOT, 'docs/security.md'), 'utf8')
const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word)
const defaults: Record<string, unknown> = {
  ...ApiConfig.partial().parse({}),
  ...IngestConfig.parse({}),
  ...MediaConfig.parse({}),
}

/** Rows of the table of limits, without their bars. */
const limits = [...text.matchAll(/^\| .+ \| (\S+) +\| `([A-Z_]+)` +\| `([A-Z_]+)` +\| `\S+` +\|$/gm)].map(
  ([, value = '', variable = '', code = '']) => ({ value, variable, code }),
)

describe('docs/security.md', () => {
  it('names every limit on media', () => {
    const named = limits.map(({ variable }) => variable)
    expect(Object.keys(MediaConfig.shape).filter(variable => !named.includes(variable))).toEqual([])
  })

  it.each(limits)('gives $variable its default and a code that exists', ({ variable, value, code }) => {
    expect(String(defaults[variable])).toBe(value)
    expect(isErrorCode(code)).toBe(true)
  })

  it('names only tests that exist', () => {
    const files = quoted.filter(word => /^(apps|packages|e2e|scripts)\/\S+/.test(word))
    expect(files.length).toBeGreaterThan(20)
    expect(files.filter(file => !existsSync(join(ROOT, file)))).toEqual([])
  })
})

interface Case {
  inputs: string[]
  tests: { file: string; title: string }[]
}

/** Cases of the tables below a heading that ends with "every case". */
const cases = [...text.matchAll(/^## .+: every case\n([\s\S]*?)(?=^## )/gm)].flatMap(([, section = '']) =>
  [...section.matchAll(/^\| (?!case |-)(.+?) +\| .+ \| (`.+?) +\|$/gm)].map(
    ([, what = '', tests = '']): Case => ({
      inputs: [...what.matchAll(/`([^`]*[.:%][^`]*)`/g)].map(([, input = '']) => input),
      tests: tests.split('<br>').map(test => {
        const [, file = '', title = ''] = /^`(\S+)`: (.+)$/.exec(test.trim()) ?? []
        return { file, title }
      }),
    }),
  ),
)

describe('the cases of docs/security.md', () => {
  const sourceOf = (file: string) => readFileSync(join(ROOT, file), 'utf8')

  it('are those of both tables', () => {
    expect(cases.length).toBeGreaterThan(45)
  })

  it('name tests that are there', () => {
    const named = cases.flatMap(({ tests }) => tests)
    const isThere = ({ file, title }: Case['tests'][number]) => sourceOf(file).includes(`'${title}'`)
    expect(named.filter(test => !isThere(test))).toEqual([])
  })

  it('name inputs that one of their tests has', () => {
    const missing = cases.flatMap(({ inputs, tests }) =>
      inputs.filter(input => !tests.some(({ file }) => sourceOf(file).includes(input))),
    )
    expect(missing).toEqual([])
  })
})
