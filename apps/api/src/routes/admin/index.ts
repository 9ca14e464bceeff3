import type { Route } from '../route.ts'
import { acknowledgeAlarmRoute } from './acknowledge-alarm.ts'
import { listAuditRoute } from './audit.ts'
import { cancelJobRoute } from './cancel-job.ts'
import { readChecksRoute } from './checks.ts'
import { explainAssetRoute } from './explain-asset.ts'
import { listFailuresRoute } from './failures.ts'
import { getAdminJobRoute } from './get-job.ts'
import { readHistoryRoute } from './history.ts'
import { listIncidentsRoute } from './incidents/incidents.ts'
import { listJobsRoute } from './list-jobs.ts'
import { readOrphansRoute } from './orphans.ts'
import { addQuarantineRoute, getQuarantinedRoute, listQuarantineRoute, releaseQuarantineRoute } from './quarantine.ts'
import { pauseQueueRoute, readQueuesRoute, resumeQueueRoute } from './queues.ts'
import { rebuildQueueRoute } from './rebuild-queue.ts'
import { requeueJobRoute } from './requeue-job.ts'
import { requeueJobsRoute } from './requeue-jobs.ts'
import { liftTakedownRoute, listTakedownsRoute } from './takedowns.ts'

/** What runs an installation: jobs, why an asset is where it is, queues, quarantine, alarms. */
export const ADMIN_ROUTES: Route[] = [
  listJobsRoute,
  getAdminJobRoute,
  requeueJobRoute,
  requeueJobsRoute,
  cancelJobRoute,
  explainAssetRoute,
  readQueuesRoute,
  pauseQueueRoute,
  resumeQueueRoute,
  rebuildQueueRoute,
  listQuarantineRoute,
  addQuarantineRoute,
  getQuarantinedRoute,
  releaseQuarantineRoute,
  listTakedownsRoute,
  liftTakedownRoute,
  acknowledgeAlarmRoute,
  readChecksRoute,
  listAuditRoute,
  listIncidentsRoute,
  readHistoryRoute,
  listFailuresRoute,
  readOrphansRoute,
]
