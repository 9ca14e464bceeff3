import { measure } from '@darkroom/core/metrics'
import { clearAlarms, keepOrphanReport, raiseAlarm } from '@darkroom/db/operations'
import { type Orphan, scanOrphans } from '../orphans/scan-orphans.ts'
import { runExclusive } from './run-exclusive.ts'
import type { MaintenanceDeps, Task } from './task.ts'

const DAY_MS = 86_400_000

/** Compares rows and store once a day and says what does not fit. It removes nothing: that is `darkroom orphans --remove`. */
export const scanOrphansDaily: Task = {
  name: 'compare database and store',
  everyMs: DAY_MS / 24,
  run: (deps, signal) =>
    runExclusive(deps, { task: 'orphans', everySec: DAY_MS / 1000 }, signal, signal => compare(deps, signal)),
}

/** Kept of each type, for an admin to look at. */
const MAX_EXAMPLES = 10

type OrphanExample = Parameters<typeof keepOrphanReport>[1]['examples'][number]

const exampleOf = (orphan: Orphan): OrphanExample => ({
  type: orphan.type,
  bucket: orphan.bucket,
  key: orphan.key,
  assetId: orphan.type === 'missing_object' ? orphan.assetId : null,
})

async function compare({ database, store, settings, logger }: MaintenanceDeps, signal: AbortSignal): Promise<void> {
  const counts: Record<Orphan['type'], number> = { object_without_row: 0, missing_object: 0, open_multipart: 0 }
  const examples: OrphanExample[] = []
  for await (const orphan of scanOrphans({ database, store, settings }, { signal })) {
    counts[orphan.type] += 1
    if (counts[orphan.type] <= MAX_EXAMPLES) examples.push(exampleOf(orphan))
  }
  await keepOrphanReport(database.db, { counts, examples })
  for (const [type, count] of Object.entries(counts)) measure('darkroom_orphans', { type }, count)
  logger.info({ counts }, 'compared database and store')
  const missing = counts.missing_object
  if (missing === 0) {
    await clearAlarms(database.db, { code: 'OBJECT_MISSING', subject: '' })
    return
  }
  const message = `${missing} objects are missing in the store; "npx darkroom orphans" lists them.`
  await raiseAlarm(database.db, { code: 'OBJECT_MISSING', message })
}
