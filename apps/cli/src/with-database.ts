import { parseConfig } from '@darkroom/core'
import { createDatabase, type Database, DatabaseConfig, migrateDatabase } from '@darkroom/db'

/** Runs a command on the database itself: what there is to do before there is a key, or an API. */
export async function withDatabase(use: (db: Database) => Promise<void>): Promise<void> {
  const { DATABASE_URL } = parseConfig(DatabaseConfig, process.env)
  await migrateDatabase(DATABASE_URL)
  const database = createDatabase(DATABASE_URL, { max: 2, applicationName: 'darkroom-cli' })
  try {
    await use(database.db)
  } finally {
    await database.close()
  }
}
