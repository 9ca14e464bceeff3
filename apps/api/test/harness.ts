import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  Asset,
  AssetSummary,
  CreateUpload,
  Job,
  Problem,
  SingleUpload,
  UploadConfirmed,
  UploadCreated,
} from '@darkroom/contracts'
import { NO_FAULTS, newId, silentLogger, systemClock } from '@darkroom/core'
import { createDatabase } from '@darkroom/db/client'
import { migrateDatabase } from '@darkroom/db/migrate'
import { DEFAULT_PROJECT, ensureProject, insertApiKey } from '@darkroom/db/projects'
import { sourceOfAsset } from '@darkroom/db/uploads'
import { createJobQueues, migrateQueue } from '@darkroom/jobs/executor'
import { claimJob, completeRun, planRun, publishVariant, storeOriginal } from '@darkroom/jobs/sql'
import { type LocalB2, type LocalB2Options, startLocalB2 } from '@darkroom/local-b2'
import { parseAllowList } from '@darkroom/outbound'
import { createS3Store, originalKey, variantKey } from '@darkroom/storage'
import { createTestDatabase } from '@darkroom/testing'
import type { FastifyInstance } from 'fastify'
import {
  type ApiDeps,
  type ApiSettings,
  buildApp,
  createAssetFeed,
  createAvailableKinds,
  createEta,
  generateKey,
} from '../src/index.ts'

export const PRIVATE_BUCKET = 'darkroom'
export const PUBLIC_BUCKET = 'darkroom-public'
export const BYTES = Buffer.from('these bytes stand for a picture')

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
interface CallOptions {
  /** Default: a key of the default project with every scope; null sends none. */
  key?: string | null
  body?: unknown
  headers?: Record<string, string>
}

/** A page of `GET /v1/assets`, unless all of each asset is asked for. */
export interface Page {
  items: AssetSummary[]
  nextCursor: string | null
}

export interface TestApi {
  app: FastifyInstance
  deps: ApiDeps
  b2: LocalB2
  databaseUrl: string
  projectId: string
  /** Of the default project, with every scope. */
  key: string
  call(method: Method, url: string, options?: CallOptions): ReturnType<typeof call>
  /** The same parts under other settings or with some parts replaced; closed with the rest. */
  variant(change: Partial<Omit<ApiDeps, 'settings'>> & { settings?: Partial<ApiSettings> }): Promise<FastifyInstance>
  close(): Promise<void>
}

export const storeConfig = (endpoint: string) => ({
  endpoint,
  region: 'local-000',
  keyId: 'localkey',
  applicationKey: 'localsecret',
})

