import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const REPO_ROOT = join(import.meta.dirname, '../../..')
const MAIN = join(REPO_ROOT, 'apps/cli/src/main.ts')

/** Writes down, at the end, the URL of every module that a process loaded, and each import that Node itself resolved for it. */
const RECORDER = `
import { writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
const [loaded, resolved] = [[], []]
registerHooks({
  // What an earlier hook answers by itself does not come here.
  resolve(specifier, context, next) {
    resolved.push((context.parentURL ?? '') + ' ' + specifier)
    return next(specifier, context)
  },
  load(url, context, next) {
    loaded.push(url)
    return next(url, context)
  },
})
process.on('exit', () => {
  if (process.moduleLoadList.some(name => name.endsWith('/undici/undici'))) loaded.push('fetch of Node')
  writeFileSync(process.env.RESOLVED_FILE, resolved.join('\\n'))
  writeFileSync(process.env.LOADED_FILE, loaded.join('\\n'))
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
    XDG_CONFIG_HOME: folder,
    XDG_STATE_HOME: folder,
  }
  const nodeArgs = ['--import', join(folder, 'recorder.mjs'), main, ...args]
  await promisify(execFile)(process.execPath, nodeArgs, { env }).catch(() => undefined)
  const linesOf = async (file: string) => (await readFile(file, 'utf8')).split('\n')
  return { loaded: await linesOf(loadedFile), resolved: await linesOf(resolvedFile) }
}

/** The packages that a program loads, ours by folder and those of others by name, and whether it has Node's `fetch`. */
async function packagesOf(main: string, ...args: string[]): Promise<string[]> {
  const { loaded } = await record(main, ...args)
  const names = loaded
    .filter(url => !url.startsWith('node:'))
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
    'audit',
    'incidents',
    'ls',
    'get x',
    'rm x',
    'profiles list',
    'import https://media.example.com/a.jpg',
  ])('%s: a client of the API, and no part of the service', async command => {
    const loaded = await packagesOf(MAIN, ...command.split(' '))
    expect(loaded).toContain('commander')
    expect(loaded.filter(name => HEAVY.includes(name))).toEqual([])
  })

  it('--help: the names of the commands', async () => {
    expect(await packagesOf(MAIN, '--help')).toEqual(['apps/cli', 'commander', 'packages/core', 'zod'])
  })

  it('orphans: what reads rows and store (so the recorder sees what is loaded)', async () => {
    expect(await packagesOf(MAIN, 'orphans')).toEqual(expect.arrayContaining(['packages/db', 'packages/storage']))
  })
})

describe('what a service loads', () => {
  /** What only some installations use, or is asked for later if at all. */
  const SELDOM = ['ioredis', 'pg', 'prom-client', '@opentelemetry/api', 'fetch of Node']

  it.each(['api', 'worker'])(
    '%s: no client of a queue that it may not have, and nothing that few ask for',
    async app => {
      const loaded = await packagesOf(join(REPO_ROOT, `apps/${app}/src/main.ts`))
      expect(loaded).toContain('bullmq')
      expect(loaded.filter(name => SELDOM.includes(name))).toEqual([])
    },
  )

  it('sees what a command asks the API with', async () => {
    expect(await packagesOf(MAIN, 'queues')).toContain('fetch of Node')
  })
})

describe('imports whose answer is known', () => {
  const API = join(REPO_ROOT, 'apps/api/src')
  /** Of each: what it imports of others, once per package, JSON, and what libraries import. Our own sources have some 2,000 imports. */
  const MAX_RESOLVED = 250

  it.each([
    ['the API', join(API, 'main.ts')],
    ['a worker', join(REPO_ROOT, 'apps/worker/src/main.ts')],
    ['a command that reads rows', MAIN, 'orphans'],
  ])('%s: Node looks up none that is by path, of our sources, drizzle-orm and zod', async (_, main, ...args) => {
    const { loaded, resolved } = await record(main, ...args)
    expect(loaded.filter(url => url.includes('/drizzle-orm/')).length).toBeGreaterThan(50)
    const byPath = resolved.filter(line => /^\S+(\.ts|\/(drizzle-orm|zod)\/\S+\.js) \.\.?\/\S+\.(ts|js)$/.test(line))
    expect(byPath).toEqual([])
    const imported = resolved.filter(line => /^\S+\.ts /.test(line))
    expect(imported.length).toBeLessThan(MAX_RESOLVED)
    expect(imported.length).toBeGreaterThan(0)
  })

  it('are the files that Node finds by itself', async () => {
    const filesOf = async (entry: string) => {
      const { loaded } = await record(join(API, entry))
      return [...new Set(loaded)].filter(url => !/\/(main|import-resolution)\.ts$/.test(url)).toSorted()
    }
    // The second is what the first loads after the hook.
    const [byHook, byNode] = [await filesOf('main.ts'), await filesOf('run.ts')]
    expect(byNode.length).toBeGreaterThan(500)
    expect(byHook).toEqual(byNode)
  })
})
