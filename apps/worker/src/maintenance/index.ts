import { setTimeout as sleep } from 'node:timers/promises'
import { errorEntry } from '@darkroom/contracts'
import { isAppError } from '@darkroom/core'
import type { DatabaseClient } from '@darkroom/db/client'
import { raiseAlarm } from '@darkroom/db/operations'
import { advanceBackfills } from './advance-backfills.ts'
import { advanceMoves } from './advance-moves.ts'
import { backUpDatabase } from './back-up-database.ts'
import { foldFolderDeltas, foldUsageDeltas, reconcileUsageDaily } from './count-usage.ts'
import { deleteDueAssets } from './delete-due-assets.ts'
import { deleteProjects } from './delete-projects.ts'
import { dropSources } from './drop-sources.ts'
import { expireUploads } from './expire-uploads.ts'
import { forgetOldAudit } from './forget-old-audit.ts'
import { forgetOldDeliveries } from './forget-old-deliveries.ts'
import { forgetOldRequests } from './forget-old-requests.ts'
import { forgetOldEvents, processInbox } from './process-inbox.ts'
import { promoteWaiting } from './promote-waiting.ts'
import { purgeCdn } from './purge-cdn.ts'
import { purgeDoomed } from './purge-doomed.ts'
import { requeueLostJobs } from './requeue-lost-jobs.ts'
import { scanOrphansDaily } from './scan-orphans-daily.ts'
import { sweepUploads } from './sweep-uploads.ts'
import { recordUsage, takeSamples } from './take-samples.ts'
import type { MaintenanceDeps, Task } from './task.ts'
import { verifySampleDaily } from './verify-sample-daily.ts'
import { writeManifests } from './write-manifests.ts'

/** What has to happen without anybody asking. */
const TASKS: Task[] = [
  requeueLostJobs,
  processInbox,
  sweepUploads,
  expireUploads,
  deleteDueAssets,
  promoteWaiting,
  purgeDoomed,
  purgeCdn,
  dropSources,
  advanceBackfills,
  advanceMoves,
  deleteProjects,
  forgetOldEvents,
  forgetOldDeliveries,
  forgetOldAudit,
  scanOrphansDaily,
  forgetOldRequests,
  foldUsageDeltas,
  foldFolderDeltas,
  reconcileUsageDaily,
  backUpDatabase,
  writeManifests,
  verifySampleDaily,
  takeSamples,
  recordUsage,
]

export interface Maintenance {
  close(): Promise<void>
}

/** Runs every task at its interval, the first time at once, so that a start heals what the last stop left. */
export function startMaintenance(all: MaintenanceDeps): Maintenance {
  const controller = new AbortController()
  const { signal } = controller
  const deps = { ...all, database: endingWith(signal, all.database) }
  const loops = TASKS.map(async task => {
    while (!signal.aborted) {
      await task.run(deps, signal).catch(error => report(deps, task, error, signal))
      await sleep(task.everyMs, undefined, { signal }).catch(() => undefined)
    }
  })
  return {
    async close() {
      controller.abort()
      await Promise.all(loops)
    },
  }
}

/** Ends with `signal` what would otherwise wait for the database as long as it takes. */
const endingWith = (signal: AbortSignal, database: DatabaseClient): DatabaseClient => ({
  ...database,
  withoutStatementTimeout: work => database.withoutStatementTimeout(work, { signal }),
})

async function report({ database, logger }: MaintenanceDeps, task: Task, error: unknown, signal: AbortSignal) {
  if (signal.aborted) return
  logger.error({ err: error, task: task.name }, 'a maintenance task failed; retrying')
  if (!isAppError(error) || errorEntry(error.code).class !== 'operator') return
  const alarm = { code: error.code, message: error.message }
  await raiseAlarm(database.db, alarm).catch(failure => logger.warn({ err: failure }, 'could not raise an alarm'))
}
