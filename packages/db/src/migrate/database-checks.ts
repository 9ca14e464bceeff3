import { randomToken } from '@darkroom/core'
import { type Check, type Finding, fault, fine, warning } from '@darkroom/core/checks'
import { type SQL, sql } from 'drizzle-orm'
import { createDatabase, type DatabaseClient } from '../client/client.ts'
import { isMigrated } from './migrate.ts'

export interface DatabaseCheckContext {
  url: string
  /** Connections that one more process would take. */
  poolMax: number
}

const MIN_VERSION = 14
const NOTIFY_MS = 5000
const NEEDS = ['database.answers']

/** What Postgres must be for Darkroom, asked over connections of their own. */
export const DATABASE_CHECKS: readonly Check<DatabaseCheckContext>[] = [
  {
    id: 'database.answers',
    title: 'Postgres answers',
    cause: 'Postgres does not run there, or host, user, password or database of DATABASE_URL are wrong.',
    fix: 'Start Postgres, and try the same URL: psql "$DATABASE_URL" -c "select 1".',
    look: context =>
      withDatabase(context, async database => {
        const start = performance.now()
        await database.ping()
        return fine(`in ${Math.round(performance.now() - start)} ms`)
      }).catch(refusal),
  },
  {
    id: 'database.version',
    title: `Postgres is ${MIN_VERSION} or newer`,
    cause: 'The server is older than what Darkroom is tested with.',
    fix: `Upgrade the server to Postgres ${MIN_VERSION} or newer.`,
    needs: NEEDS,
    async look(context) {
      const text = await readValue(context, sql`SELECT current_setting('server_version') AS value`)
      return Number.parseInt(text, 10) >= MIN_VERSION ? fine(text) : fault(text)
    },
  },
  {
    id: 'database.primary',
    title: 'the server takes writes',
    cause: 'DATABASE_URL names a replica, or a server after a fail-over.',
    fix: 'Set DATABASE_URL to the primary; with several hosts add target_session_attrs=read-write.',
    needs: NEEDS,
    async look(context) {
      const value = await readValue(
        context,
        sql`SELECT (pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean)::text AS value`,
      )
      return value === 'false' ? fine('it is the primary') : fault('it can only be read')
    },
  },
  {
    id: 'database.encoding',
    title: 'the database is in UTF-8',
    cause: 'The database was created with another encoding, so names of files are refused.',
    fix: 'Create a database with ENCODING UTF8 TEMPLATE template0, and move into it by pg_dump.',
    needs: NEEDS,
    async look(context) {
      const encoding = await readValue(context, sql`SELECT current_setting('server_encoding') AS value`)
      return encoding === 'UTF8' ? fine(encoding) : fault(encoding)
    },
  },
  {
    id: 'database.schema',
    title: 'the schema is that of this version',
    cause: 'This version was installed and its migrations have not run yet.',
    fix: 'npx darkroom migrate',
    needs: ['database.version', 'database.primary'],
    look: context =>
      withDatabase(context, async ({ db }) =>
        (await isMigrated(db)) ? fine('all migrations have run') : fault('migrations are missing'),
      ),
  },
  {
    id: 'database.listen',
    title: 'a NOTIFY reaches who listens',
    cause: 'DATABASE_URL goes through a pooler in transaction mode, such as PgBouncer, which keeps no session.',
    fix: 'Connect to Postgres itself, or to a pool in session mode (often another port).',
    needs: NEEDS,
    look: hearsNotification,
  },
  {
    id: 'database.session',
    title: 'a connection keeps its session',
    cause:
      'DATABASE_URL goes through a pooler in transaction mode: advisory locks and prepared statements need a session.',
    fix: 'Connect to Postgres itself, or to a pool in session mode (often another port).',
    needs: NEEDS,
    look: context =>
      withDatabase(context, async database => {
        const lock = await database.tryAdvisoryLock(`darkroom.doctor.${randomToken(8)}`, () => undefined)
        if (!lock) return fault('an advisory lock that nobody holds is refused')
        await lock.keep()
        await lock.release()
        return fine('an advisory lock is kept')
      }),
  },
  {
    id: 'database.connections',
    title: 'there are connections for one more process',
    cause: 'Others use most of max_connections.',
    fix: 'Raise max_connections of the server, or lower DATABASE_POOL_MAX.',
    needs: NEEDS,
    async look(context) {
      const free = Number(
        await readValue(
          context,
          sql`SELECT (current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
            - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'))::text AS value`,
        ),
      )
      const wanted = context.poolMax + 2
      return free >= wanted ? fine(`${free} are free`) : warning(`${free} are free, a process takes up to ${wanted}`)
    },
  },
]

async function withDatabase<T>(
  { url }: DatabaseCheckContext,
  use: (database: DatabaseClient) => Promise<T>,
): Promise<T> {
  const database = createDatabase(url, { max: 1, applicationName: 'darkroom-doctor' })
  try {
    return await use(database)
  } finally {
    await database.close()
  }
}

/** @param query answers one row with a text in `value` */
const readValue = (context: DatabaseCheckContext, query: SQL): Promise<string> =>
  withDatabase(context, async ({ db }) => String((await db.execute(query))[0]?.value))

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const REFUSALS: Readonly<Record<string, string>> = {
  '28P01': 'the password is wrong',
  '28000': 'the user is refused',
  '3D000': 'the database does not exist',
  '53300': 'there are too many connections',
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name is not known',
  CONNECT_TIMEOUT: 'it does not answer',
}

const POOLER = {
  cause: 'DATABASE_URL goes through a pooler that takes no settings of a connection.',
  fix: 'Connect to Postgres itself, or to a pool in session mode (often another port).',
}

function refusal(error: unknown): Finding {
  const code = codeOf(error)
  if (error instanceof Error && /unsupported startup parameter/.test(error.message)) return fault(error.message, POOLER)
  const known = code && REFUSALS[code]
  if (!known) throw error
  return fault(`${known} (${code})`)
}

/** The query builder wraps what went wrong. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : codeOf(error.cause)
}

async function hearsNotification(context: DatabaseCheckContext): Promise<Finding> {
  const channel = `darkroom_doctor_${randomToken(6)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '_')}`
  return withDatabase(context, async database => {
    const heard = Promise.withResolvers<boolean>()
    const unlisten = await database.listen(channel, () => heard.resolve(true))
    const timer = setTimeout(() => heard.resolve(false), NOTIFY_MS)
    try {
      await database.db.execute(sql`SELECT pg_notify(${channel}, '')`)
      return (await heard.promise) ? fine('heard') : fault(`not heard within ${NOTIFY_MS / 1000} s`)
    } finally {
      clearTimeout(timer)
      await unlisten()
    }
  })
}
