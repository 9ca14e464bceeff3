import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { processIdentity } from '@darkroom/core/process-identity'
import postgres from 'postgres'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startLocalPostgres } from '../src/index.ts'
import { endParent, launchParent, startParent } from './parent-process.ts'

const isRoot = process.getuid?.() === 0
/** Docker's default profile allows none, not even to root. */
const hasUserNamespaces = spawnSync('unshare', ['--user', 'true']).status === 0

let folder: string
let dataDir: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-local-postgres-'))
  dataDir = join(folder, 'data')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function isGoneWithin(pid: number, ms: number): Promise<boolean> {
  for (const deadline = Date.now() + ms; Date.now() < deadline; await sleep(20)) {
    if (processIdentity(pid) === null) return true
  }
  return false
}

it('loses nothing that was committed and leaves no orphan when the parent is killed with -9, five times', async () => {
  for (let round = 1; round <= 5; round += 1) {
    const { child, url, pid } = await startParent(dataDir)
    const sql = postgres(url, { max: 1, onnotice: () => undefined, onclose: () => undefined })
    await sql`CREATE TABLE IF NOT EXISTS rounds (round int)`
    await sql`INSERT INTO rounds VALUES (${round})`
    expect(await sql`SELECT count(*)::int AS count FROM rounds`).toMatchObject([{ count: round }])
    await sql.end({ timeout: 1 })
    await endParent(child, 'SIGKILL')
    // Every second time the next start comes while the orphan still shuts down.
    if (round % 2 === 0) expect(await isGoneWithin(pid, 20_000)).toBe(true)
  }
  const server = await startLocalPostgres({ dataDir })
  await server.stop()
  expect((await readdir(folder)).sort()).toEqual(['data', 'data.password'])
})

/** Expects that a start stops the server whose parent was killed, in spite of `prefix` before the second start. */
async function expectOrphanIsStopped(path: string, prefix: string[] = []): Promise<void> {
  const first = await startParent(dataDir, { prefix: ['env', `PATH=${path}`] })
  await endParent(first.child, 'SIGKILL')
  await sleep(200)
  const wasOrphan = processIdentity(first.pid) !== null
  const second = await startParent(dataDir, { prefix: [...prefix, 'env', `PATH=${path}`] })
  expect(wasOrphan).toBe(true)
  expect(processIdentity(first.pid)).toBeNull()
  await endParent(second.child, 'SIGTERM')
}

it.skipIf(isRoot && !hasUserNamespaces)(
  'stops an orphan that did not follow its parent, as on a system that has no setpriv, and starts',
  async () => expectOrphanIsStopped(await searchPath(folder)),
)

it.runIf(isRoot)('stops an orphan of another user, into which root in a container may not look', async () => {
  const path = await searchPath(folder, { unshare: NO_USER_NAMESPACES, setpriv: NO_DEATH_SIGNAL })
  await expectOrphanIsStopped(path, ['/usr/bin/setpriv', '--bounding-set=-sys_ptrace', '--'])
})

it('starts after a kill -9 in the middle of the first start', async () => {
  for (const afterMs of [150, 300, 450, 600]) {
    const { child } = launchParent(dataDir)
    await sleep(afterMs)
    await endParent(child, 'SIGKILL')
  }
  const { child } = await startParent(dataDir)
  await endParent(child, 'SIGTERM')
  expect((await readdir(folder)).sort()).toEqual(['data', 'data.password'])
})

it('stops on request of the parent, and the parent ends', async () => {
  const { child, pid } = await startParent(dataDir)
  await endParent(child, 'SIGTERM')
  expect(processIdentity(pid)).toBeNull()
  expect(existsSync(join(dataDir, 'postmaster.pid'))).toBe(false)
})

const NO_USER_NAMESPACES = '#!/bin/sh\nexit 1\n'
/** Sets no death signal, and does the rest as ever. */
const NO_DEATH_SIGNAL = `#!/bin/sh
if [ "$1" = --pdeathsig ]; then shift 3; exec "$@"; fi
exec /usr/bin/setpriv "$@"
`

/** Makes a search path with all that is needed to start and with these programs, given as scripts. */
async function searchPath(place: string, scripts: Record<string, string> = {}): Promise<string> {
  const bin = join(place, 'bin')
  await mkdir(bin)
  for (const [name, script] of Object.entries(scripts)) await writeFile(join(bin, name), script, { mode: 0o755 })
  for (const name of ['unshare', 'sh', 'test', 'ps', 'env', 'chown'])
    if (!(name in scripts)) await symlink(`/usr/bin/${name}`, join(bin, name))
  return bin
}
