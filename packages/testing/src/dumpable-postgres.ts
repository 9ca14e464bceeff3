import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from 'postgres'
import { freePort } from './free-port.ts'
import { postgresClient } from './postgres-client.ts'

export interface DumpablePostgres {
  url: string
  /** A client of one connection. */
  sql: Sql
  stop(): Promise<void>
}

const DEBIAN_ROOT = '/usr/lib/postgresql'
const NEEDED = ['pg_dump', 'pg_restore', 'postgres', 'initdb']
/** Postgres refuses to run as root; `nobody` is known everywhere. */
const NOBODY_ID = 65_534
const START_MS = 30_000

const folderOfTools = (): string | undefined =>
  existsSync(DEBIAN_ROOT)
    ? readdirSync(DEBIAN_ROOT)
        .sort((a, b) => Number(b) - Number(a))
        .map(version => join(DEBIAN_ROOT, version, 'bin'))
        .find(folder => NEEDED.every(program => existsSync(join(folder, program))))
    : undefined

/**
 * Tells whether a server can be started that pg_dump of the same version knows. The server from npm is newer than what distributions have.
 * @throws in CI, naming what to install, when it cannot
 */
export function hasDumpablePostgres(): boolean {
  if (folderOfTools()) return true
  const message = 'Postgres with pg_dump is missing: apt-get install -y postgresql'
  if (process.env.CI) throw new Error(message)
  console.warn(`skipped, because ${message}`)
  return false
}

/** Starts the installed Postgres on a free port. It follows this process into death. */
export async function startDumpablePostgres(): Promise<DumpablePostgres> {
  const bin = folderOfTools()
  if (!bin) throw new Error('ask hasDumpablePostgres first')
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-dumpable-'))
  const isRoot = process.getuid?.() === 0
  if (isRoot) chownSync(folder, NOBODY_ID, NOBODY_ID)
  const user = isRoot ? [`--reuid=${NOBODY_ID}`, `--regid=${NOBODY_ID}`, '--clear-groups'] : []
  const prefix = [...user, '--pdeathsig', 'INT', '--']
  const data = join(folder, 'data')
  const initdb = [join(bin, 'initdb'), '-D', data, '-U', 'darkroom', '-A', 'trust', '--no-sync', '-E', 'UTF8']
  execFileSync('setpriv', [...prefix, ...initdb, '--locale=C'], { cwd: '/', stdio: 'ignore' })
  const port = await freePort()
  const settings = ['fsync=off', `unix_socket_directories=${folder}`, 'listen_addresses=127.0.0.1']
  const options = settings.flatMap(setting => ['-c', setting])
  const server = spawn('setpriv', [...prefix, join(bin, 'postgres'), '-D', data, '-p', `${port}`, ...options], {
    cwd: '/',
    stdio: 'ignore',
  })
  const url = `postgres://darkroom:unused@127.0.0.1:${port}/postgres`
  await untilReady(url, server)
  const sql = await postgresClient(url, { max: 1 })
  return {
    url,
    sql,
    async stop() {
      await sql.end({ timeout: 5 })
      const gone = once(server, 'exit')
      server.kill('SIGINT')
      await gone
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS
  for (;;) {
    const client = await postgresClient(url, { max: 1, connect_timeout: 2 })
    try {
      await client`SELECT 1`
      return
    } catch (error) {
      if (Date.now() > deadline || server.exitCode !== null) throw error
      await sleep(50)
    } finally {
      await client.end({ timeout: 1 })
    }
  }
}
