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
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from './otlp-receiver.ts'

const ROOT = join(import.meta.dirname, '../../..')
const PNG = join(ROOT, 'apps/worker/test/fixtures/small.png')
const BUCKET = 'darkroom'

const opened = new AsyncDisposableStack()
let url: string
let key: string
let png: Buffer
let api: LoggingProcess
let worker: LoggingProcess
let receiver: OtlpReceiver

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
  receiver = await startOtlpReceiver()
  opened.defer(() => receiver.close())
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
    OUTBOUND_ALLOW: '127.0.0.1:*',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  }
  api = startProcess('apps/api/src/main.ts', env)
  opened.defer(async () => void (await api.stop()))
  worker = startProcess('apps/worker/src/main.ts', env)
  opened.defer(async () => void (await worker.stop()))
  await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), {
    timeout: 60_000,
    interval: 100,
  })
})
afterAll(() => opened.disposeAsync())

interface LoggingProcess {
  readonly lines: Record<string, unknown>[]
  /** Sends SIGTERM, unless it is gone. @returns its exit code */
  stop(): Promise<number | null>
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
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit')
        child.kill('SIGTERM')
        await exited
      }
      return child.exitCode
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

/** Uploads a file as a PNG, and confirms it with these headers. */
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
  if (headers['x-request-id']) expect(confirmed.headers.get('x-request-id')).toBe(headers['x-request-id'])
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

describe('the trace of an upload', () => {
  const CLIENT = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' }
  const traceparent = (trace: string) => `00-${trace}-${CLIENT.span}-01`
  const spansOf = (trace: string) => receiver.spans.filter(({ traceId }) => traceId === trace)
  const named = (trace: string, name: string) => spansOf(trace).filter(span => span.name === name)
  const untilNamed = async (trace: string, name: string): Promise<ReceivedSpan> => {
    await expect.poll(() => named(trace, name).length, { timeout: 60_000 }).toBeGreaterThan(0)
    const [span] = named(trace, name)
    if (!span) throw new Error(`no span ${name}`)
    return span
  }
  /** Names a span by the spans above it, up to that of the client. */
  const pathOf = ({ traceId, parentSpanId, name }: ReceivedSpan): string => {
    if (parentSpanId === CLIENT.span) return name
    const parent = spansOf(traceId).find(({ spanId }) => spanId === parentSpanId)
    return `${parent ? pathOf(parent) : '(missing)'} > ${name}`
  }

  it('has the request, the confirm, the dispatch, the run with its stages, the store and the webhook', async () => {
    const hook = { url: `${receiver.url}/hook`, events: ['asset.ready'] }
    expect((await call('POST', '/v1/webhooks', { json: hook })).status).toBe(201)
    const { asset, job } = await upload(png, { traceparent: traceparent(CLIENT.trace) })
    await untilStatus(asset.id, 'ready')
    const delivered = await untilNamed(CLIENT.trace, 'deliver webhook')
    expect(delivered.attributes).toMatchObject({ 'http.response.status_code': 200 })
    expect(receiver.others).toContain('POST /hook')
    const request = 'POST /v1/uploads/:id/confirm'
    const run = `${request} > confirm upload > job asset.process`
    const paths = () => [...new Set(spansOf(CLIENT.trace).map(span => `${span.service}: ${pathOf(span)}`))]
    const expected = [
      `darkroom-api: ${request}`,
      `darkroom-api: ${request} > store HeadObject`,
      `darkroom-api: ${request} > confirm upload`,
      `darkroom-worker: ${request} > confirm upload > dispatch image`,
      `darkroom-worker: ${request} > confirm upload > deliver webhook`,
      `darkroom-worker: ${run}`,
      `darkroom-worker: ${run} > stage download`,
      `darkroom-worker: ${run} > stage download > store GetObject`,
      `darkroom-worker: ${run} > stage media`,
      `darkroom-worker: ${run} > stage media > store CopyObject`,
      `darkroom-worker: ${run} > stage media > store PutObject`,
      `darkroom-worker: ${run} > stage publish`,
      `darkroom-worker: ${run} > settle job`,
    ]
    // Spans come in batches of two processes, parents after their children.
    await expect.poll(paths, { timeout: 60_000 }).toEqual(expect.arrayContaining(expected))
    await expect.poll(() => paths().filter(path => path.includes('(missing)')), { timeout: 60_000 }).toEqual([])
    expect(spansOf(CLIENT.trace).filter(({ hasFailed }) => hasFailed)).toEqual([])
    const [ran] = named(CLIENT.trace, 'job asset.process')
    expect(ran?.attributes).toMatchObject({ 'darkroom.job.id': job.id, 'darkroom.outcome': 'done' })
    expect(JSON.stringify(spansOf(CLIENT.trace))).not.toMatch(/small\.png|uploads\/[\da-f]|originals\/|variants\//)
    for (const line of worker.lines.filter(line => line.jobId === job.id)) expect(line.traceId).toBe(CLIENT.trace)
  })

  it('has the code of a job that failed, and no error of the request', async () => {
    const trace = '1af7651916cd43dd8448eb211c80319c'
    const { asset } = await upload(png.subarray(0, 60), { traceparent: traceparent(trace) })
    await untilStatus(asset.id, 'failed')
    const { body } = await call<Asset>('GET', `/v1/assets/${asset.id}`)
    const ran = await untilNamed(trace, 'job asset.process')
    expect(ran).toMatchObject({ hasFailed: true, attributes: { 'error.type': body.error?.code } })
    expect(await untilNamed(trace, 'stage media')).toMatchObject({ hasFailed: true })
    await call('POST', `/v1/admin/jobs/${ran.attributes['darkroom.job.id']}/requeue`)
    // An admin's request, and yet a part of what the upload began.
    await expect.poll(() => named(trace, 'job asset.process').length, { timeout: 60_000 }).toBe(2)
    expect(await untilNamed(trace, 'POST /v1/uploads/:id/confirm')).toMatchObject({ hasFailed: false })
  })

  it('is not sent if the client does not sample it, and still named in the log of its job', async () => {
    const trace = '2af7651916cd43dd8448eb211c80319c'
    const { asset, job } = await upload(png, { traceparent: `00-${trace}-${CLIENT.span}-00` })
    await untilStatus(asset.id, 'ready')
    await expect.poll(() => worker.lines.some(line => line.jobId === job.id && line.traceId === trace)).toBe(true)
    // The trace of a later upload comes after it.
    const later = '3af7651916cd43dd8448eb211c80319c'
    await upload(png, { traceparent: traceparent(later) })
    await untilNamed(later, 'job asset.process')
    expect(spansOf(trace)).toEqual([])
  })

  it('holds up neither an upload nor a stop when the receiver does not answer', async () => {
    receiver.hang()
    const { asset } = await upload(png, {})
    await untilStatus(asset.id, 'ready')
    const { lines } = worker
    expect(await Promise.all([api.stop(), worker.stop()])).toEqual([0, 0])
    expect(lines.filter(({ level }) => Number(level) >= 50)).toEqual([])
  })
})
