import { withCorrelation } from '@darkroom/core'
import { waitBriefly } from '@darkroom/db/client'
import { correlationOf } from '@darkroom/db/jobs'
import { findLostLeases, type LostJob, requeueLostJob } from '@darkroom/jobs/sql'
import { failLostJob } from './fail-lost-job.ts'
import { BATCH, type MaintenanceDeps, type Task } from './task.ts'

/**
 * A job whose worker vanished this often is given up: a file that takes the whole worker along, past its sandbox, would go
 * on killing one after the other.
 */
const MAX_LOSSES = 5

/** Queues jobs again whose worker is gone: killed, frozen, or cut off from the database. */
export const requeueLostJobs: Task = {
  name: 'requeue jobs whose worker is gone',
  everyMs: 5000,
  async run(deps) {
    const failures: unknown[] = []
    // One whose rows somebody holds, who may be gone as well, must not keep the others.
    for (const lost of await findLostLeases(deps.database.db, BATCH)) {
      await requeueOrFail(deps, lost).catch(error => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  },
}

async function requeueOrFail({ database, settings, logger }: MaintenanceDeps, { job, losses }: LostJob): Promise<void> {
  const isPoison = job.name === 'asset.process' && losses >= MAX_LOSSES
  if (isPoison || job.attempt >= job.maxAttempts) return failLostJob(database.db, { job, isPoison }, settings)
  const isRequeued = await database.db.transaction(async tx => {
    await waitBriefly(tx)
    return requeueLostJob(tx, job)
  })
  if (isRequeued)
    withCorrelation(correlationOf(job), () => logger.warn({ losses }, 'requeued a job whose worker is gone'))
}
