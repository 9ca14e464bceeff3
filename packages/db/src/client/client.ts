import { setTimeout as sleep } from 'node:timers/promises'
import { type SQL, sql } from 'drizzle-orm'
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type { Sql, TransactionSql } from 'postgres'
import * as schema from '../schema/index.ts'
import { isDatabaseUnavailable } from './errors.ts'
import { drizzle, postgres } from './postgres-js.ts'
import { watchedSockets } from './watched-sockets.ts'

export type Database = PostgresJsDatabase<typeof schema>
/** A transaction. Repositories take one, or the database itself for a single statement. */
export type Tx = Parameters<Parameters<Database['transaction']>[0]>[0] | Database

/**
 * Commits an effect together with the record that it happened: in one transaction, which an effect that is one statement
 * needs only when there is such a record.
 */
export type Commit<T> = (effect: (tx: Tx) => Promise<T>, options?: { isOneStatement?: boolean }) => Promise<T>

export interface DatabaseClient {
  db: Database
  /**
   * Calls `onNotify` with the payload of each NOTIFY, and `onListen` whenever the subscription stands (again), because
   * what was sent in between is lost. Returns a function that stops it.
   */
  listen(channel: string, onNotify: (payload: string) => void, onListen?: () => void): Promise<() => Promise<void>>
  /**
   * Holds a session-level advisory lock on a connection of its own until `release`, until the connection is lost, or until it was not
   * kept for 10 s, which `onLost` tells. Answers null when another session holds it.
   */
  tryAdvisoryLock(name: string, onLost: () => void): Promise<AdvisoryLock | null>
  /**
   * Runs work that may take as long as it takes, such as a count over whole tables, on a connection of its own. After `signal` it is
   * cut off within 5 s: a database that says nothing any more would hold up whoever waits for the work.
   */
  withoutStatementTimeout<T>(work: (db: Database) => Promise<T>, options?: { signal?: AbortSignal }): Promise<T>
  /** The database's clock, by which everything is decided. */
  now(): Promise<Date>
  /** One empty query: answers while the database does. */
  ping(): Promise<void>
  close(): Promise<void>
}

export interface AdvisoryLock {
  /** Says that the holder is alive; throws when the lock is lost. */
  keep(): Promise<void>
  release(): Promise<void>
}

export interface DatabaseOptions {
  /** Connections at most. Default 10. */
  max?: number
  applicationName?: string
  /**
   * Plans each statement once per connection instead of anew for its first parameters. For a process that runs few
   * statements very often, all of them by key.
   */
  genericPlans?: boolean
  /**
   * Longest that a statement may take, its waits for locks included, and that an open transaction may do nothing, in seconds:
   * Postgres ends what takes longer. A connection on which nothing happens for 10 s more is given up, because its server is gone.
   * Without it nothing is limited.
   */
  statementSec?: number
  /** Told every statement before it is sent, with its parameters. */
  onStatement?: (query: string, parameters: unknown[]) => void
}

/**
 * For statements that take a few rows by an index. A plan that was made while a table was small is kept when it grows, so it must
 * not read the table as a whole. Rows are in memory or on flash, where it matters little that they do not lie beside each other.
 * To compile a plan, or to start other processes for it, takes longer than to run it. Where an index finds 100,000 assets, 4 MB do not hold where
 * each of them is, and Postgres then computes their terms anew.
 */
const PLANNING = {
  random_page_cost: 1.1,
  enable_seqscan: 'off',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  work_mem: '16MB',
}

const CONNECT_SEC = 10
/** A server that answers at all does so within the limit of a statement and this; more than connecting may take. */
const SILENCE_SEC = 10
/** Shorter, so that a connection without work is closed before its silence means something. */
const IDLE_SEC = 5
/** An advisory lock that is not kept for so long is let go by Postgres: its holder is frozen, or cut off. */
const LOCK_IDLE_MS = 10_000
const LOCK_CONNECT_SEC = 5
const KEEP_ALIVE_SEC = 15
const UNLISTEN_MS = 1000
/**
 * In characters. Longer ones are lists put together of what a client asks for: there are thousands of them, and each
 * connection would keep the plans of all.
 */
const LONGEST_PREPARED = 4000
/**
 * Begins a statement that is planned for the values it has, each time. Without them Postgres cannot know whether a time range
 * holds everything or nothing, and may walk a whole project by another index: a statement that is prepared is planned like that
 * after a while.
 */
const CUSTOM_PLAN = '/* custom plan */'
export const customPlan: SQL = sql.raw(CUSTOM_PLAN)

/** Begins a longer statement whose text is always the same: it is prepared all the same. */
const GENERIC_PLAN = '/* generic plan */'
export const genericPlan: SQL = sql.raw(GENERIC_PLAN)

/** Tells whether a statement is prepared: Postgres may then plan it once, without knowing its values. */
export const isPrepared = (query: string): boolean =>
  query.startsWith(GENERIC_PLAN) || (query.length <= LONGEST_PREPARED && !query.includes(CUSTOM_PLAN))

