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

/** A database, one API process and the bare routes beside it. */
export interface Setting {
  sql: Sql
  api: Server
  bare: Server
  /** Of the project `bench`, with every scope. */
  key: string
}

const CLI = join(import.meta.dirname, '../../../apps/cli/src/main.ts')
/** Nobody sends bytes here, so no store has to answer. */
const STORE = 'http://127.0.0.1:9'

export async function openSetting(opened: AsyncDisposableStack): Promise<Setting> {
  const tempDir = await mkdtemp(join(tmpdir(), 'darkroom-http-'))
  opened.defer(() => rm(tempDir, { recursive: true, force: true }))
  const database = await startLocalPostgres({
    dataDir: join(tempDir, 'postgres'),
    logger: silentLogger,
    onUnexpectedEnd: () => process.exit(1),
  })
  opened.defer(() => database.stop())
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    PORT: '0',
    PUBLIC_URL: 'http://127.0.0.1',
    LOG_LEVEL: 'silent',
    DARKROOM_SECRET: randomBytes(32).toString('hex'),
    B2_ENDPOINT: STORE,
    B2_REGION: 'local-000',
    B2_KEY_ID: 'localkey',
    B2_APPLICATION_KEY: 'localsecret',
    B2_BUCKET_NAME: 'darkroom',
    B2_PUBLIC_BUCKET_NAME: 'darkroom-public',
  })
  const cli = (...args: string[]) => promisify(execFile)(process.execPath, [CLI, ...args])
  await cli('migrate')
  const { stdout } = await cli('keys', 'create', '--direct', '--project', 'bench')
  const sql = postgres(database.url, { max: 4, onnotice: () => undefined })
  opened.defer(() => sql.end())
  const server = async (name: string, args: string[] = []): Promise<Server> => {
    const { forked, greeting } = await startForked(new URL(name, import.meta.url), args)
    opened.defer(() => forked.close())
    return { forked, url: (greeting as { url: string }).url }
  }
  return {
    sql,
    key: stdout.trim(),
    api: await server('./api-child.ts'),
    bare: await server('./bare-child.ts', [database.url, STORE]),
  }
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
