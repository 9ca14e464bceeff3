import type { ChildProcess } from 'node:child_process'
import { dirname, resolve } from 'node:path'
import { type Logger, silentLogger } from '@darkroom/core'
import { makeFolder } from '@darkroom/core/durable-files'
import getPort from 'get-port'
import { findBinaries } from './binaries.ts'
import { lockDataDir } from './data-lock.ts'
import { ensureDatabase } from './database.ts'
import { ensureCluster, SUPERUSER } from './init.ts'
import { createLauncher, type Launcher } from './launcher.ts'
import { PortTakenError, type ServerOptions, startServer, stopServer } from './server-process.ts'
import { clearStalePostmaster } from './stale-postmaster.ts'
import { superviseServer } from './supervisor.ts'

export interface LocalPostgresOptions {
  /** Folder of the cluster; made when it is not there. Its lock and its password are files beside it. */
  dataDir: string
  /** Default or 0: a free one. */
  port?: number
  /** False trades safety of the data for speed; for tests. Default true. */
  durable?: boolean
  /** Made when it is not there. Default `darkroom`. */
  database?: string
  logger?: Pick<Logger, 'debug' | 'error'>
  /** Starts the server again when it ended although nobody stopped it, and tells of it in sentences. Default: does not. */
  supervise?: (text: string) => void
  /** Called when the server ended although nobody stopped it, with `supervise` when it did so too often. */
  onUnexpectedEnd?: (error: Error) => void
}

export interface LocalPostgres {
  /** With the password; do not log it. */
  url: string
  port: number
  pid: number
  /** Resolves when the server is gone; a second call does nothing. */
  stop(): Promise<void>
}

const PORT_ATTEMPTS = 5

/**
 * Starts a real Postgres out of npm on the loopback interface. On Linux it follows its parent into death, and that parent is
 * the thread that calls this: call it from the main thread.
 * @throws Error that says what to do when it cannot start
 */
export async function startLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  const dataDir = resolve(options.dataDir)
  await makeFolder(dirname(dataDir), { mode: 0o700 })
  const unlock = lockDataDir(dataDir)
  try {
    return await startLocked({ ...options, dataDir }, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function startLocked(options: LocalPostgresOptions, unlock: () => void): Promise<LocalPostgres> {
  const { dataDir, port: wantedPort = 0, durable = true, database = 'darkroom', logger = silentLogger } = options
  await clearStalePostmaster(dataDir)
  const binaries = await findBinaries()
  const launcher = createLauncher(binaries, dataDir)
  const password = await ensureCluster(binaries, launcher, { dataDir, durable })
  const start = { program: binaries.postgres, dataDir, port: wantedPort, durable, logger }
  const { server, port } = await (wantedPort === 0 ? startOnFreePort(launcher, start) : startOnPort(launcher, start))
  const urlOf = (name: string) => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${name}`
  const kept = superviseServer(server, {
    maxEnds: options.supervise ? 5 : 0,
    start: async () => {
      await clearStalePostmaster(dataDir)
      return startServer(launcher, { ...start, port })
    },
    say: options.supervise ?? (() => undefined),
    onGivenUp: error => {
      logger.error({ err: error }, 'the embedded Postgres ended by itself')
      options.onUnexpectedEnd?.(error)
    },
  })
  const stop = async () => {
    await stopServer(await kept.release())
    unlock()
  }
  try {
    await ensureDatabase(urlOf('postgres'), database)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: urlOf(database),
    port,
    get pid() {
      return kept.server.pid ?? 0
    },
    stop: once(stop),
  }
}

interface Running {
  server: ChildProcess
  port: number
}

async function startOnPort(launcher: Launcher, options: ServerOptions): Promise<Running> {
  return { server: await startServer(launcher, options), port: options.port }
}

/** Starts on a free port, and tries another one when that was taken in the meantime. */
async function startOnFreePort(launcher: Launcher, options: ServerOptions, attempt = 1): Promise<Running> {
  try {
    return await startOnPort(launcher, { ...options, port: await getPort({ host: '127.0.0.1' }) })
  } catch (error) {
    if (!(error instanceof PortTakenError) || attempt === PORT_ATTEMPTS) throw error
    return startOnFreePort(launcher, options, attempt + 1)
  }
}

/** Returns a function that works once: all calls share the result of the first. */
function once(work: () => Promise<void>): () => Promise<void> {
  let outcome: Promise<void> | undefined
  return () => {
    outcome ??= work()
    return outcome
  }
}
