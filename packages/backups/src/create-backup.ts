import type { DatabaseClient } from '@darkroom/db/client'
import { readDatabaseIdentity, readServerVersion, readTableChecksums, withSnapshot } from '@darkroom/db/operations'
import { type Backup, type BackupPlace, dumpKey, nameAt, removeUnfinished, writeRecord } from './backup-objects.ts'
import { encryptStream } from './encryption.ts'
import { dumpDatabase, findPostgresTools } from './postgres-tools.ts'

export interface CreateBackupDeps extends BackupPlace {
  database: DatabaseClient
  databaseUrl: string
}

export interface CreateBackupOptions {
  recipients: readonly string[]
  binDir?: string | undefined
  signal?: AbortSignal | undefined
}

/**
 * Backs the database up: pg_dump, encrypted, streamed into the bucket, never on disk. Call it while nobody else makes one; what an earlier
 * one left that was killed is removed first.
 */
export async function createBackup(deps: CreateBackupDeps, options: CreateBackupOptions): Promise<Backup> {
  const { database, databaseUrl, store, bucket } = deps
  const { recipients, binDir } = options
  const owner = await readDatabaseIdentity(database.db)
  // What cannot be deleted, as under Object Lock, must not keep a backup from being made.
  await removeUnfinished(deps, owner, { signal: options.signal }).catch(() => undefined)
  const takenAt = await database.now()
  const name = nameAt(takenAt, owner)
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])])
  const record = await withSnapshot(database, async (tx, snapshot) => {
    const postgresMajor = await readServerVersion(tx)
    const tools = await findPostgresTools(postgresMajor, binDir)
    const dump = dumpDatabase(tools, { databaseUrl, snapshot, signal })
    const target = { bucket, key: dumpKey(name), contentType: 'application/octet-stream' }
    const sending = encryptStream(dump, recipients).then(body => store.putStream({ ...target, body }, { signal }))
    try {
      const [{ byteSize }, tables] = await Promise.all([sending, readTableChecksums(tx)])
      return { takenAt: takenAt.toISOString(), postgresMajor, byteSize, recipients: [...recipients], tables }
    } finally {
      // A pg_dump that nobody reads any more would keep its transaction open for ever.
      stop.abort()
      await Promise.allSettled([sending])
    }
  })
  await writeRecord(deps, name, record, { signal: options.signal })
  return { name, ...record }
}
