import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { silentLogger } from '@darkroom/core'
import { startLocalPostgres } from '@darkroom/local-postgres'
import postgres, { type Sql } from 'postgres'
import { type Forked, startForked } from '../measure/forked.ts'

/** A process under load. */
export interface Server {
  url: string
  forked: Forked
}

/** A database and one API process, without workers. */
export interface Service {
  sql: Sql
  databaseUrl: string
  api: Server
  /** Of the project `bench`, with every scope. */
  key: string
}

/** A service and the bare routes beside it. */
export interface Setting extends Service {
  bare: Server
}

const CLI = join(import.meta.dirname, '../../../apps/cli/src/main.ts')

/** The variables of a store that nobody asks for anything: no bytes are sent. */
const NO_STORE = {
  B2_ENDPOINT: 'http://127.0.0.1:9',
  B2_REGION: 'local-000',
  B2_KEY_ID: 'localkey',
  B2_APPLICATION_KEY: 'localsecret',
  B2_BUCKET_NAME: 'darkroom',
  B2_PUBLIC_BUCKET_NAME: 'darkroom-public',
}

export async function openSetting(opened: AsyncDisposableStack): Promise<Setting> {
  const service = await openService(opened, NO_STORE)
  const bare = await startServer(opened, './bare-child.ts', [service.databaseUrl, NO_STORE.B2_ENDPOINT])
  return { ...service, bare }
}

/** Starts Postgres and an API on a store, of which the variables are given. */
export async function openService(opened: AsyncDisposableStack, store: Record<string, string>): Promise<Service> {
  const tempDir = await mkdtemp(join(tmpdir(), 'darkroom-http-'))
  opened.defer(() => rm(tempDir, { recursive: true, force: true }))
  const database = await startLocalPostgres({
    dataDir: join(tempDir, 'postgres'),
    logger: silentLogger,
    onUnexpectedEnd: () => process.exit(1),
  })
  opened.defer(() => database.stop())
  Object.assign(process.env, store, {
    DATABASE_URL: database.url,
    PORT: '0',
    PUBLIC_URL: 'http://127.0.0.1',
    LOG_LEVEL: 'silent',
    DARKROOM_SECRET: randomBytes(32).toString('hex'),
  })
  const cli = (...args: string[]) => promisify(execFile)(process.execPath, [CLI, ...args])
  await cli('migrate')
  const { stdout } = await cli('keys', 'create', '--direct', '--project', 'bench')
  const sql = postgres(database.url, { max: 4, onnotice: () => undefined })
  opened.defer(() => sql.end())
  return { sql, databaseUrl: database.url, key: stdout.trim(), api: await startServer(opened, './api-child.ts') }
}

async function startServer(opened: AsyncDisposableStack, name: string, args: string[] = []): Promise<Server> {
  const { forked, greeting } = await startForked(new URL(name, import.meta.url), args)
  opened.defer(() => forked.close())
  return { forked, url: (greeting as { url: string }).url }
}

/** Inserts assets without variants in one state. @returns their ids */
export async function insertAssets({ sql }: Setting, count: number, status: 'ready' | 'processing'): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    INSERT INTO assets (id, project_id, preset_id, status, kind, filename, content_type, byte_size)
    SELECT gen_random_uuid(), projects.id, presets.id, ${status}, 'image', 'photo.jpg', 'image/jpeg', 1000
    FROM projects, (SELECT id FROM presets WHERE name = 'default' ORDER BY version DESC LIMIT 1) AS presets,
      generate_series(1, ${count})
    WHERE projects.name = 'bench' RETURNING id`
  return rows.map(({ id }) => id)
}
