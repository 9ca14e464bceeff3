import { parseConfigs, silentLogger } from '@darkroom/core'
import { createDatabase, type DatabaseClient, DatabaseConfig, waitForDatabase } from '@darkroom/db/client'
import { createS3Store, findStoreFault, type ObjectStore, StorageConfig, type StorageSettings } from '@darkroom/storage'
import { CommandError, EXIT } from './exit-codes.ts'
import { dataFolderOf } from './start/data-folder.ts'
import { runningEnv, withRunning } from './start/embedded-env.ts'

/** What commands that use database and store themselves stand on. */
export interface Installation {
  database: DatabaseClient
  databaseUrl: string
  store: ObjectStore
  settings: Omit<StorageSettings, 'store'>
  storeConfig: StorageSettings['store']
}

/**
 * Opens database and store of the environment, or of the `npm start` on this machine, and closes them after the work.
 * @param applicationName how its connections are called in Postgres
 */
export async function withInstallation(
  applicationName: string,
  work: (installation: Installation) => Promise<void>,
): Promise<void> {
  const env = withRunning(process.env, await runningEnv(dataFolderOf(process.env)))
  const configs = parseConfigs({ database: DatabaseConfig, storage: StorageConfig }, env)
  const { DATABASE_URL: databaseUrl } = configs.database
  const { store: storeConfig, ...settings } = configs.storage
  await waitForDatabase(databaseUrl, { maxWaitMs: 0, signal: new AbortController().signal })
  const fault = await findStoreFault(configs.storage, silentLogger)
  if (fault) throw new CommandError(fault, EXIT.unreachable)
  const database = createDatabase(databaseUrl, { max: 4, applicationName })
  const store = createS3Store(storeConfig, { logger: silentLogger })
  try {
    await work({ database, databaseUrl, store, settings, storeConfig })
  } finally {
    store.close()
    await database.close()
  }
}
