import { newId } from '@darkroom/core'
import { createTestDatabase } from '@darkroom/testing'
import { useResource } from '@darkroom/testing/use-resource'
import { createDatabase, type DatabaseClient } from '../src/client/index.ts'
import { migrateDatabase } from '../src/migrate/index.ts'
import { findPreset } from '../src/presets/index.ts'
import { DEFAULT_PROJECT, findProjectByName } from '../src/projects/index.ts'
import { confirmUpload, createUpload } from '../src/uploads/index.ts'

export interface TestDatabase {
  database: DatabaseClient
  projectId: string
  presetId: string
  url: string
  drop(): Promise<void>
}

/** Opens a database of its own, migrated and seeded. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const { url, drop } = await createTestDatabase({ template: { name: 'darkroom', prepare: migrateDatabase } })
  const database = createDatabase(url, { max: 20 })
  const project = await findProjectByName(database.db, DEFAULT_PROJECT)
  const preset = project && (await findPreset(database.db, project.id, 'default'))
  if (!project || !preset) throw new Error('the database was not seeded')
  return {
    database,
    url,
    projectId: project.id,
    presetId: preset.id,
    drop: async () => {
      await database.close()
      await drop()
    },
  }
}

/** Opens a database for the tests of a file or a `describe` block, and drops it after them. */
export const useTestDatabase = (): TestDatabase => useResource(openTestDatabase, test => test.drop())

export function newUpload(
  { projectId, presetId }: TestDatabase,
  overrides: { externalId?: string; expiresAt?: Date } = {},
) {
  const assetId = newId()
  const expiresAt = overrides.expiresAt ?? new Date(Date.now() + 3_600_000)
  return {
    projectId,
    preset: { id: presetId },
    assetId,
    uploadId: newId(),
    bucket: 'private',
    key: `uploads/${projectId}/${assetId}/x`,
    filename: 'a.jpg',
    contentType: 'image/jpeg',
    byteSize: 10,
    sha256: null,
    externalId: overrides.externalId ?? null,
    metadata: {},
    tags: ['t'],
    presignExpiresAt: expiresAt,
    expiresAt,
  }
}

export const BYTES = { versionId: 'v1', etag: 'e1', byteSize: 10, contentType: 'image/jpeg', queue: 'image' } as const

/** Creates an asset whose bytes arrived, with its job. */
export async function confirmedAsset(test: TestDatabase) {
  const { db } = test.database
  const { upload } = await db.transaction(tx => createUpload(tx, newUpload(test)))
  const confirmed = await db.transaction(tx => confirmUpload(tx, { upload, bytes: BYTES }))
  if (!confirmed) throw new Error('nobody else confirms it')
  return { ...confirmed, upload }
}
