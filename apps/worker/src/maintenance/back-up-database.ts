import { createBackup } from '@darkroom/backups'
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
  { database, store, logger }: MaintenanceDeps,
  { databaseUrl, bucket, ...options }: BackupSettings,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { name, byteSize } = await createBackup({ database, databaseUrl, store, bucket }, { ...options, signal })
    for (const code of ALARMS) await clearAlarms(database.db, { code })
    logger.info({ backup: name, byteSize }, 'backed up the database')
  } catch (error) {
    // Its own codes raise their alarm by themselves. A backup that is missing is an alarm whatever the cause.
    const isKnown = error instanceof AppError && ALARMS.some(code => code === error.code)
    if (!isKnown && !signal.aborted) {
      const message = `The database was not backed up: ${error instanceof Error ? error.message : error}`
      await raiseAlarm(database.db, { code: 'BACKUP_FAILED', message })
    }
    throw error
  }
}
