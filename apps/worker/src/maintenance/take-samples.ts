import { deleteOldSamples, recordSample, recordUsageDay } from '@darkroom/db/operations'
import { runExclusive } from './run-exclusive.ts'
import { BATCH, type MaintenanceDeps, type Task } from './task.ts'

/** Longer is no answer. */
const STORE_TIMEOUT_MS = 10_000

/** Records once a minute what no row remembers: how long the queue is, and how fast store and database answer. */
export const takeSamples: Task = {
  name: 'sample queue, store and database',
  everyMs: 10_000,
  run: (deps, signal) =>
    runExclusive(deps, { task: 'samples', everySec: 50 }, signal, async () => {
      const [databaseMs, storeMs] = await Promise.all([databaseLatency(deps), storeLatency(deps, signal)])
      await recordSample(deps.database.db, { databaseMs, storeMs })
    }),
}

/** Records hourly what projects have, as the state of the day, and forgets what is too old. */
export const recordUsage: Task = {
  name: 'record the usage of the day',
  everyMs: 600_000,
  run: (deps, signal) =>
    runExclusive(deps, { task: 'usage days', everySec: 3600 }, signal, async () => {
      await recordUsageDay(deps.database.db)
      while (!signal.aborted && (await deleteOldSamples(deps.database.db, BATCH)) === BATCH);
    }),
}

const databaseLatency = ({ database }: MaintenanceDeps) => timed(() => database.ping())

const storeLatency = ({ store, settings }: MaintenanceDeps, signal: AbortSignal): Promise<number | null> =>
  timed(() =>
    store.check(settings.privateBucket, { signal: AbortSignal.any([signal, AbortSignal.timeout(STORE_TIMEOUT_MS)]) }),
  ).catch(() => null)

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
