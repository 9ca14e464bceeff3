import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalPostgres } from '@darkroom/local-postgres'
import { freePort, startTestRedis } from '@darkroom/testing'
import pg from 'pg'

/** A real server of a test's own, on a free port, that can be taken away and brought back. */
export interface TestServer {
  readonly url: string
  stop(): Promise<void>
  start(): Promise<void>
  /** Stops it for good and removes its data. */
  remove(): Promise<void>
}

export async function startRedis(): Promise<TestServer> {
  let redis = await startTestRedis()
  const port = Number(new URL(redis.url).port)
  return {
    url: redis.url,
    stop: () => redis.stop(),
    start: async () => {
      redis = await startTestRedis({ port })
    },
    remove: () => redis.stop(),
  }
}

export async function startPostgres(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-queue-postgres-'))
  const options = { dataDir: join(folder, 'data'), port: await freePort(), durable: false }
  let postgres = await startLocalPostgres(options)
  return {
    url: postgres.url,
    stop: () => postgres.stop(),
    start: async () => {
      postgres = await startLocalPostgres(options)
    },
    remove: async () => {
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Runs one statement on a connection of its own. */
export async function query<T extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query<T>(sql, values)).rows
  } finally {
    await client.end().catch(() => undefined)
  }
}
