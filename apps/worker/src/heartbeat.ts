import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '@darkroom/core'
import type { DatabaseClient } from '@darkroom/db/client'
import { dropDeadWorkers, registerWorker, removeWorker } from '@darkroom/db/jobs'
import { raiseAlarm } from '@darkroom/db/operations'
import { bestEffort } from './best-effort.ts'
import { checkClock, skewMs } from './clock-skew.ts'
import { workerLoad } from './worker-load.ts'

export const HEARTBEAT_EVERY_MS = 5000

export const heartbeatFile = (tempRoot: string): string => join(tempRoot, 'heartbeat')

type Registration = Parameters<typeof registerWorker>[1]

/**
 * Says that this process runs and reaches its database: in a file, for a container's health check, and in a row, for
 * admins and for the dispatcher, which counts slots. Returns a function that ends it.
 * @throws CLOCK_SKEW when this machine's clock is so wrong that it must not work
 */
export async function startHeartbeat(
  tempRoot: string,
  database: DatabaseClient,
  registration: Registration,
  logger: Logger,
): Promise<() => Promise<void>> {
  const { db } = database
  checkClock(await skewMs(database), registration.host)
  await registerWorker(db, { ...registration, load: workerLoad() })
  const beat = async () => {
    try {
      await registerWorker(db, { ...registration, load: workerLoad() })
      await dropDeadWorkers(db)
      await writeFile(heartbeatFile(tempRoot), '')
      await reportSkew()
    } catch (error) {
      logger.warn({ err: error }, 'the worker cannot reach the database')
    }
  }
  const reportSkew = async () => {
    try {
      checkClock(await skewMs(database), registration.host)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      if (await raiseAlarm(db, { code: 'CLOCK_SKEW', subject: registration.host, message })) logger.error(message)
    }
  }
  let beating = beat()
  const timer = setInterval(() => {
    beating = beat()
  }, HEARTBEAT_EVERY_MS)
  const remove = async () => {
    // Or it brings back what is removed here.
    await beating
    await removeWorker(db, registration.id).catch(error =>
      logger.warn({ err: error }, 'could not remove the row of this worker; it expires later'),
    )
  }
  return async () => {
    clearInterval(timer)
    await bestEffort(remove())
    await rm(heartbeatFile(tempRoot), { force: true })
  }
}
