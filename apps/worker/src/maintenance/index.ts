import { setTimeout as sleep } from 'node:timers/promises'
import {
  dropSource,
  expireAsset,
  findExpiredAssets,
  findExpiredSources,
  findLostLeases,
  findPurgeable,
  requeueLostJob,
} from '@darkroom/db'
import type { WorkerDeps } from '../deps.ts'
import { failLostJob } from './fail-lost-job.ts'
import { purgeObjects } from './purge-objects.ts'

type MaintenanceDeps = Pick<WorkerDeps, 'database' | 'store' | 'logger' | 'settings'>

interface Task {
  name: string
  everyMs: number
  /** Small steps, each of its own transaction and safe to repeat: any number of workers may run it at once. */
  run(deps: MaintenanceDeps, signal: AbortSignal): Promise<void>
}

const BATCH = 200

/** What has to happen without anybody asking. */
const TASKS: Task[] = [
  {
    name: 'requeue jobs whose worker is gone',
    everyMs: 5000,
    async run({ database, logger, settings }) {
      for (const job of await findLostLeases(database.db, BATCH)) {
        const isLast = job.attempt >= job.maxAttempts
        if (isLast) await failLostJob(database.db, job, settings)
        else if (await database.db.transaction(tx => requeueLostJob(tx, job)))
          logger.warn({ jobId: job.id }, 'requeued a job whose worker is gone')
      }
    },
  },
  {
    name: 'expire uploads that were not confirmed',
    everyMs: 15_000,
    async run({ database }) {
      for (const asset of await findExpiredAssets(database.db, BATCH)) {
        await database.db.transaction(tx => expireAsset(tx, asset.id))
      }
    },
  },
  {
    name: 'drop sources of assets that failed long ago',
    everyMs: 60_000,
    async run({ database }) {
      for (const asset of await findExpiredSources(database.db, BATCH)) {
        await database.db.transaction(tx => dropSource(tx, asset.id))
      }
    },
  },
  {
    name: 'purge doomed objects',
    everyMs: 15_000,
    async run(deps, signal) {
      await purgeObjects(deps, await findPurgeable(deps.database.db, BATCH), signal)
    },
  },
]

export interface Maintenance {
  close(): Promise<void>
}

/** Runs every task at its interval, the first time at once, so that a start heals what the last stop left. */
export function startMaintenance(deps: MaintenanceDeps): Maintenance {
  const controller = new AbortController()
  const { signal } = controller
  const loops = TASKS.map(async task => {
    while (!signal.aborted) {
      await task.run(deps, signal).catch(error => {
        if (!signal.aborted)
          deps.logger.error({ err: error, task: task.name }, 'a maintenance task failed; it is tried again')
      })
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
