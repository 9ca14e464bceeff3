import type { DatabaseClient } from '@darkroom/db/client'
import { readServerVersion, readTableChecksums, withSnapshot } from '@darkroom/db/operations'
import {
  type Backup,
  type BackupPlace,
  dumpKey,
  nameAt,
  pruneBackups,
  removeUnfinished,
  writeRecord,
} from './backup-objects.ts'
import { encryptStream } from './encryption.ts'
import { dumpDatabase, findPostgresTools } from './postgres-tools.ts'

export interface CreateBackupDeps extends BackupPlace {
  database: DatabaseClient
  databaseUrl: string
}

export interface CreateBackupOptions {
  recipients: readonly string[]
  /** Backups that are kept, the new one included. */
  keep: number
  binDir?: string | undefined
  signal?: AbortSignal | undefined
}

/**
 * Backs the database up: pg_dump, encrypted, streamed into the bucket, never on disk. Then deletes the oldest beyond `keep`. Call it while
 * nobody else makes one; what an earlier one left that was killed is removed first.
 */
export async function createBackup(deps: CreateBackupDeps, options: CreateBackupOptions): Promise<Backup> {
  const { database, databaseUrl, store, bucket } = deps
  const { recipients, keep, binDir, signal } = options
  await removeUnfinished(deps, { signal })
  const takenAt = await database.now()
  const name = nameAt(takenAt)
  const record = await withSnapshot(database, async (tx, snapshot) => {
    const postgresMajor = await readServerVersion(tx)
    const tools = await findPostgresTools(postgresMajor, binDir)
    const dump = dumpDatabase(tools, { databaseUrl, snapshot, signal })
    const body = await encryptStream(dump, recipients)
    const target = { bucket, key: dumpKey(name), contentType: 'application/octet-stream' }
    const [{ byteSize }, tables] = await Promise.all([
      store.putStream({ ...target, body }, { signal }),
      readTableChecksums(tx),
    ])
    return { takenAt: takenAt.toISOString(), postgresMajor, byteSize, recipients: [...recipients], tables }
  })
  await writeRecord(deps, name, record, { signal })
  await pruneBackups(deps, keep, { signal })
  return { name, ...record }
}
