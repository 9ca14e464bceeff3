import { type BackupPlace, createBackup, ownerOf, pruneBackups } from '@darkroom/backups'
import { AppError } from '@darkroom/core'
import { clearAlarms, raiseAlarm } from '@darkroom/db/operations'
import type { BackupSettings } from '../deps.ts'
import { runExclusive } from './run-exclusive.ts'
import type { MaintenanceDeps, Task } from './task.ts'

/** The lease of whoever makes a backup, by schedule or by hand: there is one at a time. */
export const BACKUP_TASK = 'backup'

const ALARMS = ['BACKUP_TOOLS_MISSING', 'BACKUP_FAILED'] as const

/** Backs the database up at the interval that is set. One that failed is tried again at the next look. */
export const backUpDatabase: Task = {
  name: 'back up the database',
  everyMs: 300_000,
  run: async (deps, signal) => {
    const { backups } = deps.settings
    if (!backups) return
    await runExclusive(deps, { task: BACKUP_TASK, everySec: backups.everySec }, signal, leased =>
      backUp(deps, backups, leased),
    )
  },
}

async function backUp(
  deps: MaintenanceDeps,
  { databaseUrl, bucket, keep, ...options }: BackupSettings,
  signal: AbortSignal,
): Promise<void> {
  const { database, store, logger } = deps
  let owner: string
  try {
    const { name, byteSize } = await createBackup({ database, databaseUrl, store, bucket }, { ...options, signal })
    owner = ownerOf(name)
    logger.info({ backup: name, byteSize }, 'backed up the database')
  } catch (error) {
    // Its own codes raise their alarm by themselves. A backup that is missing is an alarm whatever the cause.
    const isKnown = error instanceof AppError && ALARMS.some(code => code === error.code)
    if (!isKnown && !signal.aborted) {
      const message = `The database was not backed up: ${reasonOf(error)}`
      await raiseAlarm(database.db, { code: 'BACKUP_FAILED', message })
    }
    throw error
  }
  await deleteSurplus(deps, { store, bucket }, { keep, owner }, signal)
}

/** Deletes old backups. The new one is made, so a failure is an alarm and no reason to make another before it is due. */
async function deleteSurplus(
  { database, logger }: MaintenanceDeps,
  place: BackupPlace,
  retention: { keep: number; owner: string },
  signal: AbortSignal,
) {
  try {
    await pruneBackups(place, retention, { signal })
  } catch (error) {
    if (signal.aborted) return
    logger.error({ err: error }, 'could not delete old backups')
    const message = `The database was backed up, but old backups could not be deleted: ${reasonOf(error)}`
    await raiseAlarm(database.db, { code: 'BACKUP_FAILED', message })
    return
  }
  for (const code of ALARMS) await clearAlarms(database.db, { code })
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
