import { createVerifyAlarmClearing, raiseVerifyAlarm } from '../verify-alarms.ts'
import { verifySample } from '../verify-objects.ts'
import { runExclusive } from './run-exclusive.ts'
import type { MaintenanceDeps, Task } from './task.ts'

const DAY_MS = 86_400_000

/** Reads some published files again each day, and compares them with their digests. It changes nothing: `darkroom verify` lists more. */
export const verifySampleDaily: Task = {
  name: 'verify a sample of stored files',
  everyMs: DAY_MS / 24,
  run: async (deps, signal) => {
    if (deps.settings.verifyDailyFiles === 0) return
    await runExclusive(deps, { task: 'verify', everySec: DAY_MS / 1000 }, signal, leased => verify(deps, leased))
  },
}

async function verify({ database, store, settings, logger }: MaintenanceDeps, signal: AbortSignal): Promise<void> {
  const counts = { same: 0, different: 0, missing: 0 }
  const clearAlarm = await createVerifyAlarmClearing(database.db)
  for await (const verified of verifySample({ database, store }, settings.verifyDailyFiles, signal)) {
    counts[verified.outcome] += 1
    await raiseVerifyAlarm(database.db, verified)
    await clearAlarm(verified)
  }
  logger.info({ counts }, 'verified a sample of stored files')
}
