import { raiseAlarm } from '@darkroom/db/operations'
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
  for await (const { object, outcome } of verifySample({ database, store }, settings.verifyDailyFiles, signal)) {
    counts[outcome] += 1
    if (outcome === 'same') continue
    const code = outcome === 'missing' ? 'OBJECT_MISSING' : 'OBJECT_DAMAGED'
    const message = `${object.bucket}/${object.key} of asset ${object.assetId} is ${outcome === 'missing' ? 'missing' : 'not what was stored'}. "npx darkroom verify --all" finds others.`
    await raiseAlarm(database.db, { code, subject: object.assetId, message })
  }
  logger.info({ counts }, 'verified a sample of stored files')
}
