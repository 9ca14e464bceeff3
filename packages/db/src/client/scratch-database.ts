import { randomToken } from '@darkroom/core'
import { editDatabaseUrl } from './edit-database-url.ts'
import { postgres } from './postgres-js.ts'

export interface ScratchDatabase {
  url: string
  /** Disconnects whoever is left. */
  drop(): Promise<void>
}

/**
 * Creates an empty database beside another one, to be dropped after use. Scratch databases of this prefix that a killed process left are
 * dropped first: nobody is connected to them.
 * @param prefix lower-case letters and underscores
 */
export async function createScratchDatabase(url: string, prefix: string): Promise<ScratchDatabase> {
  const name = `${prefix}${Buffer.from(randomToken(8)).toString('hex')}`
  await asAdmin(url, async admin => {
    const abandoned = await admin<{ name: string }[]>`
      SELECT datname AS name FROM pg_database
      WHERE starts_with(datname, ${prefix}) AND NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datid = pg_database.oid)`
    for (const each of abandoned) await admin`DROP DATABASE IF EXISTS ${admin(each.name)}`
    await admin`CREATE DATABASE ${admin(name)} TEMPLATE template0`
  })
  return {
    url: editDatabaseUrl(url, scratch => {
      scratch.pathname = `/${name}`
    }),
    drop: () => asAdmin(url, async admin => void (await admin`DROP DATABASE IF EXISTS ${admin(name)} WITH (FORCE)`)),
  }
}

async function asAdmin(url: string, work: (admin: ReturnType<typeof postgres>) => Promise<void>): Promise<void> {
  const admin = postgres(url, { max: 1, onnotice: () => undefined, connect_timeout: 10, fetch_types: false })
  try {
    await work(admin)
  } finally {
    await admin.end({ timeout: 5 })
  }
}
