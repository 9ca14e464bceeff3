import { appError } from '@darkroom/contracts'
import { findAsset } from '@darkroom/db/assets'
import { type Database, waitBriefly } from '@darkroom/db/client'
import { type JobRow, LOST } from '@darkroom/db/jobs'
import { quarantineFile, toResourceError } from '@darkroom/jobs/runner'
import { assertHeld, endJob, isLeaseOver } from '@darkroom/jobs/sql'
import type { WorkerSettings } from '../deps.ts'
import { failAsset } from '../process-asset/settle.ts'

/** Its findings went with it. */
const NOTHING_FOUND = { warnings: [] }

/** Ends a job that lost its worker for the last time; `isPoison` when its content is to blame. */
export async function failLostJob(
  db: Database,
  { job, isPoison }: { job: JobRow; isPoison: boolean },
  settings: Pick<WorkerSettings, 'failedSourceDays'>,
): Promise<void> {
  const { id, projectId, assetId, leaseToken, generation } = job
  if (!assetId || !leaseToken) return
  const asset = await findAsset(db, projectId, assetId)
  if (!asset) return
  const error = appError('WORKER_CRASHED')
  const lease = { jobId: id, projectId, assetId, leaseToken, generation, isFenced: true }
  await db.transaction(async tx => {
    await waitBriefly(tx)
    await assertHeld(tx, lease)
    // Its worker may have been cut off only, and be back.
    if (!(await isLeaseOver(tx, id))) return
    if (!asset.deletedAt) await failAsset(tx, { lease, asset }, error, NOTHING_FOUND, settings)
    await endJob(tx, lease, 'failed', { outcome: LOST, error: toResourceError(error) })
    if (isPoison && job.sourceSha256)
      await quarantineFile(tx, {
        projectId,
        sha256: job.sourceSha256,
        crashes: job.attempt,
        reason: 'The worker that processed it was lost repeatedly.',
      })
  })
}
