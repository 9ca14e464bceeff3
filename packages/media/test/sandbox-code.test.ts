import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeVersion } from '../src/sandbox/code-version.ts'
import { NODE_FLAGS } from '../src/sandbox/node-flags.ts'
import { markedLimits, tempDir, testPool } from './pool.ts'

let codeDir: string
beforeAll(async () => {
  codeDir = await mkdtemp(path.join(tmpdir(), 'compiled-'))
})
afterAll(() => rm(codeDir, { recursive: true, force: true }))

const SOURCES = fileURLToPath(new URL('../src', import.meta.url))
const LOADED_MODULES = fileURLToPath(new URL('./fixtures/loaded-modules.ts', import.meta.url))

/** The URLs of the modules that Node loads with these arguments. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', LOADED_MODULES, ...args], {
    maxBuffer: 2 ** 24,
  })
  return stdout.split('\n')
}

it('a process that works on a JPEG loads no schemas, no logger, no whole package of ours and no other decoder', async () => {
  const modules = ['sandbox/serve.ts', 'image/index.ts', 'image/decoders/native.ts']
  const program = modules.map(name => `await import(${JSON.stringify(path.join(SOURCES, name))})`).join('\n')
  const urls = await loadedBy('--input-type=module', '--eval', program)
  expect(urls.filter(url => url.endsWith('/image/decoders/native.ts'))).toHaveLength(1)
  const needless =
    /\/node_modules\/(zod|pino|p-retry|uuid)\/|\/(contracts|core)\/src\/index\.ts$|\/image\/(hevc|vp8)\/|\/decoders\/(heif|svg|jxl)/
  expect(urls.filter(url => needless.test(url))).toEqual([])
})

it('all that is loaded when first needed is compiled ahead', async () => {
  const urls = await loadedBy(path.join(SOURCES, 'sandbox/compile.ts'), await tempDir())
  const lazy = globSync('**/*.ts', { cwd: SOURCES }).flatMap(name => {
    const file = path.join(SOURCES, name)
    const imports = readFileSync(file, 'utf8').matchAll(/\bimport\('(\.[^']+)'\)/g)
    return [...imports].map(([, specifier = '']) => pathToFileURL(path.join(path.dirname(file), specifier)).href)
  })
  expect(lazy.length).toBeGreaterThan(10)
  expect(lazy.filter(url => !urls.includes(url))).toEqual([])
})

it('of Node’s own modules a media process takes the code that Node brings along', async () => {
  const program = `
    const { internalBinding } = require('internal/test/binding')
    for (const name of ['crypto', 'zlib', 'child_process']) require('node:' + name)
    const { compiledWithCache, compiledWithoutCache } = internalBinding('builtins').getCacheUsage()
    console.log(JSON.stringify({ taken: compiledWithCache.size, rejected: [...compiledWithoutCache] }))`
  const args = [...NODE_FLAGS, '--expose-internals', '--eval', program]
  const { taken, rejected } = JSON.parse((await promisify(execFile)(process.execPath, args)).stdout)
  expect(rejected).toEqual([])
  expect(taken).toBeGreaterThan(10)
})

describe('code that is compiled ahead', () => {
  it('is there before the first process starts', async () => {
    const pool = await testPool(markedLimits(), { codeDir })
    await pool.close()
    expect((await readdir(codeDir, { recursive: true })).length).toBeGreaterThan(50)
  })

  it('is there once for all starts, until the code is another', async () => {
    const files = async () =>
      Promise.all(
        (await readdir(codeDir, { recursive: true })).toSorted().map(async name => {
          const { ino, mtimeMs } = await stat(path.join(codeDir, name))
          return [name, ino, mtimeMs]
        }),
      )
    const before = await files()
    await (await testPool(markedLimits({ maxOutputBytes: 1_000_000 }), { codeDir })).close()
    expect(await files()).toEqual(before)
    const mark = (await readdir(codeDir)).find(name => /^[0-9a-f]{64}$/.test(name)) ?? ''
    // As after an update: another version, or a start that was killed before it had compiled all.
    await rename(path.join(codeDir, mark), path.join(codeDir, 'f'.repeat(64)))
    await (await testPool(markedLimits(), { codeDir })).close()
    expect(await readdir(codeDir)).toContain(mark)
  })

  it('is told from another version by every file, and by what it was compiled with', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sources-'))
    await writeFile(path.join(folder, 'a.ts'), 'one')
    const first = await codeVersion([folder], ['--flag'])
    expect(await codeVersion([folder], ['--flag'])).toBe(first)
    expect(await codeVersion([folder], [])).not.toBe(first)
    await utimes(path.join(folder, 'a.ts'), 1, 1)
    const touched = await codeVersion([folder], ['--flag'])
    await writeFile(path.join(folder, 'b.ts'), '')
    expect(new Set([first, touched, await codeVersion([folder], ['--flag'])]).size).toBe(3)
    await rm(folder, { recursive: true })
  })

  it('is done without where it cannot be written', async () => {
    const pool = await testPool(markedLimits(), { codeDir: path.join(codeDir, 'nowhere') })
    try {
      const workDir = await tempDir()
      const file = path.join(workDir, 'source')
      await sharp({ create: { width: 8, height: 8, channels: 3, background: '#888' } })
        .png()
        .toFile(file)
      const job = { projectId: 'p', timeoutMs: 10_000, signal: new AbortController().signal }
      const facts = await pool.withChild(job, child => child.probe({ file, declaredType: 'image/png' }))
      expect(facts).toMatchObject({ kind: 'image', width: 8 })
    } finally {
      await pool.close()
    }
  })
})
