import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApi } from '@darkroom/api'
import { silentLogger } from '@darkroom/core'
import { migrateDatabase } from '@darkroom/db/migrate'
import { migrateQueue } from '@darkroom/jobs/executor'
import { startLocalB2 } from '@darkroom/local-b2'
import { COMPILE_CACHE, createTestDatabase } from '@darkroom/testing'

const MAIN = join(import.meta.dirname, '../src/main.ts')

export interface Ran {
  code: number
  out: string
  err: string
}

/** Runs a command to its end, with these variables and nothing of Darkroom's from the test runner. */
export const runCommand = (args: string[], env: Record<string, string> = {}): Promise<Ran> =>
  new Promise(resolve => {
    const settings = { PATH: process.env.PATH, HOME: process.env.HOME, ...COMPILE_CACHE, ...env }
    execFile(process.execPath, [MAIN, ...args], { env: settings }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out: out.trim(), err: err.trim() })
    })
  })

export interface CommandApi {
  url: string
  databaseUrl: string
  close(): Promise<void>
}

/** Starts an API that is not in local mode, on a database of its own. */
export async function startCommandApi(): Promise<CommandApi> {
  await using opened = new AsyncDisposableStack()
  const { url: databaseUrl, drop } = await createTestDatabase({
    template: {
      name: 'darkroom_with_queue',
      async prepare(template) {
        await migrateDatabase(template)
        await migrateQueue({ kind: 'postgres', url: template })
      },
    },
  })
  opened.defer(drop)
  const dataDir = await mkdtemp(join(tmpdir(), 'darkroom-cli-test-'))
  opened.defer(() => rm(dataDir, { recursive: true, force: true }))
  const b2 = await startLocalB2({ dataDir, buckets: [{ name: 'darkroom', access: 'private' }] })
  opened.defer(() => b2.close())
  const api = await startApi({
    env: {
      PORT: '0',
      DATABASE_URL: databaseUrl,
      DARKROOM_SECRET: randomBytes(32).toString('hex'),
      B2_KEY_ID: 'localkey',
      B2_APPLICATION_KEY: 'localsecret',
      B2_BUCKET_NAME: 'darkroom',
      B2_REGION: 'local-000',
      B2_ENDPOINT: b2.url,
    },
    logger: silentLogger,
  })
  opened.defer(() => api.close())
  const owned = opened.move()
  return { url: api.url, databaseUrl, close: () => owned.disposeAsync() }
}