export async function startTestStore(
  options: Pick<LocalB2Options, 'keys' | 'minFreeBytes'> = {},
): Promise<{ b2: LocalB2; remove(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'darkroom-api-test-'))
  const b2 = await startLocalB2({
    ...options,
    dataDir,
    buckets: [
      { name: PRIVATE_BUCKET, access: 'private' },
      { name: PUBLIC_BUCKET, access: 'public' },
    ],
  })
  return {
    b2,
    async remove() {
      await b2.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export const openDatabase = () =>
  createTestDatabase({
    template: {
      name: 'darkroom_with_queue',
      async prepare(url) {
        await migrateDatabase(url)
        await migrateQueue({ kind: 'postgres', url })
      },
    },
  })

/** Of those that look at the store themselves. */
const NO_CHECKS: ApiDeps['checks'] = {
  read: () => ({ checkedAt: null, isRunning: false, results: [] }),
  close: async () => undefined,
}

/** Starts the API on real parts: Postgres, queue on Postgres, local B2. It does not listen. */
export async function startTestApi(): Promise<TestApi> {
  const { url: databaseUrl, drop } = await openDatabase()
  const { b2, remove } = await startTestStore()
  const database = createDatabase(databaseUrl, { max: 20 })
  const deps: ApiDeps = {
    database,
    store: createS3Store(storeConfig(b2.url), { logger: silentLogger }),
    queues: await createJobQueues({ kind: 'postgres', url: databaseUrl }, { logger: silentLogger }),
    feed: await createAssetFeed(database),
    kinds: createAvailableKinds(database),
    eta: createEta(database, systemClock, silentLogger),
    checks: NO_CHECKS,
    logger: silentLogger,
    clock: systemClock,
    faults: NO_FAULTS,
    settings: {
      mode: 'configured',
      version: '0.0.0-test',
      publicUrl: () => 'https://api.example.com',
      docsUrl: () => 'https://api.example.com/docs',
      secret: randomBytes(32).toString('hex'),
      corsOrigins: ['https://page.example.com'],
      maxUploadBytes: 1_000_000,
      acceptsSvg: false,
      multipartThresholdBytes: 1_000_000,
      formMaxBytes: 20_000_000,
      archiveMaxBytes: 20_000_000,
      eventSecret: null,
      outboundAllow: parseAllowList([]),
      uploadExpiresMs: 3_600_000,
      sweepAfterSec: 120,
      failedSourceDays: 7,
      presignTtlSec: 900,
      projectDeletionDelayHours: 168,
      privateBucket: PRIVATE_BUCKET,
      publicBucket: PUBLIC_BUCKET,
      storeOrigin: b2.url,
      cdnBaseUrl: 'https://cdn.example.com',
      webRoot: null,
    },
  }
  const app = await buildApp(deps)
  const variants: FastifyInstance[] = []
  const { projectId, key } = await createKey(deps)
  return {
    app,
    deps,
    b2,
    databaseUrl,
    projectId,
    key,
    call: (method, url, options) => call(app, method, url, { key, ...options }),
    async variant({ settings, ...change }) {
      const other = await buildApp({ ...deps, ...change, settings: { ...deps.settings, ...settings } })
      variants.push(other)
      return other
    },
    async close() {
      await deps.feed.close()
      for (const each of [...variants, app]) await each.close()
      await deps.queues.close()
      deps.store.close()
      await database.close()
      await remove()
      await drop()
    },
  }
}

/** Sends one request without a socket. */
export function call(app: FastifyInstance, method: Method, url: string, { key, body, headers }: CallOptions = {}) {
  return app.inject({
    method,
    url,
    headers: {
      ...(key && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}

/** Creates a key of a project, or an operator's when the project is null. */
export async function createKey(
  { database }: Pick<ApiDeps, 'database'>,
  {
    project = DEFAULT_PROJECT,
    scopes = ['upload', 'read', 'write', 'admin'],
  }: { project?: string | null; scopes?: string[] } = {},
): Promise<{ key: string; shortId: string; projectId: string }> {
  const { key, shortId, hash } = generateKey(project === null ? 'operator' : 'project')
  const projectId = project === null ? null : (await ensureProject(database.db, project)).id
  await insertApiKey(database.db, { projectId, shortId, hash, name: 'test', scopes })
  return { key, shortId, projectId: projectId ?? '' }
}

export const newUpload = (overrides: Partial<CreateUpload> = {}): CreateUpload => ({
  filename: 'photo.jpg',
  contentType: 'image/jpeg',
  byteSize: BYTES.length,
  ...overrides,
})

/** What is answered where the bytes go up in one PUT. */
export type SingleUploadCreated = UploadCreated & { upload: SingleUpload }

export async function createUpload(
  api: Pick<TestApi, 'call'>,
  overrides: Partial<CreateUpload> = {},
): Promise<SingleUploadCreated> {
  const answer = await api.call('POST', '/v1/uploads', { body: newUpload(overrides) })
  if (answer.statusCode !== 201) throw new Error(`no upload: ${answer.body}`)
  return answer.json<SingleUploadCreated>()
}

/** Puts the bytes of an upload as a browser does. */
export const putBytes = (
  { upload }: Pick<SingleUploadCreated, 'upload'>,
  bytes: Buffer = BYTES,
  headers = upload.headers,
) => fetch(upload.url, { method: upload.method, headers, body: new Uint8Array(bytes) })

/** Creates an upload whose bytes are in the store. */
export async function deliveredUpload(
  api: TestApi,
  overrides: Partial<CreateUpload> = {},
): Promise<SingleUploadCreated> {
  const created = await createUpload(api, overrides)
  const { status } = await putBytes(created)
  if (status !== 200) throw new Error(`the store answered ${status}`)
  return created
}

export async function confirmedUpload(
  api: TestApi,
  overrides: Partial<CreateUpload> = {},
): Promise<UploadConfirmed & { created: SingleUploadCreated }> {
  const created = await deliveredUpload(api, overrides)
  const answer = await api.call('POST', `/v1/uploads/${created.upload.id}/confirm`)
  if (answer.statusCode !== 202) throw new Error(`not confirmed: ${answer.body}`)
  return { ...answer.json<UploadConfirmed>(), created }
}

/** Does with rows and bytes what a worker does, so that an asset is ready with one variant named `thumb`. */
export async function readyAsset(
  api: TestApi,
  overrides: Partial<CreateUpload> = {},
): Promise<{ asset: Asset; job: Job }> {
  return finishAsset(api, await confirmedUpload(api, overrides))
}

/** Does the same for an upload that is confirmed. */
export async function finishAsset(
  api: TestApi,
  { job, asset }: Pick<UploadConfirmed, 'job' | 'asset'>,
  sha256 = 'a'.repeat(64),
): Promise<{ asset: Asset; job: Job }> {
  const { database, store, settings } = api.deps
  const claimed = await claimJob(database.db, { jobId: job.id, host: 'test', leaseSec: 60 })
  if (!claimed) throw new Error('nobody else claims it')
  const { lease } = claimed
  const { projectId, assetId } = lease
  const size = { width: 16, height: 9 }
  const target = { bucket: PUBLIC_BUCKET, key: variantKey(projectId, assetId, 'webp') }
  const source = { bucket: settings.privateBucket, key: originalKey(projectId, assetId) }
  const [thumbId, originalId] = [newId(), newId()]
  const thumb = { ...size, name: 'thumb', objectId: thumbId, contentType: 'image/webp', fingerprint: 'f' }
  const original = { objectId: originalId, contentType: asset.contentType }
  await planRun(database.db, lease, {
    facts: {
      ...size,
      kind: 'image',
      contentType: asset.contentType,
      sha256,
      animated: false,
      details: {},
      durationMs: null,
      pageCount: null,
    },
    probe: {},
    variants: [{ ...thumb, ...target, position: 0, required: true, isFresh: false }],
    skipped: [],
    original: { ...original, ...source },
  })
  const put = { body: BYTES, byteSize: BYTES.length }
  const pin = await store.put({ ...target, ...put, contentType: 'image/webp' })
  const originalPin = await store.put({ ...source, ...put, contentType: asset.contentType })
  const found = await sourceOfAsset(database.db, { id: assetId, originalObjectId: null })
  if (!found) throw new Error('it has no source')
  const { object, upload } = found
  await storeOriginal(database.db, lease, {
    ...original,
    ...originalPin,
    byteSize: BYTES.length,
    sha256,
    upload: { objectId: object.id, presignExpiresAt: upload.presignExpiresAt },
  })
  await publishVariant(
    database.db,
    lease,
    { ...thumb, ...pin, byteSize: BYTES.length, sha256 },
    { progress: 1, warnings: [] },
  )
  await completeRun(database.db, lease, {
    placeholder: null,
    warnings: [],
    planned: ['thumb'],
    isWhole: true,
    peakMemoryBytes: undefined,
  })
  return {
    asset: (await api.call('GET', `/v1/assets/${asset.id}`)).json<Asset>(),
    job: (await api.call('GET', `/v1/jobs/${job.id}`)).json<Job>(),
  }
}

/** Returns the bucket and the key of the bytes of an upload. */
export function locationOf({ upload }: Pick<SingleUploadCreated, 'upload'>): { bucket: string; key: string } {
  const [, bucket = '', ...key] = new URL(upload.url).pathname.split('/')
  return { bucket, key: key.join('/') }
}

/** Counts the versions that the store has under a key. */
export async function countVersions(
  { deps }: TestApi,
  { bucket, key }: { bucket: string; key: string },
): Promise<number> {
  let count = 0
  for await (const version of deps.store.listVersions({ bucket, prefix: key })) if (version.key === key) count++
  return count
}

/** Returns what a test compares of a problem, and checks everything else. */
export function problemOf(answer: { statusCode: number; headers: Record<string, unknown>; body: string }): string {
  const problem = JSON.parse(answer.body) as Problem
  const faults = [
    String(answer.headers['content-type']).startsWith('application/problem+json') || 'content-type',
    problem.status === answer.statusCode || 'status',
    problem.requestId === answer.headers['x-request-id'] || 'requestId',
    problem.type.endsWith(`/docs/errors#${problem.code.toLowerCase()}`) || 'type',
    (problem.title.length > 0 && problem.detail.length > 0) || 'title and detail',
  ].filter(fault => fault !== true)
  if (faults.length > 0) throw new Error(`not a problem as RFC 9457 has it (${faults.join(', ')}): ${answer.body}`)
  return `${problem.status} ${problem.code}`
}

/** An id that belongs to nothing. */
export const unknownId = newId
