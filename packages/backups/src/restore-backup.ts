import { createDatabase, createScratchDatabase } from '@darkroom/db/client'
import { readServerVersion, readTableChecksums, type TableChecksum } from '@darkroom/db/operations'
import { type Backup, type BackupPlace, dumpKey } from './backup-objects.ts'
import { decryptStream } from './encryption.ts'
import { findPostgresTools, restoreDatabase } from './postgres-tools.ts'

export interface RestoreOptions {
  identity: string
  binDir?: string | undefined
  signal?: AbortSignal | undefined
}

/** A table as it was when the backup was taken, and as it was restored. */
export interface ComparedTable {
  table: string
  expected: TableChecksum | undefined
  restored: TableChecksum | undefined
  isSame: boolean
}

/**
 * Restores a backup into an empty database, and compares every table with what it held when the backup was taken.
 * @throws BACKUP_UNREADABLE, BACKUP_FAILED, BACKUP_TOOLS_MISSING
 */
export async function restoreBackup(
  { store, bucket }: BackupPlace,
  backup: Backup,
  databaseUrl: string,
  { identity, binDir, signal }: RestoreOptions,
): Promise<ComparedTable[]> {
  const database = createDatabase(databaseUrl, { max: 1, applicationName: 'darkroom-restore' })
  try {
    const major = Math.max(await readServerVersion(database.db), backup.postgresMajor)
    const tools = await findPostgresTools(major, binDir)
    const { body } = await store.get({ bucket, key: dumpKey(backup.name) }, { signal })
    await restoreDatabase(tools, await decryptStream(body, identity), { databaseUrl, signal })
    const restored = await database.withoutStatementTimeout(db => db.transaction(readTableChecksums))
    return compareTables(backup.tables, restored)
  } finally {
    await database.close()
  }
}

const SCRATCH_PREFIX = 'darkroom_drill_'

/** Restores a backup into a scratch database on the server of `databaseUrl`, compares, and drops it again. */
export async function drillBackup(
  place: BackupPlace,
  backup: Backup,
  databaseUrl: string,
  options: RestoreOptions,
): Promise<ComparedTable[]> {
  const scratch = await createScratchDatabase(databaseUrl, SCRATCH_PREFIX)
  try {
    return await restoreBackup(place, backup, scratch.url, options)
  } finally {
    await scratch.drop()
  }
}

function compareTables(expected: readonly TableChecksum[], restored: readonly TableChecksum[]): ComparedTable[] {
  const before = new Map(expected.map(each => [each.table, each]))
  const after = new Map(restored.map(each => [each.table, each]))
  return [...new Set([...before.keys(), ...after.keys()])].sort().map(table => {
    const [was, is] = [before.get(table), after.get(table)]
    return { table, expected: was, restored: is, isSame: was?.rows === is?.rows && was?.checksum === is?.checksum }
  })
}
