import { type AssetDetails, appError } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { and, eq, isNull, sql } from 'drizzle-orm'
import { insertedDetails } from '../assets/asset-details.ts'
import type { Tx } from '../client/client.ts'
import { mapRow } from '../client/map-row.ts'
import { type PresetChoice, presetQuery, presetText } from '../presets/presets.ts'
import {
  type AssetRow,
  assets,
  objects,
  type Preset,
  type StoredObject,
  type Upload,
  uploads,
} from '../schema/index.ts'

export interface NewUpload extends Partial<AssetDetails> {
  projectId: string
  preset: PresetChoice
  assetId: string
  uploadId: string
  bucket: string
  key: string
  filename: string
  contentType: string
  byteSize: number
  sha256: string | null
  /** How the bytes are cut; null for one PUT. */
  parts?: { partSize: number; partCount: number } | null
  presignExpiresAt: Date
  expiresAt: Date
  /** `Upload-Metadata` of an upload by the tus protocol; undefined for any other. */
  tusMetadata?: string | undefined
}

export interface CreatedUpload {
  asset: AssetRow
  upload: Upload
  preset: Pick<Preset, 'name' | 'version'>
}

/**
 * Records an asset that awaits its upload, and the object that the client will write. One statement, because this is what
 * the API writes most.
 * @throws EXTERNAL_ID_TAKEN; INVALID_REQUEST when there is no such preset
 */
export async function createUpload(tx: Tx, input: NewUpload): Promise<CreatedUpload> {
  const { projectId, assetId, contentType, byteSize, sha256, externalId, parts = null, tusMetadata = null } = input
  const details = insertedDetails(input)
  const presignExpiresAt = input.presignExpiresAt.toISOString()
  const expiresAt = input.expiresAt.toISOString()
  const [row] = await tx.execute<{
    preset: CreatedUpload['preset']
    asset: Record<string, unknown> | null
    upload: Record<string, unknown>
  }>(sql`
    WITH preset AS (${presetQuery(projectId, input.preset)}), asset AS (
      INSERT INTO assets (id, project_id, preset_id, filename, content_type, byte_size, ${details.columns}, expires_at)
      SELECT ${assetId}::uuid, ${projectId}::uuid, id, ${input.filename}, ${contentType}, ${byteSize}::bigint,
        ${details.values}, ${expiresAt}::timestamptz
      FROM preset
      -- The only conflict that can be: ids are random, and of living assets the external id is unique in a project.
      ON CONFLICT DO NOTHING
      RETURNING *
    ), object AS (
      INSERT INTO objects (id, project_id, asset_id, bucket, key, content_type)
      SELECT ${newId()}::uuid, project_id, id, ${input.bucket}, ${input.key}, content_type FROM asset
      RETURNING id
    ), upload AS (
      INSERT INTO uploads (id, project_id, asset_id, object_id, type, part_size, part_count, content_type, byte_size,
        sha256, presign_expires_at, expires_at)
      SELECT ${input.uploadId}::uuid, project_id, asset.id, object.id, ${parts ? 'multipart' : 'single'},
        ${parts?.partSize ?? null}::bigint, ${parts?.partCount ?? null}::int, content_type, byte_size, ${sha256},
        ${presignExpiresAt}::timestamptz, expires_at
      FROM asset, object
      RETURNING *
    ), tus AS (
      INSERT INTO tus_uploads (upload_id, metadata)
      SELECT id, ${tusMetadata}::text FROM upload WHERE ${tusMetadata}::text IS NOT NULL
    ), event AS (
      -- No NOTIFY: nobody knows the id yet, and commits that notify wait for each other.
      INSERT INTO events (project_id, asset_id, seq, type) SELECT project_id, id, revision, 'asset.created' FROM asset
    )
    SELECT jsonb_build_object('name', preset.name, 'version', preset.version) AS preset, to_jsonb(asset) AS asset,
      to_jsonb(upload) AS upload
    FROM preset LEFT JOIN (asset CROSS JOIN upload) ON true`)
  if (!row) throw appError('INVALID_REQUEST', `There is no preset named "${presetText(input.preset)}".`)
  if (!row.asset) throw appError('EXTERNAL_ID_TAKEN', undefined, { context: { externalId } })
  return { asset: mapRow(assets, row.asset), upload: mapRow(uploads, row.upload), preset: row.preset }
}

