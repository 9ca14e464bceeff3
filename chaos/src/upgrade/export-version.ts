import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { REPO_ROOT } from '../deployment/run-folder.ts'
import type { Code } from '../deployment/service.ts'

const run = promisify(execFile)
const MIGRATIONS = 'packages/db/migrations'
/** On the disk of node_modules, so that its files can be linked; not below it, because Node runs no TypeScript there. */
const FOLDER = join(REPO_ROOT, 'chaos/results/versions')
/** What belongs to this checkout alone. */
const OWN = new Set(['.cache', '.vite', '.vitest'])

/** A commit of which the processes are, in a folder of its own. */
export interface Version extends Code {
  commit: string
  title: string
  /** Whether it runs with packages of this checkout that are not those of its own package-lock.json. */
  hasForeignPackages: boolean
  remove(): Promise<void>
}

/** Returns the released programs of a checkout, which have no switches of faults. */
export const released = (folder: string): Code => ({
  folder,
  entry: { api: 'apps/api/src/main.ts', worker: 'apps/worker/src/main.ts' },
})

const git = async (...args: string[]): Promise<string> =>
  (await run('git', args, { cwd: REPO_ROOT, maxBuffer: 64 * 1024 ** 2 })).stdout.trim()

/** Returns the commit before the newest migration: the version from which an upgrade changes most. */
export async function commitBeforeNewestMigration(): Promise<string> {
  const newest = await git('log', '-1', '--format=%H', '--', MIGRATIONS)
  if (newest === '') throw new Error('this checkout has no history: name a commit with --from')
  return git('rev-parse', `${newest}^`)
}

/** Exports a commit into a folder, with the packages of this checkout and its own workspaces. */
export async function exportVersion(ref: string): Promise<Version> {
  // Of a run that was killed.
  await rm(FOLDER, { recursive: true, force: true })
  const commit = await git('rev-parse', '--verify', `${ref}^{commit}`)
  const folder = join(FOLDER, commit)
  await mkdir(folder, { recursive: true })
  const archive = join(folder, '.archive.tar')
  await git('archive', '--output', archive, commit)
  await run('tar', ['-x', '-f', archive, '-C', folder])
  await rm(archive)
  await linkPackages(folder)
  return {
    ...released(folder),
    commit,
    title: await git('log', '-1', '--format=%s', commit),
    hasForeignPackages: (await lockOf(folder)) !== (await lockOf(REPO_ROOT)),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  }
}

const lockOf = (folder: string) => readFile(join(folder, 'package-lock.json'), 'utf8')

/** Links every file of node_modules: the symbolic links of workspaces are relative, and so lead to the exported ones. */
async function linkPackages(folder: string): Promise<void> {
  const target = join(folder, 'node_modules')
  await mkdir(target)
  const source = join(REPO_ROOT, 'node_modules')
  const names = (await readdir(source)).filter(name => !OWN.has(name))
  await run('cp', ['-a', '--link', '-t', target, ...names.map(name => join(source, name))])
  for (const app of await readdir(join(folder, 'apps'))) {
    const nested = join(REPO_ROOT, 'apps', app, 'node_modules')
    if (existsSync(nested)) await run('cp', ['-a', '--link', '-t', join(folder, 'apps', app), nested])
  }
}
