/** Makes a database where there is none of that name. */
export async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  // Not before it is needed: packages/db patches the driver while it is loaded, and the first who loads it decides.
  const { default: postgres } = await import('postgres')
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined })
  try {
    const existing = await sql`SELECT 1 FROM pg_database WHERE datname = ${name}`
    if (existing.length === 0) await sql`CREATE DATABASE ${sql(name)}`
  } finally {
    await sql.end({ timeout: 1 })
  }
}
