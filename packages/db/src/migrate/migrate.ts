import { fileURLToPath } from 'node:url'
import { StartupError } from '@darkroom/core'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import type { Database } from '../client/client.ts'
import { drizzle, postgres } from '../client/postgres-js.ts'
import { rebaseLogAfterRestore } from '../events/rebase-log.ts'
import { seedBuiltInPresets } from '../presets/presets.ts'
import { DEFAULT_PROJECT, ensureProject } from '../projects/projects.ts'
import * as schema from '../schema/index.ts'

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))
const SETTINGS = { migrationsFolder: MIGRATIONS, migrationsSchema: 'darkroom_migrations' }

/**
 * Brings a database to the schema of this version and seeds what every installation has. Any number of processes may
 * call it at once: an advisory lock lets one work and the others find it done.
 * @throws StartupError for a database that another chain of migrations made; else whatever Postgres says
 */
export async function migrateDatabase(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => undefined, connect_timeout: 10 })
  try {
    await client`SELECT pg_advisory_lock(hashtextextended('darkroom.migrate', 0))`
    const db = drizzle(client, { schema })
    await readApplied(db)
    await migrate(db, SETTINGS)
    await db.transaction(rebaseLogAfterRestore)
    await ensureProject(db, DEFAULT_PROJECT)
    await seedBuiltInPresets(db)
  } finally {
    await client.end({ timeout: 5 })
  }
}

const EARLIER_DEVELOPMENT =
  'This database was created by an earlier development version of Darkroom and cannot be migrated. Set DATABASE_URL to an empty database; without DATABASE_URL, stop Darkroom and delete its data folder (`.darkroom`, or DARKROOM_DATA) with all uploads.'

/** Returns when each of our migrations was generated, in milliseconds, the oldest first. */
const generatedAt = () => readMigrationFiles(SETTINGS).map(({ folderMillis }) => folderMillis)

/**
 * Tells whether a database has the schema of this version, or a later one. @throws StartupError as `migrateDatabase`
 * does
 */
export async function isMigrated(db: Database): Promise<boolean> {
  const newest = Math.max(...generatedAt())
  return (await readApplied(db)).some(applied => applied >= newest)
}

/**
 * Reads when each migration of a database was generated. Before the first release the migrations were squashed into
 * one, so a database with others has an unknown schema.
 */
async function readApplied(db: Database): Promise<number[]> {
  const [known] = await db.execute(
    sql`SELECT to_regclass('darkroom_migrations.__drizzle_migrations') IS NOT NULL AS there`,
  )
  if (!known?.there) return []
  const rows = await db.execute(sql`SELECT created_at FROM darkroom_migrations.__drizzle_migrations`)
  const applied = rows.map(row => Number(row.created_at))
  const isOurs = applied.includes(Math.min(...generatedAt()))
  if (applied.length > 0 && !isOurs) throw new StartupError(EARLIER_DEVELOPMENT)
  return applied
}
