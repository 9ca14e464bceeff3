import { newId } from '@darkroom/core'
import { and, eq, sql } from 'drizzle-orm'
import { doomObjects, insertObjects } from '../assets/objects.ts'
import type { Tx } from '../client/client.ts'
import { objects, type StoredObject } from '../schema/index.ts'

/** The rows that make an asset, as JSON by column. */
export interface ManifestRows {
  project: Record<string, unknown>
  preset: Record<string, unknown>
  asset: Record<string, unknown>
  uploads: Record<string, unknown>[]
  objects: Record<string, unknown>[]
  variants: Record<string, unknown>[]
}

export interface StartedManifest {
  object: StoredObject
  revision: number
  rows: ManifestRows
}

/** Keys of manifests, which lie beside the original of their asset. */
const IS_MANIFEST = sql`objects.key LIKE 'originals/%/manifest-%'`

type Settled = { project_id: string; revision: number; bucket: string }

/**
 * Records the object of an asset's next manifest, before its first byte, and reads what goes into it. The asset is locked, so that its
 * deletion either sees that object or is seen here.
 * @returns null when there is nothing to write: it is not ready, is deleted, or its manifest has this revision
 */
export async function beginManifest(
  tx: Tx,
  assetId: string,
  { mintKey, revisionOf }: ManifestKeys,
): Promise<StartedManifest | null> {
  const [asset] = await tx.execute<Settled>(sql`
    SELECT assets.project_id, assets.revision, objects.bucket FROM assets JOIN objects ON objects.id = original_object_id
    WHERE assets.id = ${assetId} AND assets.deleted_at IS NULL AND assets.status IN ('ready', 'partial')
    FOR NO KEY UPDATE OF assets`)
  if (!asset) return null
  const { project_id: projectId, revision, bucket } = asset
  const earlier = await tx
    .select()
    .from(objects)
    .where(and(eq(objects.assetId, assetId), IS_MANIFEST))
  if (earlier.some(({ state, key }) => state === 'live' && revisionOf(key) >= revision)) return null
  // There is one writer of manifests at a time, so what is still being written was left by one that was killed.
  const abandoned = earlier.filter(({ state }) => state === 'writing')
  await doomObjects(
    tx,
    abandoned.map(({ id }) => id),
  )
  const key = mintKey(projectId, assetId, revision)
  const [object] = await insertObjects(tx, [{ projectId, assetId, bucket, key, leaseToken: newId() }])
  if (!object) throw new Error('INSERT returned no row')
  return { object, revision, rows: await readRows(tx, assetId) }
}

/** How keys of manifests are made and read. */
export interface ManifestKeys {
  mintKey(projectId: string, assetId: string, revision: number): string
  revisionOf(key: string): number
}

async function readRows(tx: Tx, assetId: string): Promise<ManifestRows> {
  const [row] = await tx.execute<{ rows: ManifestRows }>(sql`
    SELECT jsonb_build_object(
      'project', (SELECT to_jsonb(projects) FROM projects WHERE id = assets.project_id),
      'preset', (SELECT to_jsonb(presets) FROM presets WHERE id = assets.preset_id),
      'asset', to_jsonb(assets),
      'uploads', (SELECT coalesce(jsonb_agg(to_jsonb(uploads) ORDER BY id), '[]') FROM uploads
        WHERE asset_id = assets.id AND confirmed_at IS NOT NULL),
      'objects', (SELECT coalesce(jsonb_agg(to_jsonb(objects) ORDER BY id), '[]') FROM objects
        WHERE asset_id = assets.id AND state = 'live' AND NOT ${IS_MANIFEST}),
      'variants', (SELECT coalesce(jsonb_agg(to_jsonb(variants) ORDER BY position), '[]') FROM variants WHERE asset_id = assets.id)
    ) AS rows FROM assets WHERE id = ${assetId}`)
  if (!row) throw new Error('the asset that was locked is not there')
  return row.rows
}

/**
 * Publishes a manifest that is in the store, and gives up the one before.
 * @returns false when it was given up meanwhile, as with its asset
 */
export async function publishManifest(
  tx: Tx,
  { id, assetId }: Pick<StoredObject, 'id' | 'assetId'>,
  written: { versionId: string | null; etag: string; bytes: number; sha256: string; contentType: string },
): Promise<boolean> {
  const [live] = await tx
    .update(objects)
    .set({ ...written, state: 'live' })
    .where(and(eq(objects.id, id), sql`${objects.state} = 'writing'`))
    .returning({ id: objects.id })
  if (!live) return false
  const before = await tx
    .select({ id: objects.id })
    .from(objects)
    .where(and(eq(objects.assetId, assetId), IS_MANIFEST, sql`${objects.state} = 'live' AND ${objects.id} <> ${id}`))
  await doomObjects(
    tx,
    before.map(each => each.id),
  )
  return true
}
