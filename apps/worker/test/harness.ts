import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { QueueName, StillImageSpec } from '@darkroom/contracts'
import { type FaultInjection, NO_FAULTS, newId, silentLogger } from '@darkroom/core'
import { type AssetRow, findAsset, findPurgeable, getObject, variantsOfAsset } from '@darkroom/db/assets'
import { createDatabase, type DatabaseClient } from '@darkroom/db/client'
import { type JobRow, latestJobOfAsset } from '@darkroom/db/jobs'
import { migrateDatabase } from '@darkroom/db/migrate'
import { findPreset } from '@darkroom/db/presets'
import { DEFAULT_PROJECT, findProjectByName } from '@darkroom/db/projects'
import { confirmUpload, createUpload, type Upload } from '@darkroom/db/uploads'
import { migrateQueue } from '@darkroom/jobs/executor'
import { type LocalB2, type LocalB2Options, startLocalB2 } from '@darkroom/local-b2'
import { createS3Store, type ObjectRef, type ObjectStore, uploadKey } from '@darkroom/storage'
import { COMPILE_CACHE, childrenOf, createTestDatabase, lendMediaCode } from '@darkroom/testing'
import { useResource } from '@darkroom/testing/use-resource'
import { sql } from 'drizzle-orm'
import { expect, vi } from 'vitest'
import { startWorker, type Worker } from '../src/index.ts'
import { purgeObjects } from '../src/purge-objects.ts'

export const PRIVATE_BUCKET = 'darkroom'
export const PUBLIC_BUCKET = 'darkroom-public'
const BUCKETS = [PRIVATE_BUCKET, PUBLIC_BUCKET]

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name))
/** A JPEG of 2600 × 1700 that is shown as 1700 × 2600. */
export const PHOTO = fixture('photo-rotated.jpg')
/** The worker as its main file starts it, and as the fault harness does, by `DARKROOM_CRASHPOINT`. */
export const WORKER_MAIN = join(import.meta.dirname, '../src/main.ts')
export const CRASHING_WORKER = join(import.meta.dirname, '../../../chaos/src/entries/worker.ts')

export const SMALL_PNG = fixture('small.png')
/** 11000 × 11000 pixels in a few kB. */
export const BOMB_PNG = fixture('121-megapixels.png')
/** 16400 × 8 pixels: as WebP it cannot be wider than 16383. */
export const STRIP_PNG = fixture('strip-16400x8.png')

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export interface Bed {
  database: DatabaseClient
  databaseUrl: string
  b2: LocalB2
  store: ObjectStore
  faults: FaultInjection
  projectId: string
  presetId: string
  tempDir: string
  env(overrides?: Record<string, string>): Record<string, string>
  /** A worker on this bed; closed with it when a test did not. */
  startWorker(overrides?: Record<string, string>): Promise<Worker>
  close(): Promise<void>
}

/** Starts what a worker needs, all of it real: Postgres, queue on Postgres, local B2. */
export async function startBed({
  keys,
  maxCopyBytes,
}: Pick<LocalB2Options, 'keys' | 'maxCopyBytes'> = {}): Promise<Bed> {
  const { url, drop } = await createTestDatabase({
    template: {
      name: 'darkroom_with_queue',
      async prepare(templateUrl) {
        await migrateDatabase(templateUrl)
        await migrateQueue({ kind: 'postgres', url: templateUrl })
      },
    },
  })
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-worker-test-'))
  const tempDir = join(folder, 'temp')
  await lendMediaCode(tempDir)
  const b2 = await startLocalB2({
    dataDir: join(folder, 'b2'),
    ...(keys && { keys }),
    maxCopyBytes,
    buckets: [
      { name: PRIVATE_BUCKET, access: 'private' },
      { name: PUBLIC_BUCKET, access: 'public' },
    ],
  })
  const database = createDatabase(url, { max: 5 })
  const store = createS3Store(
    { endpoint: b2.url, region: 'local-000', keyId: 'localkey', applicationKey: 'localsecret' },
    { logger: silentLogger },
  )
  const project = await findProjectByName(database.db, DEFAULT_PROJECT)
  const preset = project && (await findPreset(database.db, project.id, 'default'))
  if (!project || !preset) throw new Error('the database was not seeded')
  const open = new Set<Worker>()
  const env = (overrides: Record<string, string> = {}) => ({
    ...COMPILE_CACHE,
    PATH: process.env.PATH ?? '',
    DATABASE_URL: url,
    B2_ENDPOINT: b2.url,
    B2_REGION: 'local-000',
    B2_KEY_ID: 'localkey',
    B2_APPLICATION_KEY: 'localsecret',
    B2_BUCKET_NAME: PRIVATE_BUCKET,
    B2_PUBLIC_BUCKET_NAME: PUBLIC_BUCKET,
    WORKER_CONCURRENCY: '1',
    WORKER_QUEUES: 'image,system',
    WORKER_TEMP_DIR: tempDir,
    DATABASE_POOL_MAX: '5',
    ...overrides,
  })
  return {
    database,
    databaseUrl: url,
    b2,
    store,
    faults: NO_FAULTS,
    projectId: project.id,
    presetId: preset.id,
    tempDir,
    env,
    async startWorker(overrides) {
      const worker = await startWorker({ env: env(overrides), logger: silentLogger })
      const close = async () => {
        if (open.delete(worker)) await worker.close()
      }
      open.add(worker)
      return { ...worker, close }
    },
    async close() {
      b2.faults.clear()
      for (const worker of open) await worker.close()
      store.close()
      await database.close()
      await b2.close()
      await rm(folder, { recursive: true, force: true })
      await drop()
    },
  }
}

