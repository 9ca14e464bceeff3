import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { generateKey } from '@darkroom/api'
import type { Asset, SingleUpload, UploadConfirmed, UploadCreated } from '@darkroom/contracts'
import { createDatabase } from '@darkroom/db/client'
import { migrateDatabase } from '@darkroom/db/migrate'
import { DEFAULT_PROJECT, ensureProject, insertApiKey } from '@darkroom/db/projects'
import { migrateQueue } from '@darkroom/jobs/executor'
import { startLocalB2 } from '@darkroom/local-b2'
import { COMPILE_CACHE, createTestDatabase, freePort, lendMediaCode } from '@darkroom/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const PNG = join(ROOT, 'apps/worker/test/fixtures/small.png')
const BUCKET = 'darkroom'

const opened = new AsyncDisposableStack()
let url: string
let key: string
let png: Buffer
let worker: LoggingProcess

beforeAll(async () => {
  png = await readFile(PNG)
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-observability-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  const prepare = async (template: string) => {
    await migrateDatabase(template)
    await migrateQueue({ kind: 'postgres', url: template })
  }
  const database = await createTestDatabase({ template: { name: 'darkroom_with_queue', prepare } })
  opened.defer(database.drop)
  const store = await startLocalB2({ dataDir: join(folder, 'b2'), buckets: [{ name: BUCKET, access: 'private' }] })
  opened.defer(() => store.close())
  const port = await freePort()
  const tempDir = join(folder, 'temp')
  await lendMediaCode(tempDir)
  key = await createKey(database.url)
  url = `http://127.0.0.1:${port}`
  const env = {
    DATABASE_URL: database.url,
    DARKROOM_SECRET: 'x'.repeat(32),
    PORT: String(port),
    B2_ENDPOINT: store.url,
    B2_REGION: 'local-000',
    B2_KEY_ID: 'localkey',
    B2_APPLICATION_KEY: 'localsecret',
    B2_BUCKET_NAME: BUCKET,
    WORKER_CONCURRENCY: '1',
    WORKER_QUEUES: 'image,system',
    WORKER_TEMP_DIR: tempDir,
    LOG_LEVEL: 'debug',
  }
  const api = startProcess('apps/api/src/main.ts', env)
  opened.defer(api.stop)
  worker = startProcess('apps/worker/src/main.ts', env)
  opened.defer(worker.stop)
  await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), {
    timeout: 60_000,
    interval: 100,
  })
})
afterAll(() => opened.disposeAsync())

interface LoggingProcess {
  readonly lines: Record<string, unknown>[]
  stop(): Promise<void>
}

/** Starts a program and keeps its log. */
function startProcess(main: string, given: Record<string, string>): LoggingProcess {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, ...COMPILE_CACHE, ...given }
  const child: ChildProcess = spawn(process.execPath, [main], { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'pipe'] })
  const lines: Record<string, unknown>[] = []
  if (child.stderr)
    createInterface(child.stderr).on('line', line => {
      if (line.startsWith('{')) lines.push(JSON.parse(line))
    })
  return {
    lines,
    async stop() {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

async function createKey(databaseUrl: string): Promise<string> {
  const { db, close } = createDatabase(databaseUrl, { max: 1 })
  const made = generateKey('project')
  const { shortId, hash } = made
  const { id: projectId } = await ensureProject(db, DEFAULT_PROJECT)
  await insertApiKey(db, { projectId, shortId, hash, name: 'test', scopes: ['upload', 'read', 'write', 'admin'] })
  await close()
  return made.key
}

async function call<T>(method: 'GET' | 'POST', path: string, options: { json?: object; headers?: object } = {}) {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...options.headers },
    ...(options.json && { body: JSON.stringify(options.json) }),
  })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as T }
}

/** Uploads a file, and confirms it with these headers. */
async function upload(bytes: Buffer, headers: Record<string, string>): Promise<UploadConfirmed> {
  const json = { filename: 'small.png', contentType: 'image/png', byteSize: bytes.length }
  const { body: created } = await call<UploadCreated & { upload: SingleUpload }>('POST', '/v1/uploads', { json })
  const { method, url: target, headers: signed } = created.upload
  const { status } = await fetch(target, { method, headers: signed, body: new Uint8Array(bytes) })
  expect(status).toBe(200)
  const confirmed = await call<UploadConfirmed>('POST', `/v1/uploads/${created.upload.id}/confirm`, {
    json: {},
    headers,
  })
  expect(confirmed.status).toBe(202)
  for (const [name, value] of Object.entries(headers)) expect(confirmed.headers.get(name)).toBe(value)
  return confirmed.body
}

const untilStatus = (id: string, status: Asset['status']) =>
  expect.poll(async () => (await call<Asset>('GET', `/v1/assets/${id}`)).body.status, { timeout: 60_000 }).toBe(status)

describe('the id of a request', () => {
  const linesOf = (jobId: string) => worker.lines.filter(line => line.jobId === jobId)
  const messages = (jobId: string) => linesOf(jobId).map(({ msg }) => msg)

  it('is in all log lines of its job in the worker, and in no others', async () => {
    // One after the other, so that both use the same media process.
    const done: { requestId: string; confirmed: UploadConfirmed }[] = []
    for (const requestId of ['order-4711', 'order-4712']) {
      const confirmed = await upload(png, { 'x-request-id': requestId })
      await untilStatus(confirmed.asset.id, 'ready')
      done.push({ requestId, confirmed })
    }
    for (const { requestId, confirmed } of done) {
      const { asset, job } = confirmed
      await expect.poll(() => messages(job.id), { timeout: 60_000 }).toContain('a run ended')
      expect(messages(job.id)).toContain('a media call is done')
      for (const line of linesOf(job.id)) expect(line).toMatchObject({ requestId, assetId: asset.id })
      for (const line of worker.lines.filter(line => line.requestId === requestId)) expect(line.jobId).toBe(job.id)
      const { body } = await call<{ job: { requestId: string } }>('GET', `/v1/admin/jobs/${job.id}`)
      expect(body.job.requestId).toBe(requestId)
    }
  })
})
