import { raiseAlarm } from '@darkroom/db/operations'
import { findUpload, isEventOverdue, retryUploadCheck, takeUploadsToCheck, type Upload } from '@darkroom/db/uploads'
import { confirmArrived, isPermanentUploadError } from '@darkroom/ingest'
import type { WorkerDeps } from '../deps.ts'

interface SweepDeps extends Pick<WorkerDeps, 'database' | 'store' | 'logger' | 'faults'> {
  settings: {
    /** How old an upload that nobody confirmed is when it is looked at for the first time. */
    sweepAfterSec: number
    /** Whether the store is to tell of every object, so that its silence is worth an alarm. */
    expectsEvents: boolean
  }
}

const BATCH = 20
/** Uploads that are looked at side by side. */
const AT_ONCE = 4

/** Finds the bytes of uploads that no client confirmed and no event told of: whoever dies after its PUT loses nothing. */
export const sweepUploads = {
  name: 'check unconfirmed uploads',
  everyMs: 10_000,
  async run(deps: SweepDeps, signal: AbortSignal): Promise<void> {
    const { database, settings } = deps
    while (!signal.aborted) {
      const due = await takeUploadsToCheck(database.db, { firstAfterSec: settings.sweepAfterSec, limit: BATCH })
      const queue = due.values()
      const lane = async () => {
        for (const upload of queue) await check(deps, upload, signal)
      }
      await Promise.all(Array.from({ length: AT_ONCE }, lane))
      if (due.length < BATCH) return
    }
  },
}

async function check(deps: SweepDeps, { id, projectId }: Upload, signal: AbortSignal): Promise<void> {
  const { database, logger } = deps
  try {
    const found = await findUpload(database.db, projectId, id)
    if (!found) return
    const { isNew, arrivedAt } = await confirmArrived(deps, found, { by: 'sweeper', signal })
    if (!isNew) return
    logger.info({ uploadId: id, assetId: found.asset.id }, 'found the file of an unconfirmed upload')
    if (arrivedAt) await reportSilence(deps, found.upload, arrivedAt)
  } catch (error) {
    if (isPermanentUploadError(error)) return
    await retryUploadCheck(database.db, id)
    if (!signal.aborted) logger.warn({ err: error, uploadId: id }, 'could not check an unconfirmed upload')
  }
}

/** Raises an alarm for bytes whose event the store should have sent long ago. */
async function reportSilence(
  { database, logger, settings }: SweepDeps,
  { id, objectId }: Upload,
  arrivedAt: Date,
): Promise<void> {
  if (!settings.expectsEvents || !(await isEventOverdue(database.db, objectId, arrivedAt))) return
  const message = `Upload ${id} arrived at ${arrivedAt.toISOString()}, but the store sent no event.`
  if (await raiseAlarm(database.db, { code: 'EVENTS_SILENT', message })) logger.warn({ uploadId: id }, message)
}
