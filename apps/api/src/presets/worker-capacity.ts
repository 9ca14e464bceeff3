import { appError } from '@darkroom/contracts'
import type { Database } from '@darkroom/db/client'
import { livingWorkers } from '@darkroom/db/jobs'
import type { Engines } from '@darkroom/media/plan'

/**
 * Reads the engines and the slots of the living workers. Which files would be made again depends on the engines, which
 * only a worker knows.
 * @throws UNAVAILABLE when no worker lives
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
