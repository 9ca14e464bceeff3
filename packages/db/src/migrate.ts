import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import type { Database } from './client.ts'
import { drizzle, postgres } from './postgres-js.ts'
import { seedBuiltInPresets } from './repositories/presets.ts'
import { ensureProject } from './repositories/projects.ts'
import { rebaseLogAfterRestore } from './repositories/rebase-log.ts'
import * as schema from './schema/index.ts'

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url))
const SETTINGS = { migrationsFolder: MIGRATIONS, migrationsSchema: 'darkroom_migrations' }

/** The project that exists in every installation. */
export const DEFAULT_PROJECT = 'default'

/**
 * Brings a database to the schema of this version and seeds what every installation has. Any number of processes may
 * call it at once: an advisory lock lets one work and the others find it done.
 * @throws whatever Postgres says; the caller exits non-zero
 */
export async function migrateDatabase(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => undefined, connect_timeout: 10 })
  try {
    await client`SELECT pg_advisory_lock(hashtextextended('darkroom.migrate', 0))`
    const db = drizzle(client, { schema })
    await migrate(db, SETTINGS)
    await db.transaction(rebaseLogAfterRestore)
    await ensureProject(db, DEFAULT_PROJECT)
    await seedBuiltInPresets(db)
  } finally {
    await client.end({ timeout: 5 })
  }
}

const MIGRATED = sql`darkroom_migrations.__drizzle_migrations`

/** Whether a database has the schema of this version, or a later one. */
export async function isMigrated(db: Database): Promise<boolean> {
  const newest = readMigrationFiles(SETTINGS).at(-1)?.folderMillis ?? 0
  const [known] = await db.execute(
    sql`SELECT to_regclass('darkroom_migrations.__drizzle_migrations') IS NOT NULL AS there`,
  )
  if (!known?.there) return false
  const [row] = await db.execute(sql`SELECT max(created_at) AS latest FROM ${MIGRATED}`)
  return Number(row?.latest ?? -1) >= newest
}
