import { claimTaskLease, releaseTaskLease, renewTaskLease } from '@darkroom/db/operations'
import type { MaintenanceDeps } from './task.ts'

/** Whoever is not heard of for so long does its task no more. */
const OPEN_SEC = 60
const KEEP_EVERY_MS = 15_000

/**
 * Does what is due at long intervals, in one of all processes. What fails, or dies with its process, was not done, and is
 * begun anew by whoever comes next.
 * @returns whether it was this process that did it
 * @param due `task` is the key of its row: with another one, the old and the new version would both do it during an upgrade
 */
export async function runExclusive(
  { database: { db }, logger }: Pick<MaintenanceDeps, 'database' | 'logger'>,
  due: { task: string; everySec: number },
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const lease = await claimTaskLease(db, { ...due, openSec: OPEN_SEC })
  if (!lease) return false
  const lost = new AbortController()
  const keep = async () => {
    if (!(await renewTaskLease(db, lease, OPEN_SEC)))
      lost.abort(new Error(`another process is running "${due.task}" now`))
  }
  const keeping = setInterval(() => {
    keep().catch(error => logger.warn({ err: error, ...due }, 'could not renew a task lease; retrying'))
  }, KEEP_EVERY_MS)
  let isDone = false
  try {
    await work(AbortSignal.any([signal, lost.signal]))
    isDone = true
  } finally {
    clearInterval(keeping)
    await releaseTaskLease(db, lease, { isDone })
  }
  return true
}
