import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FaultInjection, NO_FAULTS, newId, silentLogger } from '@darkroom/core'
import { createDatabase, type DatabaseClient } from '@darkroom/db/client'
import { migrateDatabase } from '@darkroom/db/migrate'
import { findPreset } from '@darkroom/db/presets'
import { DEFAULT_PROJECT, findProjectByName } from '@darkroom/db/projects'
import { createUpload, findUpload, type UploadWithAsset } from '@darkroom/db/uploads'
import { type LocalB2, startLocalB2 } from '@darkroom/local-b2'
import { createS3Store, type ObjectStore, partBytes, uploadKey } from '@darkroom/storage'
import { createTestDatabase } from '@darkroom/testing'
import { useResource } from '@darkroom/testing/use-resource'
import { divideUpload, openMultipart, placeOf } from '../src/index.ts'

export const BUCKET = 'darkroom'
/** Another one in the same store. */
export const OLD_BUCKET = 'old-photos'

export const storeConfig = (endpoint: string) => ({
  endpoint,
  region: 'local-000',
  keyId: 'localkey',
  applicationKey: 'localsecret',
})

export interface Bed {
  database: DatabaseClient
  databaseUrl: string
  b2: LocalB2
  store: ObjectStore
  faults: FaultInjection
  projectId: string
  presetId: string
  close(): Promise<void>
}

/** Starts a Postgres database and a local B2 for a test. */
export async function startBed(): Promise<Bed> {
  const { url, drop } = await createTestDatabase({ template: { name: 'darkroom', prepare: migrateDatabase } })
  const dataDir = await mkdtemp(join(tmpdir(), 'darkroom-ingest-'))
  const b2 = await startLocalB2({
    dataDir,
    buckets: [
      { name: BUCKET, access: 'private' },
      { name: OLD_BUCKET, access: 'private' },
    ],
  })
  const database = createDatabase(url)
  const store = createS3Store(storeConfig(b2.url), { logger: silentLogger })
  const project = await findProjectByName(database.db, DEFAULT_PROJECT)
  const preset = project && (await findPreset(database.db, project.id, 'default'))
  if (!project || !preset) throw new Error('the database was not seeded')
  return {
    database,
    databaseUrl: url,
    b2,
    store,
    faults: NO_FAULTS,
    projectId: project.id,
    presetId: preset.id,
    async close() {
      store.close()
      await database.close()
      await b2.close()
      await rm(dataDir, { recursive: true, force: true })
      await drop()
    },
  }
}

/** Starts a bed for the tests of a file or a `describe` block, and closes it after them. */
export const useBed = (): Bed => useResource(startBed, bed => bed.close())

export async function refound({ database, projectId }: Bed, id: string): Promise<UploadWithAsset> {
  const found = await findUpload(database.db, projectId, id)
  if (!found) throw new Error(`no upload ${id}`)
  return found
}

/** Creates an open upload whose bytes or parts are all in the store. */
export async function delivered(bed: Bed, bytes: Buffer, type: 'single' | 'multipart'): Promise<UploadWithAsset> {
  const { projectId, presetId, database, store } = bed
  const [assetId, uploadId, expiresAt] = [newId(), newId(), new Date(Date.now() + 3_600_000)]
  const place = { bucket: BUCKET, key: uploadKey(projectId, assetId) }
  const parts = type === 'multipart' ? divideUpload(bytes.length) : null
  const rest = { filename: 'a.jpg', contentType: 'image/jpeg', sha256: null, externalId: null, metadata: {}, tags: [] }
  const ids = { projectId, preset: { id: presetId }, assetId, uploadId }
  const input = { ...rest, ...ids, ...place, byteSize: bytes.length, parts, presignExpiresAt: expiresAt, expiresAt }
  await database.db.transaction(tx => createUpload(tx, input))
  const found = await refound(bed, uploadId)
  if (parts) await sendParts(bed, found, bytes)
  else await store.put({ ...place, body: bytes, byteSize: bytes.length, contentType: rest.contentType })
  return refound(bed, uploadId)
}

async function sendParts(bed: Bed, found: UploadWithAsset, bytes: Buffer): Promise<void> {
  const layout = divideUpload(bytes.length)
  const place = placeOf(found)
  const uploadId = await openMultipart(bed, found.upload, place)
  for (let partNumber = 1; partNumber <= layout.partCount; partNumber++) {
    const byteSize = partBytes(layout, bytes.length, partNumber)
    const url = await bed.store.presignPart({ ...place, uploadId, partNumber, byteSize, expiresInSec: 60 })
    const start = (partNumber - 1) * layout.partSize
    await fetch(url, { method: 'PUT', body: new Uint8Array(bytes.subarray(start, start + byteSize)) })
  }
}

export async function versionsOf({ store }: Bed, found: UploadWithAsset): Promise<number> {
  const { bucket, key } = placeOf(found)
  const versions = []
  for await (const version of store.listVersions({ bucket, prefix: key })) versions.push(version)
  return versions.length
}
