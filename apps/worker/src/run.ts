import {
  createLogger,
  type FaultInjection,
  NO_FAULTS,
  parseConfigs,
  runUntilSignal,
  silentLogger,
  startWithRetry,
} from '@darkroom/core'
import { startTracing } from '@darkroom/core/tracing'
import { isDatabaseUnavailable, waitForDatabase } from '@darkroom/db/client'
import { waitForSchema } from '@darkroom/db/migrate'
import { queueBackend, waitForQueue } from '@darkroom/jobs/executor'
import { findStoreFault, refusePublicOriginals } from '@darkroom/storage'
import packageJson from '../package.json' with { type: 'json' }
import { startWorker, WORKER_CONFIGS } from './worker.ts'

/**
 * Runs a worker as a process of its own, out of its environment variables, until a signal ends it. Waits first for what it needs.
 * @param faults of the fault harness; none in what ships
 */
export function runWorker(faults: FaultInjection = NO_FAULTS): Promise<void> {
  const { env } = process
  return runUntilSignal(async signal => {
    const { common, tracing, database, queue, storage } = parseConfigs(WORKER_CONFIGS, env)
    const waiting = { signal, maxWaitMs: common.START_WAIT_SEC * 1000 }
    await waitForDatabase(database.DATABASE_URL, waiting)
    await waitForSchema(database.DATABASE_URL, waiting)
    await waitForQueue(queueBackend(queue, database), waiting)
    await refusePublicOriginals(storage)
    const fault = await findStoreFault(storage, silentLogger)
    if (fault) console.error(fault)
    const logger = createLogger('worker', common.LOG_LEVEL)
    await using opened = new AsyncDisposableStack()
    opened.defer(await startTracing(tracing, { serviceName: 'darkroom-worker', version: packageJson.version, logger }))
    const start = () => startWorker({ env, logger, faults })
    const service = await startWithRetry(start, { isTransient: isDatabaseUnavailable, ...waiting })
    opened.defer(() => service.close())
    const owned = opened.move()
    return { close: () => owned.disposeAsync() }
  })
}
