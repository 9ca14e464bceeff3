import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { uuids } from '../client/uuids.ts'
import { type AssetRow, assets, objects, type StoredObject, type Upload, uploads } from '../schema/index.ts'

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

/** Finds those of many uploads that belong to the project, in any order. */
export const findUploads = (tx: Tx, projectId: string, ids: readonly string[]): Promise<UploadWithAsset[]> =>
  selectUploads(tx).where(and(sql`${uploads.id} = ANY(${uuids(ids)})`, eq(uploads.projectId, projectId)))

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
