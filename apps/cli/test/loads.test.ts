import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const REPO_ROOT = join(import.meta.dirname, '../../..')
const MAIN = join(REPO_ROOT, 'apps/cli/src/main.ts')

/** Writes down the URL of every module that a process loads, and each import that Node itself resolved for it. */
const RECORDER = `
import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
registerHooks({
  // What an earlier hook answers by itself does not come here.
  resolve(specifier, context, next) {
    appendFileSync(process.env.RESOLVED_FILE, (context.parentURL ?? '') + ' ' + specifier + '\\n')
    return next(specifier, context)
  },
  load(url, context, next) {
    appendFileSync(process.env.LOADED_FILE, url + '\\n')
    return next(url, context)
  },
})`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-loads-'))
  await writeFile(join(folder, 'recorder.mjs'), RECORDER)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Recorded {
  /** URLs of modules. */
  loaded: string[]
  /** The importer and what it imports. */
  resolved: string[]
}

/** Starts a program that ends by itself. */
async function record(main: string, ...args: string[]): Promise<Recorded> {
  const runFolder = await mkdtemp(join(folder, 'run-'))
  const [loadedFile, resolvedFile] = [join(runFolder, 'loaded'), join(runFolder, 'resolved')]
  const env = {
    ...process.env,
    LOADED_FILE: loadedFile,
    RESOLVED_FILE: resolvedFile,
    // Nothing listens there: a command has loaded all that it needs by the time it is told so.
    DARKROOM_URL: 'http://127.0.0.1:61234',
    DARKROOM_KEY: 'do_x',
  }
  const nodeArgs = ['--import', join(folder, 'recorder.mjs'), main, ...args]
  await promisify(execFile)(process.execPath, nodeArgs, { env }).catch(() => undefined)
  const linesOf = async (file: string) => (await readFile(file, 'utf8')).trimEnd().split('\n')
  return { loaded: await linesOf(loadedFile), resolved: await linesOf(resolvedFile) }
}

/** The packages that a command loads, ours by folder and those of others by name. */
async function packagesOf(command: string): Promise<string[]> {
  const { loaded } = await record(MAIN, ...command.split(' '))
  const names = loaded
    .filter(url => url.startsWith('file:'))
    .map(url => {
      const [, name] =
        /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? /\/((?:packages|apps)\/[^/]+)/.exec(url) ?? []
      return name ?? url
    })
  return [...new Set(names)].toSorted()
}

/** What looking at a queue needs no part of. */
const HEAVY = [
  ...['sharp', 'fastify', 'drizzle-orm', 'postgres', 'bullmq', 'ioredis', 'pino', '@aws-sdk/client-s3'],
  ...[
    'packages/db',
    'packages/jobs',
    'packages/storage',
    'packages/media',
    'packages/local-b2',
    'apps/api',
    'apps/worker',
  ],
]

describe('what a command loads', () => {
  it.each([
    'jobs list',
    'explain x',
    'queues',
    'keys list',
    'projects list',
    'usage show',
    'presets list',
    'backfills list',
    'quarantine list',
    'takedowns list',
  ])('%s: a client of the API, and no part of the service', async command => {
    const loaded = await packagesOf(command)
    expect(loaded).toContain('commander')
    expect(loaded.filter(name => HEAVY.includes(name))).toEqual([])
  })

  it('--help: the names of the commands', async () => {
    expect(await packagesOf('--help')).toEqual(['apps/cli', 'commander', 'packages/core', 'zod'])
  })

  it('orphans: what reads rows and store (so the recorder sees what is loaded)', async () => {
    expect(await packagesOf('orphans')).toEqual(expect.arrayContaining(['packages/db', 'packages/storage']))
  })
})

describe('what Node resolves of drizzle-orm', () => {
  /** Its entries and what it imports of others. Of its own files it has 900 imports, and each would cost a millisecond. */
  const MAX_RESOLVED = 20

  it.each([
    ['the API', join(REPO_ROOT, 'apps/api/src/main.ts')],
    ['a worker', join(REPO_ROOT, 'apps/worker/src/main.ts')],
    ['a command that reads rows', MAIN, 'orphans'],
  ])('for %s: its entries, and not each import within it', async (_, main, ...args) => {
    const { loaded, resolved } = await record(main, ...args)
    expect(loaded.filter(url => url.includes('/drizzle-orm/')).length).toBeGreaterThan(50)
    const ofDrizzle = resolved.filter(line => /\/drizzle-orm\/| drizzle-orm/.test(line))
    expect(ofDrizzle.length).toBeLessThan(MAX_RESOLVED)
    expect(ofDrizzle.length).toBeGreaterThan(0)
  })
})