export interface UploadWithAsset {
  upload: Upload
  asset: AssetRow
  object: StoredObject | null
  /** By the database's clock. */
  isExpired: boolean
}

const selectUploads = (tx: Tx) =>
  tx
    .select({ upload: uploads, asset: assets, object: objects, isExpired: sql<boolean>`${uploads.expiresAt} <= now()` })
    .from(uploads)
    .innerJoin(assets, eq(assets.id, uploads.assetId))
    .leftJoin(objects, eq(objects.id, uploads.objectId))

export async function findUpload(tx: Tx, projectId: string, id: string): Promise<UploadWithAsset | null> {
  const [row] = await selectUploads(tx).where(and(eq(uploads.id, id), eq(uploads.projectId, projectId)))
  return row ?? null
}

/** Returns the project of an upload, whoever asks: to tell an id that belongs to somebody else from one that nobody has. */
export async function projectOfUpload(tx: Tx, id: string): Promise<string | null> {
  const [row] = await tx.select({ projectId: uploads.projectId }).from(uploads).where(eq(uploads.id, id))
  return row?.projectId ?? null
}

/** Finds the upload that writes an object, in any project. For events of the store, never for requests of a client. */
export async function findUploadByKey(
  tx: Tx,
  { bucket, key }: { bucket: string; key: string },
): Promise<UploadWithAsset | null> {
  // By its asset, because no index leads from an object to its upload.
  const isOfAsset = eq(uploads.assetId, objects.assetId)
  const [row] = await selectUploads(tx).where(and(eq(objects.key, key), eq(objects.bucket, bucket), isOfAsset))
  return row ?? null
}

/** Finds the upload that brought the bytes of an asset. */
export async function uploadOfAsset(
  tx: Tx,
  assetId: string,
): Promise<{ upload: Upload; object: StoredObject | null } | null> {
  const [row] = await tx
    .select({ upload: uploads, object: objects })
    .from(uploads)
    .leftJoin(objects, eq(objects.id, uploads.objectId))
    .where(and(eq(uploads.assetId, assetId), isNull(uploads.abortedAt)))
  return row ?? null
}

/** Moves the last moment at which a URL that we sign can still be used; false when the upload is no longer open. */
export async function extendPresign(tx: Tx, uploadId: string, presignExpiresAt: Date): Promise<boolean> {
  const rows = await tx
    .update(uploads)
    .set({
      presignExpiresAt: sql`greatest(${uploads.presignExpiresAt}, ${presignExpiresAt.toISOString()}::timestamptz)`,
    })
    .where(and(eq(uploads.id, uploadId), isNull(uploads.confirmedAt), isNull(uploads.abortedAt)))
    .returning({ id: uploads.id })
  return rows.length > 0
}

/** Sets the size of a file whose length was not known when its upload was recorded; false when the upload is no longer open. */
export async function setUploadSize(tx: Tx, { id }: Pick<Upload, 'id'>, byteSize: number): Promise<boolean> {
  const rows = await tx.execute(sql`
    WITH sized AS (
      UPDATE uploads SET byte_size = ${byteSize}::bigint
      WHERE id = ${id} AND confirmed_at IS NULL AND aborted_at IS NULL RETURNING asset_id
    )
    UPDATE assets SET byte_size = ${byteSize}::bigint FROM sized WHERE assets.id = sized.asset_id RETURNING 1`)
  return rows.length > 0
}

/**
 * Records the store's id of an open multipart upload, if it still has the one that is to be replaced.
 * @returns the id that stands now; null when the upload is no longer open
 */
export async function setStoreUploadId(
  tx: Tx,
  uploadId: string,
  { from, to }: { from: string | null; to: string },
): Promise<string | null> {
  const isOpen = and(eq(uploads.id, uploadId), isNull(uploads.confirmedAt), isNull(uploads.abortedAt))
  const [won] = await tx
    .update(uploads)
    .set({ storeUploadId: to })
    .where(and(isOpen, sql`${uploads.storeUploadId} IS NOT DISTINCT FROM ${from}`))
    .returning({ id: uploads.storeUploadId })
  if (won) return won.id
  const [standing] = await tx.select({ id: uploads.storeUploadId }).from(uploads).where(isOpen)
  return standing?.id ?? null
}
