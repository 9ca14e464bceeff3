import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CRASHPOINTS } from '../packages/core/src/fault-injection.ts'

// A point that is named and passed nowhere would let the fault harness kill nothing, and show green.

const ROOT = join(import.meta.dirname, '..')

const sourcesBelow = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(
      file => /\/src\/.*\.ts$/.test(file) && !file.includes('node_modules') && !/\.test\.ts$|^testing\//.test(file),
    )
    .map(file => readFileSync(join(ROOT, folder, file), 'utf8'))

/** Of what ships: in the test package the harness reads its switches. */
const sources = ['apps', 'packages'].flatMap(sourcesBelow).join('\n')

it.each(CRASHPOINTS)('%s is passed somewhere', name => {
  expect(sources).toContain(`.crashpoint('${name}')`)
})

it.each(['DARKROOM_CRASHPOINT', 'DARKROOM_SABOTAGE'])('%s is read by nothing that ships', variable => {
  expect(sources).not.toContain(variable)
})
