import { sql } from 'drizzle-orm'
import type { DatabaseClient, Tx } from '../client/client.ts'

/** What a table holds, in two numbers that do not depend on the order of its rows. */
export interface TableChecksum {
  /** With its schema, quoted where SQL needs it: `public.assets`. */
  table: string
  rows: number
  /** Sum of a digest of each row, as a decimal number. */
  checksum: string
}

/**
 * Runs work in a transaction that sees one moment of the database, whatever is written meanwhile. `snapshot` is how another session, such as
 * `pg_dump --snapshot`, sees the same moment while the work lasts.
 */
export const withSnapshot = <T>(
  database: Pick<DatabaseClient, 'withoutStatementTimeout'>,
  work: (tx: Tx, snapshot: string) => Promise<T>,
): Promise<T> =>
  database.withoutStatementTimeout(db =>
    db.transaction(
      async tx => {
        await tx.execute(sql`SET LOCAL idle_in_transaction_session_timeout = 0`)
        const [row] = await tx.execute<{ snapshot: string }>(sql`SELECT pg_export_snapshot() AS snapshot`)
        if (!row) throw new Error('SELECT returned no row')
        return work(tx, row.snapshot)
      },
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    ),
  )

/**
 * Reads count and checksum of every table that a dump contains. Rows are digested as Postgres writes them as text, in UTC; md5 gives the
 * same on every version of Postgres.
 */
export async function readTableChecksums(tx: Tx): Promise<TableChecksum[]> {
  await tx.execute(sql`SET LOCAL timezone = 'UTC'`)
  const tables = await tx.execute<{ name: string }>(sql`
    SELECT format('%I.%I', nspname, relname) AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind = 'r' AND relpersistence = 'p' AND nspname NOT IN ('pg_catalog', 'information_schema')
    ORDER BY 1`)
  const checksums: TableChecksum[] = []
  for (const { name } of tables) checksums.push(await readChecksum(tx, name))
  return checksums
}

async function readChecksum(tx: Tx, table: string): Promise<TableChecksum> {
  const [row] = await tx.execute<{ rows: string; checksum: string }>(sql`
    SELECT count(*) AS rows, coalesce(sum(('x' || left(md5(entry::text), 15))::bit(60)::bigint), 0)::text AS checksum
    FROM ${sql.raw(table)} AS entry`)
  if (!row) throw new Error('SELECT returned no row')
  return { table, rows: Number(row.rows), checksum: row.checksum }
}

/** Reads the major version of the server, such as 18. */
export async function readServerVersion(tx: Tx): Promise<number> {
  const [row] = await tx.execute<{ version: string }>(sql`SELECT current_setting('server_version_num') AS version`)
  return Math.floor(Number(row?.version) / 10_000)
}

/**
 * Returns 8 hexadecimal digits that stand for this database on its server. Another server has others, also after a restore; only a copy of the
 * whole server by its files has the same.
 */
export async function readDatabaseIdentity(tx: Tx): Promise<string> {
  const [row] = await tx.execute<{ identity: string }>(sql`
    SELECT left(md5(system_identifier || '/' || oid), 8) AS identity
    FROM pg_control_system(), pg_database WHERE datname = current_database()`)
  if (!row) throw new Error('SELECT returned no row')
  return row.identity
}

/** Tells whether a database has no tables yet, so that one can be restored into it. */
export async function isEmptyDatabase(tx: Tx): Promise<boolean> {
  const [row] = await tx.execute<{ is_empty: boolean }>(sql`
    SELECT NOT EXISTS (
      SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
      WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema')
    ) AS is_empty`)
  return row?.is_empty === true
}
