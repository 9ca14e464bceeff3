import { appError } from '@darkroom/contracts'
import type { Database } from '@darkroom/db/client'
import { livingWorkers } from '@darkroom/db/jobs'
import type { Engines } from '@darkroom/media/plan'

/**
 * Who would do the work: the engines decide which files a worker would make again, and so does nobody but a worker know.
 * @throws UNAVAILABLE when none lives
 */
export async function readWorkerCapacity(db: Database): Promise<{ engines: Engines; slots: number }> {
  const workers = await livingWorkers(db)
  const newest = workers.findLast(({ engines }) => engines?.ffmpeg) ?? workers.findLast(({ engines }) => engines)
  if (!newest?.engines)
    throw appError('UNAVAILABLE', 'No worker is running. The plan needs a worker, which knows its encoder versions.', {
      retryAfterSec: 30,
    })
  const open = workers.filter(({ drainingAt }) => drainingAt === null)
  return { engines: newest.engines, slots: open.reduce((sum, { slots }) => sum + slots, 0) }
}
