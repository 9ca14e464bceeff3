import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type { Sql, TransactionSql } from 'postgres'
import { drizzle, postgres } from './postgres-js.ts'
import * as schema from './schema/index.ts'

export type Database = PostgresJsDatabase<typeof schema>
/** A transaction. Repositories take one, or the database itself for a single statement. */
export type Tx = Parameters<Parameters<Database['transaction']>[0]>[0] | Database

export interface DatabaseClient {
  db: Database
  /**
   * Calls `onNotify` with the payload of each NOTIFY, and `onListen` whenever the subscription stands (again), because
   * what was sent in between is lost. Returns a function that stops it.
   */
  listen(channel: string, onNotify: (payload: string) => void, onListen?: () => void): Promise<() => Promise<void>>
  /**
   * Holds a session-level advisory lock on a connection of its own until `release` or until the connection is lost,
   * which `onLost` tells. Answers null when another session holds it.
   */
  tryAdvisoryLock(name: string, onLost: () => void): Promise<{ release(): Promise<void> } | null>
  /** The database's clock, by which everything is decided. */
  now(): Promise<Date>
  /** One empty query: answers while the database does. */
  ping(): Promise<void>
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** Connections at most. Default 10. */
  max?: number
  applicationName?: string
  /**
   * Plans each statement once per connection instead of anew for its first parameters. For a process that runs few
   * statements very often, all of them by key.
   */
  plansOnce?: boolean
}

/** Opens a pool on a Postgres URL. Connections are made when first needed. */
export function createDatabase(url: string, options: DatabaseOptions = {}): DatabaseClient {
  const settings = {
    onnotice: () => undefined,
    connect_timeout: 10,
    // Its query runs beside ours on every new connection, and when the connection is lost nobody can catch its rejection.
    fetch_types: false,
    connection: {
      application_name: options.applicationName ?? 'darkroom',
      ...(options.plansOnce && { plan_cache_mode: 'force_generic_plan' }),
    },
  }
  const client = withPreparedStatements(postgres(url, { ...settings, max: options.max ?? 10, idle_timeout: 60 }))
  return {
    db: drizzle(client, { schema }),
    async listen(channel, onNotify, onListen) {
      const { unlisten } = await client.listen(channel, onNotify, onListen)
      return unlisten
    },
    async tryAdvisoryLock(name, onLost) {
      let isHeld = false
      const session = postgres(url, {
        ...settings,
        max: 1,
        idle_timeout: 0,
        max_lifetime: null,
        onclose: () => {
          if (isHeld) onLost()
          isHeld = false
        },
      })
      const release = async () => {
        isHeld = false
        await session.end({ timeout: 1 })
      }
      try {
        const [row] = await session`SELECT pg_try_advisory_lock(hashtextextended(${name}, 0)) AS locked`
        if (row?.locked) {
          isHeld = true
          return { release }
        }
      } catch (error) {
        await release()
        throw error
      }
      await release()
      return null
    },
    async now() {
      const [row] = await client`SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms`
      return new Date(Number(row?.ms))
    },
    async ping() {
      await client`SELECT 1`
    },
    close: () => client.end({ timeout: 5 }),
  }
}

/**
 * drizzle asks for an unnamed statement every time, which Postgres then parses and plans anew, with an extra round trip
 * where there are parameters; whatever it asks for, its queries are named here. LISTEN and the advisory locks
 * need sessions of their own in any case, so a pooler in transaction mode is out.
 */
function withPreparedStatements<T extends Sql | TransactionSql>(sql: T): T {
  const unsafe: typeof sql.unsafe = sql.unsafe.bind(sql)
  Object.assign(sql, {
    unsafe: (...[query, parameters, options]: Parameters<typeof unsafe>) =>
      unsafe(query, parameters, { ...options, prepare: true }),
  })
  if ('begin' in sql) {
    const begin = sql.begin.bind(sql)
    Object.assign(sql, {
      begin: (use: (tx: TransactionSql) => Promise<unknown>) => begin(tx => use(withPreparedStatements(tx))),
    })
  }
  return sql
}