/** Starts a bed for the tests of a file or a `describe` block, and closes it after them. */
export const useBed = (options?: Parameters<typeof startBed>[0]): Bed =>
  useResource(
    () => startBed(options),
    bed => bed.close(),
  )

/**
 * Starts one worker on the bed for all tests of a file or a `describe` block, because a start takes a second of CPU.
 */
export const useWorker = (bed: Bed, overrides: () => Record<string, string> = () => ({})): Worker =>
  useResource(
    () => bed.startWorker(overrides()),
    worker => worker.close(),
  )

export interface Delivered {
  upload: Upload
  location: { bucket: string; key: string }
  /** The URL under which the client put its bytes; it can do so again. */
  url: string
  headers: Record<string, string>
}

export interface UploadOptions {
  contentType?: string
  sha256?: string
  presetId?: string
  expiresAt?: Date
  presignExpiresAt?: Date
  /** Of the job; `image` when left out. */
  queue?: QueueName
}

export const putBytes = ({ url, headers }: Pick<Delivered, 'url' | 'headers'>, bytes: Buffer) =>
  fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) })

/** Creates an upload whose bytes were put through a presigned URL. */
export async function deliver(bed: Bed, bytes: Buffer, options: UploadOptions = {}): Promise<Delivered> {
  const { projectId, database, store } = bed
  const assetId = newId()
  const location = { bucket: PRIVATE_BUCKET, key: uploadKey(projectId, assetId) }
  const expiresAt = options.expiresAt ?? new Date(Date.now() + 3_600_000)
  const contentType = options.contentType ?? 'image/jpeg'
  const { upload } = await database.db.transaction(tx =>
    createUpload(tx, {
      ...location,
      projectId,
      assetId,
      preset: { id: options.presetId ?? bed.presetId },
      uploadId: newId(),
      filename: 'photo.jpg',
      contentType,
      byteSize: bytes.length,
      sha256: options.sha256 ?? null,
      externalId: null,
      metadata: {},
      tags: [],
      presignExpiresAt: options.presignExpiresAt ?? expiresAt,
      expiresAt,
    }),
  )
  const signed = await store.presignPut({ ...location, contentType, byteSize: bytes.length, expiresInSec: 900 })
  const { status } = await putBytes(signed, bytes)
  if (status !== 200) throw new Error(`the store answered ${status}`)
  return { upload, location, ...signed }
}

export async function confirm(
  bed: Bed,
  { upload, location }: Delivered,
  queue: QueueName = 'image',
): Promise<{ asset: AssetRow; job: JobRow }> {
  const head = await bed.store.head(location)
  if (!head) throw new Error('nothing was delivered')
  const bytes = { ...head, contentType: upload.contentType, queue }
  const confirmed = await bed.database.db.transaction(tx => confirmUpload(tx, { upload, bytes }))
  if (!confirmed) throw new Error('nobody else confirms it')
  return confirmed
}

export async function uploaded(bed: Bed, bytes: Buffer, options: UploadOptions = {}) {
  const delivered = await deliver(bed, bytes, options)
  return { ...delivered, ...(await confirm(bed, delivered, options.queue)) }
}

export async function assetOf({ database, projectId }: Bed, id: string): Promise<AssetRow> {
  const asset = await findAsset(database.db, projectId, id)
  if (!asset) throw new Error(`no asset ${id}`)
  return asset
}

export async function jobOf({ database }: Bed, assetId: string): Promise<JobRow> {
  const job = await latestJobOfAsset(database.db, assetId)
  if (!job) throw new Error(`no job of ${assetId}`)
  return job
}

/** Asks until the answer is the expected one; half a minute at most, because the machine may be busy. */
export const eventually = <T>(ask: () => T | Promise<T>, timeoutMs = 30_000) =>
  expect.poll(ask, { timeout: timeoutMs, interval: 25 })

/** Waits until an asset has the status, or fails with the one that it has. */
export async function untilStatus(bed: Bed, id: string, status: AssetRow['status']): Promise<AssetRow> {
  await eventually(async () => (await assetOf(bed, id)).status).toBe(status)
  return assetOf(bed, id)
}

