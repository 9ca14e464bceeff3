import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const MAIN = join(import.meta.dirname, '../src/main.ts')

/** Writes down the URL of every module that a process loads. */
const RECORDER = `
import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
registerHooks({
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

/** The packages that a command loads, ours by folder and those of others by name. */
async function packagesOf(command: string): Promise<string[]> {
  const file = join(folder, command.replaceAll(' ', '-'))
  await writeFile(file, '')
  const args = ['--import', join(folder, 'recorder.mjs'), MAIN, ...command.split(' ')]
  // Nothing listens there: a command has loaded all that it needs by the time it is told so.
  const env = { ...process.env, LOADED_FILE: file, DARKROOM_URL: 'http://127.0.0.1:61234', DARKROOM_KEY: 'do_x' }
  await promisify(execFile)(process.execPath, args, { env }).catch(() => undefined)
  const urls = (await readFile(file, 'utf8')).split('\n').filter(url => url.startsWith('file:'))
  const names = urls.map(url => {
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
