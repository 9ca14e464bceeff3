import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKey, startApi } from '@darkroom/api'
import { newId, silentLogger } from '@darkroom/core'
import { createDatabase } from '@darkroom/db/client'
import { registerWorker } from '@darkroom/db/jobs'
import { migrateDatabase } from '@darkroom/db/migrate'
import { insertApiKey } from '@darkroom/db/projects'
import { migrateQueue } from '@darkroom/jobs/executor'
import { startLocalB2 } from '@darkroom/local-b2'
import { createTestDatabase } from '@darkroom/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'

const MAIN = join(import.meta.dirname, '../src/main.ts')
const DEFINITION = { image: { variants: [{ name: 'thumb', width: 100, format: 'webp' }] } }

const opened = new AsyncDisposableStack()
let env: Record<string, string>
let folder: string

beforeAll(async () => {
  const { url, drop } = await createTestDatabase({
    template: {
      name: 'darkroom_with_queue',
      async prepare(template) {
        await migrateDatabase(template)
        await migrateQueue({ kind: 'postgres', url: template })
      },
    },
  })
  opened.defer(drop)
  folder = await mkdtemp(join(tmpdir(), 'darkroom-cli-test-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  const b2 = await startLocalB2({ dataDir: join(folder, 'b2'), buckets: [{ name: 'darkroom', access: 'private' }] })
  opened.defer(() => b2.close())
  const api = await startApi({
    env: {
      PORT: '0',
      DATABASE_URL: url,
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
  const { db, close } = createDatabase(url, { max: 2 })
  opened.defer(close)
  const { key, shortId, hash } = generateKey('project')
  const [project] = await db.query.projects.findMany()
  const scopes = ['upload', 'read', 'write', 'admin']
  await insertApiKey(db, { projectId: project?.id ?? null, shortId, hash, name: 'test', scopes })
  const engines = { sharp: '1', libvips: '1', ffmpeg: null }
  await registerWorker(db, { id: newId(), host: 'a', version: '1', queues: ['image'], lacks: [], slots: 1, engines })
  env = { DARKROOM_URL: api.url, DARKROOM_KEY: key }
})
afterAll(() => opened.disposeAsync())

const run = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise(resolve => {
    execFile(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env } }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out: out.trim(), err: err.trim() })
    })
  })

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

it('a preset is created, shown, planned and applied, and its backfill paused, resumed and cancelled', async () => {
  const preset = await file('preset.json', JSON.stringify({ name: 'shop', definition: DEFINITION }))
  expect((await run('presets', 'create', preset)).out).toContain('This is shop@1.')
  expect((await run('presets', 'list')).out).toMatch(/shop +1 +the project +image/)
  expect((await run('presets', 'show', 'shop')).out).toMatch(/^shop@1/)
  expect(JSON.parse((await run('presets', 'show', 'shop@1')).out)).toMatchObject(DEFINITION)
  expect((await run('presets', 'plan', 'shop', '--file', preset, '--kind', 'image')).out).toContain('0 of 0 change')
  const applied = await run('presets', 'apply', 'shop@1', '--canary', '2', '--rate', '60')
  const [, id = ''] = /Backfill (\S+) to shop@1 is running, the canary of 2 first/.exec(applied.out) ?? []
  expect((await run('backfills', 'pause', id)).out).toContain('is paused')
  expect((await run('backfills', 'list')).out).toContain(id)
  expect((await run('backfills', 'resume', id)).out).toContain('is running')
  expect(JSON.parse((await run('backfills', 'cancel', id, '--json')).out)).toMatchObject({ id, status: 'cancelled' })
  expect((await run('backfills', 'show', id)).out).toContain('is cancelled')
})

it('what does not work says why, and its exit code says of what sort that is', async () => {
  const broken = await file('broken.json', '{')
  const wrong = await file('wrong.json', JSON.stringify({ name: 'shop', definition: { image: { variants: [] } } }))
  const failures = [
    [await run('presets', 'create', broken), /broken\.json cannot be read as JSON/, 2],
    [await run('presets', 'create', wrong), /INVALID_REQUEST[\s\S]*image/, 2],
    [await run('presets', 'plan', 'shop', '--file', await file('null.json', 'null')), /INVALID_REQUEST/, 2],
    [await run('presets', 'show', 'none'), /NOT_FOUND/, 5],
    [await run('presets', 'apply', 'default@99'), /NOT_FOUND/, 5],
    [await run('presets', 'apply', 'default'), /Add the version/, 2],
    [await run('backfills', 'cancel', newId()), /NOT_FOUND/, 5],
  ] as const
  for (const [{ code, err }, reason, expected] of failures)
    expect([code, err]).toEqual([expected, expect.stringMatching(reason)])
})
