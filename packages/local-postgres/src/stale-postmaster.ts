import { spawnSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { readFile, readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { processIdentity } from '@darkroom/core/process-identity'

const POLL_MS = 20
/** Time for the shutdown checkpoint of an orphan; afterwards it is told to stop without one. */
const STOP_TIMEOUT_MS = 20_000
const QUIT_TIMEOUT_MS = 5000

/**
 * Makes way for a new server: a `postmaster.pid` that nobody holds is removed, a server that lost its parent is stopped.
 * Call it under the lock of the data folder: then whoever still serves the folder is an orphan.
 * @throws Error when it does not stop
 */
export async function clearStalePostmaster(dataDir: string): Promise<void> {
  const pid = await postmasterPid(dataDir)
  if (pid === null) return
  const isGone =
    (await stop(dataDir, pid, 'SIGINT', STOP_TIMEOUT_MS)) || (await stop(dataDir, pid, 'SIGQUIT', QUIT_TIMEOUT_MS))
  if (!isGone)
    throw new Error(`Postgres (process ${pid}) still uses ${dataDir} and does not stop; stop it and try again.`)
  await rm(join(dataDir, 'postmaster.pid'), { force: true })
}

async function postmasterPid(dataDir: string): Promise<number | null> {
  const text = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return text === null ? null : Number.parseInt(text, 10)
}

async function stop(dataDir: string, pid: number, signal: 'SIGINT' | 'SIGQUIT', timeoutMs: number): Promise<boolean> {
  if (!(await servesFolder(pid, dataDir))) return true
  signalIfThere(pid, signal)
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(POLL_MS)) {
    if (!(await servesFolder(pid, dataDir))) return true
  }
  return false
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // One that we may not stop stays, and the caller says so.
    if (!(error instanceof Error && 'code' in error && ['ESRCH', 'EPERM'].includes(String(error.code)))) throw error
  }
}

/** Tells whether a process is a Postgres that uses this folder; its id may have been reused. */
async function servesFolder(pid: number, dataDir: string): Promise<boolean> {
  if (processIdentity(pid) === null) return false
  if (process.platform !== 'linux') return commandOf(pid).includes(dataDir)
  const [program, folder] = await Promise.all([linkOf(pid, 'exe'), linkOf(pid, 'cwd')])
  // Root in a container may start Postgres as another user, and may not look into that one's processes.
  if (program === null || folder === null) return (await commandLineOf(pid)).includes(`postgres -D ${dataDir} `)
  return /\/postgres(?: \(deleted\))?$/.test(program) && folder === realpathSync(dataDir)
}

/** Reads a link in /proc; '' when the process ended meanwhile, null when we may not read it. */
const linkOf = (pid: number, name: string) =>
  readlink(`/proc/${pid}/${name}`).catch((error: NodeJS.ErrnoException) => (error.code === 'EACCES' ? null : ''))

/** Reads the command line in /proc, which everybody may; '' when the process ended meanwhile. */
const commandLineOf = (pid: number) =>
  readFile(`/proc/${pid}/cmdline`, 'utf8').then(
    text => text.replaceAll('\0', ' '),
    () => '',
  )

const commandOf = (pid: number) => spawnSync('ps', ['-p', `${pid}`, '-o', 'command='], { encoding: 'utf8' }).stdout
