import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@darkroom/core'
import type { Launcher } from './launcher.ts'

const START_MS = 60_000
/** SIGINT disconnects clients and writes a checkpoint; SIGQUIT does neither and costs a recovery; both keep all data. */
const STOP_SIGNALS = [
  ['SIGINT', 15_000],
  ['SIGQUIT', 5000],
  ['SIGKILL', 5000],
] as const

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  // No socket file: TCP with a password is the one way in.
  'unix_socket_directories=',
  'shared_buffers=128MB',
  'timezone=UTC',
  'log_timezone=UTC',
]
const DURABLE = [
  // One process that does everything has up to 30, and whoever runs more beside it shall not meet "too many clients" (53300).
  'max_connections=200',
  'dynamic_shared_memory_type=posix',
  // Said here, no file of the cluster says otherwise.
  'fsync=on',
  'synchronous_commit=on',
  'full_page_writes=on',
]
const FAST_AND_UNSAFE = [
  // Test files run side by side, each with pools of its own.
  'max_connections=300',
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  // A process every second or two beside dozens of databases that live for a minute; who asks for plans says ANALYZE.
  'autovacuum=off',
  // In the data folder, so that a run that is killed leaves nothing elsewhere in /dev/shm.
  'dynamic_shared_memory_type=mmap',
]

export interface ServerOptions {
  program: string
  dataDir: string
  port: number
  durable: boolean
  logger: Pick<Logger, 'debug' | 'error'>
}

/** Of all failures to start the one that another port can help against. */
export class PortTakenError extends Error {}

/** Resolves when the server takes connections. */
export async function startServer(launcher: Launcher, options: ServerOptions): Promise<ChildProcess> {
  const { program, dataDir, port, durable, logger } = options
  const settings = [`port=${port}`, ...SETTINGS, ...(durable ? DURABLE : FAST_AND_UNSAFE)]
  const child = launcher.spawn(program, ['-D', dataDir, ...settings.flatMap(setting => ['-c', setting])])
  child.stdout?.resume()
  child.stderr?.on('data', chunk => logger.debug({ postgres: String(chunk).trim() }, 'postgres'))
  await untilReady(child, port)
  return child
}

function untilReady(child: ChildProcess, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = ''
    const settle = (failure?: Error) => {
      clearTimeout(timer)
      child.off('close', onClose).off('error', settle)
      child.stderr?.off('data', onData)
      if (failure) reject(failure)
      else resolve()
    }
    // After `close` and not `exit`, so that the log is complete.
    const onClose = (code: number | null) => settle(startFailure(log, port, `it exited with ${code}`))
    const onData = (chunk: Buffer) => {
      log += chunk
      if (log.includes('database system is ready to accept connections')) settle()
    }
    const timer = setTimeout(() => {
      child.kill('SIGQUIT')
      settle(startFailure(log, port, `it was not ready after ${START_MS} ms`))
    }, START_MS)
    child.once('close', onClose).once('error', settle)
    child.stderr?.on('data', onData)
  })
}

function startFailure(log: string, port: number, reason: string): Error {
  if (log.includes('could not bind')) return new PortTakenError(`Port ${port} of 127.0.0.1 is taken.`)
  return new Error(`The embedded Postgres did not start: ${reason}.\n${log}`)
}

/** Resolves when the process is gone. */
export async function stopServer(child: ChildProcess): Promise<void> {
  const gone = new Promise<true>(resolve => child.once('exit', () => resolve(true)))
  for (const [signal, graceMs] of STOP_SIGNALS) {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    if (await Promise.race([gone, sleep(graceMs, false, { ref: false })])) return
  }
}
