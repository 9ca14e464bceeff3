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
