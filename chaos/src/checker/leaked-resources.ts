import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import type { Deployment } from '../deployment/deployment.ts'
import { untilNone } from '../eventually.ts'
import type { Violation } from './violation.ts'

const SESSIONS_END_MS = 5000

const FILES_GO_MS = 5000
const OF_A_RUN = /^[^/]+\/(?!processes(\/[^/]+)?$)/

/** Checks I8: no run may leave files once nothing runs. */
export async function checkTempFiles({ tempDir }: Deployment): Promise<Violation[]> {
  // Beside the heartbeat, one folder per worker, and in it one per media process; what else is below is of a run.
  const ofRuns = async () => (await readdir(tempDir, { recursive: true })).filter(name => OF_A_RUN.test(name))
  // A row says that a job ended a moment before its files are removed.
  const names = await untilNone('files of runs go', ofRuns, { withinMs: FILES_GO_MS })
  return names.map(name => ({
    kind: 'orphan' as const,
    subject: `file ${name}`,
    detail: 'is left in the temporary folder',
  }))
}

const DEAD_FOLDERS_GO_MS = 20_000

/**
 * Waits until the folders of killed workers are gone. A worker that starts removes them; if not, the last check finds
 * them.
 */
export async function untilKilledWorkersLeaveNoFolder({ tempDir }: Deployment): Promise<void> {
  const foldersOfKilled = async () => {
    const pids = (await readdir(tempDir)).map(name => Number(/-(\d+)$/.exec(name)?.[1]))
    return pids.filter(pid => pid > 0 && !existsSync(`/proc/${pid}`))
  }
  await untilNone('folders of the dead go', foldersOfKilled, { withinMs: DEAD_FOLDERS_GO_MS })
}

/** Checks I8: ends all processes as a service manager does; then no process or file of them may be left. */
export async function checkShutDown(deployment: Deployment): Promise<Violation[]> {
  const processes = await deployment.shutDown()
  const sessions = await openSessions(deployment)
  const files = (await readdir(deployment.tempDir)).filter(name => name !== 'heartbeat')
  const orphan = (subject: string, detail: string): Violation => ({ kind: 'orphan', subject, detail })
  return [
    ...processes.map(what => orphan(what, 'is left after the end')),
    ...(sessions > 0 ? [orphan('database sessions', `${sessions} are left after the end`)] : []),
    ...files.map(name => orphan(`folder ${name}`, 'is left after the end')),
  ]
}

/** Counts the sessions that are still open. A session takes a moment to notice that its client is gone. */
async function openSessions({ sql }: Deployment): Promise<number> {
  const find = async () => [
    ...(await sql`
      SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'darkroom%'`),
  ]
  return (await untilNone('sessions end', find, { withinMs: SESSIONS_END_MS })).length
}