/** Reads the variants of an asset, each with what the store has of it. */
export async function variantsInStore({ database, store }: Bed, assetId: string) {
  const variants = await variantsOfAsset(database.db, assetId)
  return Promise.all(
    variants.map(async variant => {
      const object = variant.objectId ? await getObject(database.db, variant.objectId) : null
      const bytes = object && (await readAll(store, object))
      return { variant, object, bytes }
    }),
  )
}

export async function readAll(store: ObjectStore, ref: ObjectRef): Promise<Buffer> {
  const { body } = await store.get({ bucket: ref.bucket, key: ref.key, versionId: ref.versionId })
  return Buffer.concat(await body.toArray())
}

async function versionsInStore({ store }: Bed): Promise<string[]> {
  const found: string[] = []
  for (const bucket of BUCKETS) {
    for await (const { key, versionId } of store.listVersions({ bucket, prefix: '' }))
      found.push(`${bucket}/${key} ${versionId}`)
  }
  return found
}

/** Lists every version in the store for which no row accounts: neither published nor waiting for its second purge. */
export async function strayVersions(bed: Bed, assetId = ''): Promise<string[]> {
  const rows = await bed.database.db.execute<{ place: string; version_id: string | null; state: string }>(
    sql`SELECT bucket || '/' || key AS place, version_id, state FROM objects`,
  )
  const live = new Set(rows.flatMap(row => (row.state === 'live' ? `${row.place} ${row.version_id}` : [])))
  return (await versionsInStore(bed)).filter(version => version.includes(assetId) && !live.has(version))
}

/** Lists the versions that are published but not in the store. */
export async function missingVersions(bed: Bed): Promise<string[]> {
  const rows = await bed.database.db.execute<{ version: string }>(
    sql`SELECT bucket || '/' || key || ' ' || version_id AS version FROM objects WHERE state = 'live'`,
  )
  const found = new Set(await versionsInStore(bed))
  return rows.map(row => row.version).filter(version => !found.has(version))
}

/** Runs the second purge of all doomed objects, as if its time had come. */
export async function purgeSecondPass(bed: Bed): Promise<void> {
  await bed.database.db.execute(
    sql`UPDATE objects SET purge_at = now() - interval '1 s', purge_until = now() - interval '1 s' WHERE state = 'doomed'`,
  )
  await purgeObjects(bed, await findPurgeable(bed.database.db, 10_000))
}

/** Expects store and rows to agree to the version after the second pass, and no row to be left half done. */
async function checkStoreAndRows(bed: Bed): Promise<void> {
  await purgeSecondPass(bed)
  expect(await strayVersions(bed)).toEqual([])
  expect(await missingVersions(bed)).toEqual([])
  const halfDone = await bed.database.db.execute(
    sql`SELECT key, state FROM objects WHERE state <> 'live' AND asset_id NOT IN (SELECT id FROM assets WHERE status = 'awaiting_upload')`,
  )
  expect([...halfDone]).toEqual([])
}

/** Expects that of a bed whose worker may still be tidying up: half a minute at most. */
export const expectStoreAndRowsAgree = (bed: Bed): Promise<void> =>
  vi.waitFor(() => checkStoreAndRows(bed), { timeout: 30_000, interval: 100 })

/** Folders of runs that are on the disk. */
export async function runFolders({ tempDir }: Bed): Promise<string[]> {
  const folders = (await readdir(tempDir, { withFileTypes: true })).filter(entry => entry.isDirectory())
  const names = (await Promise.all(folders.map(({ name }) => readdir(join(tempDir, name))))).flat()
  return names.filter(name => name !== 'processes')
}

/** Lists the source files that media processes have open for their work. */
export const lentFiles = async ({ tempDir }: Bed): Promise<string[]> =>
  (await readdir(tempDir, { recursive: true })).filter(name => /process-[^/]+\/source$/.test(name))

/** Lists the process ids of this worker's media processes. */
export const mediaProcesses = (): number[] =>
  childrenOf(process.pid).filter(pid => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('sandbox/child.mjs')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
      throw error
    }
  })

/** Creates a preset of the project with these variants. */
export async function createPreset(
  { database, projectId }: Bed,
  name: string,
  variants: (Partial<StillImageSpec> & Pick<StillImageSpec, 'name' | 'format'>)[],
): Promise<string> {
  const id = newId()
  const definition = JSON.stringify({ image: { variants } })
  await database.db.execute(
    sql`INSERT INTO presets (id, project_id, name, version, definition) VALUES (${id}, ${projectId}, ${name}, 1, ${definition}::jsonb)`,
  )
  return id
}

/** Lists the attempts at an asset's jobs, each with its number and outcome. */
export async function attemptsOf({ database }: Bed, assetId: string): Promise<string[]> {
  const rows = await database.db.execute<{ attempt: number; outcome: string | null; code: string | null }>(
    sql`SELECT a.attempt, a.outcome, a.error->>'code' AS code FROM job_attempts a JOIN jobs j ON j.id = a.job_id
        WHERE j.asset_id = ${assetId} ORDER BY a.started_at, a.id`,
  )
  return rows.map(row => [row.attempt, row.outcome, row.code].filter(part => part !== null).join(' '))
}