/** Opens a pool on a Postgres URL. Connections are made when first needed. */
export function createDatabase(url: string, options: DatabaseOptions = {}): DatabaseClient {
  const { onStatement } = options
  const settings = {
    onnotice: () => undefined,
    connect_timeout: CONNECT_SEC,
    // Where a server went without a word, a session that only listens hears of it by these.
    keep_alive: KEEP_ALIVE_SEC,
    // Its query runs beside ours on every new connection, and when the connection is lost nobody can catch its rejection.
    fetch_types: false,
    connection: {
      application_name: options.applicationName ?? 'darkroom',
      ...(options.genericPlans && { plan_cache_mode: 'force_generic_plan' }),
    },
  }
  const pooled = { ...settings, connection: { ...settings.connection, ...PLANNING } }
  const client = withPreparedStatements(
    postgres(url, { ...pooled, max: options.max ?? 10, idle_timeout: 60, ...limits(pooled, options) }),
  )
  const openPatient = () => withPreparedStatements(postgres(url, { ...settings, max: 1 }))
  return {
    db: drizzle(client, { schema, ...(onStatement && { logger: { logQuery: onStatement } }) }),
    async listen(channel, onNotify, onListen) {
      const { unlisten } = await client.listen(channel, onNotify, onListen)
      return () => forget(unlisten())
    },
    async tryAdvisoryLock(name, onLost) {
      let isHeld = false
      const session = postgres(url, {
        ...settings,
        max: 1,
        connect_timeout: LOCK_CONNECT_SEC,
        idle_timeout: 0,
        max_lifetime: null,
        ...watchedSockets(LOCK_IDLE_MS),
        onclose: () => {
          if (isHeld) onLost()
          isHeld = false
        },
      })
      const keep = async () => {
        // A query would connect again, without the lock.
        if (!isHeld) throw new Error(`the lock ${name} is lost`)
        await session`SELECT 1`
      }
      const release = async () => {
        isHeld = false
        await session.end({ timeout: 1 })
      }
      try {
        const [row] = await session`
          SELECT set_config('idle_session_timeout', ${LOCK_IDLE_MS}::text, false),
            pg_try_advisory_lock(hashtextextended(${name}, 0)) AS locked`
        if (row?.locked) {
          isHeld = true
          return { keep, release }
        }
      } catch (error) {
        await release()
        throw error
      }
      await release()
      return null
    },
    async withoutStatementTimeout(work, { signal } = {}) {
      signal?.throwIfAborted()
      const session = openPatient()
      const end = () => session.end({ timeout: 5 })
      signal?.addEventListener('abort', end, { once: true })
      try {
        return await work(drizzle(session, { schema }))
      } finally {
        signal?.removeEventListener('abort', end)
        await end()
      }
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

/** Waits for an UNLISTEN, and ignores its errors: no notification is delivered any more, and Postgres may be gone. */
async function forget(unlistened: Promise<void>): Promise<void> {
  const heard = unlistened.catch(error => {
    if (!isDatabaseUnavailable(error)) throw error
  })
  await Promise.race([heard, sleep(UNLISTEN_MS, undefined, { ref: false })])
}

/**
 * Returns the options of postgres.js that bound every wait for Postgres. The server ends statements and transactions; a
 * connection that is silent for longer has no server.
 */
function limits<T extends object>({ connection }: { connection: T }, { statementSec }: DatabaseOptions) {
  if (statementSec === undefined) return {}
  return {
    idle_timeout: statementSec + IDLE_SEC,
    ...watchedSockets((statementSec + SILENCE_SEC) * 1000),
    connection: {
      ...connection,
      statement_timeout: statementSec * 1000,
      // Who is gone without a word inside a transaction would hold its locks until TCP gives up.
      idle_in_transaction_session_timeout: statementSec * 1000,
    },
  }
}

/**
 * Gives the queries of drizzle names. It requests an unnamed statement every time, which Postgres parses and plans again,
 * with an extra round trip for parameters. LISTEN and the advisory locks need sessions of their own, so a pooler in
 * transaction mode cannot be used anyway.
 */
function withPreparedStatements<T extends Sql | TransactionSql>(sql: T): T {
  const unsafe: typeof sql.unsafe = sql.unsafe.bind(sql)
  Object.assign(sql, {
    unsafe: (...[query, parameters, options]: Parameters<typeof unsafe>) =>
      unsafe(query, parameters, { ...options, prepare: isPrepared(query) }),
  })
  if ('begin' in sql) {
    const begin = sql.begin.bind(sql)
    Object.assign(sql, {
      begin: (use: (tx: TransactionSql) => Promise<unknown>) => begin(tx => use(withPreparedStatements(tx))),
    })
  }
  return sql
}

/** Has a transaction wait for a lock no longer than a second: it is one of many, and is tried again. */
export async function waitBriefly(tx: Tx): Promise<void> {
  await tx.execute(sql`SELECT set_config('lock_timeout', '1s', true)`)
}
