import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const BIOME = join(ROOT, 'node_modules/.bin/biome')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lint-rules-'))
  // Ours looks for the repository around a file. Plugins are found from where the configuration is.
  const { plugins } = JSON.parse(await readFile(join(ROOT, 'biome.json'), 'utf8')) as { plugins: string[] }
  const ours = { root: true, plugins: plugins.map(plugin => join(ROOT, plugin)) }
  await writeFile(join(folder, 'biome.json'), JSON.stringify(ours))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What the linter says of a source text. */
async function lint(text: string): Promise<string> {
  const file = join(folder, 'example.ts')
  await writeFile(file, text)
  const run = promisify(execFile)(BIOME, ['lint', '--colors=off', file], { cwd: folder })
  const { stdout, stderr } = await run.catch((refused: { stdout: string; stderr: string }) => refused)
  const said = stdout + stderr
  // Otherwise it has refused nothing because it has not looked.
  expect(said).toContain('Checked 1 file')
  return said
}

describe('the linter', () => {
  it.each([
    ['a literal that is spread into another', 'export const a = { ...{ b: 1, c: 2 }, d: 3 }'],
    ['one within another', 'export const a = [{ b: { c: 1, ...{ d: 2 } } }]'],
  ])('refuses %s', async (_, text) => {
    expect(await lint(text)).toContain('Write these properties into the object itself')
  })

  it.each([
    ['what has a name', 'const b = { c: 1 }\nexport const a = { ...b, d: 2 }'],
    ['what is there only sometimes', 'export const a = (b: boolean) => ({ ...(b && { c: 1 }), d: 2 })'],
    ['a flag and its value', "export const a = [...['-i', 'file'], '-y']"],
  ])('takes a spread of %s', async (_, text) => {
    expect(await lint(text)).not.toContain('Write these properties into the object itself')
  })
})
