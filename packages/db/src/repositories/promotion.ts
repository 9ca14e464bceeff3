import { newId } from '@darkroom/core'
import { sql } from 'drizzle-orm'
import type { Database, Tx } from '../client.ts'
import { eventCte } from './events.ts'
import { insertObjects, WRITER_GRACE } from './objects.ts'

/** Confirmed bytes that still lie where the client could write. */
export interface UnpromotedAsset {
  assetId: string
  projectId: string
  contentType: string
  byteSize: number
  /** The pinned object of the upload. */
  object: { bucket: string; key: string; versionId: string | null; etag: string }
}

/** Assets that were confirmed more than `olderThanSec` ago and that no worker has begun, the oldest first. */
export async function findUnpromoted(
  tx: Tx,
  { olderThanSec, limit }: { olderThanSec: number; limit: number },
): Promise<UnpromotedAsset[]> {
  const rows = await tx.execute<{
    asset_id: string
    project_id: string
    content_type: string
    byte_size: string
    bucket: string
    key: string
    version_id: string | null
    etag: string
  }>(sql`
    SELECT assets.id AS asset_id, assets.project_id, uploads.content_type, uploads.byte_size, bucket, key, version_id, etag
    FROM assets
    JOIN uploads ON uploads.asset_id = assets.id AND uploads.confirmed_at IS NOT NULL AND uploads.aborted_at IS NULL
    JOIN objects ON objects.id = uploads.object_id AND objects.state = 'live' AND objects.etag IS NOT NULL
    WHERE original_object_id IS NULL AND assets.status = 'processing'
      AND assets.confirmed_at < now() - make_interval(secs => ${olderThanSec})
      AND EXISTS (SELECT FROM jobs WHERE jobs.asset_id = assets.id AND jobs.status = 'queued')
    ORDER BY assets.confirmed_at LIMIT ${limit}`)
  return rows.map(row => ({
    assetId: row.asset_id,
    projectId: row.project_id,
    contentType: row.content_type,
    byteSize: Number(row.byte_size),
    object: { bucket: row.bucket, key: row.key, versionId: row.version_id, etag: row.etag },
  }))
}

/** Records the object that an original is going to be copied to. @returns its id */
export async function reserveOriginal(
  tx: Tx,
  target: { assetId: string; projectId: string; bucket: string; key: string; contentType: string; token: string },
): Promise<string> {
  const { token: leaseToken, ...rest } = target
  const id = newId()
  await insertObjects(tx, [{ id, leaseToken, ...rest }])
  return id
}

/**
 * Makes a copy the original of an asset whose job waits, and gives the upload up.
 * @returns false when a worker has begun meanwhile, even one that put its job back, or the asset was deleted: the copy is
 * of no use then, and may be being purged
 */
export async function storeWaitingOriginal(
  db: Database,
  stored: {
    assetId: string
    objectId: string
    versionId: string | null
    etag: string
    byteSize: number
    contentType: string
  },
): Promise<boolean> {
  const { assetId, objectId, versionId, etag, byteSize, contentType } = stored
  const rows = await db.execute(sql`
    WITH waiting AS (
      SELECT asset_id FROM jobs WHERE asset_id = ${assetId} AND status = 'queued' FOR UPDATE
    ), copy AS (
      SELECT id FROM objects WHERE id = ${objectId} AND state = 'writing' FOR UPDATE
    ), asset AS (
      UPDATE assets SET revision = revision + 1, original_object_id = ${objectId}
      FROM waiting, copy
      WHERE assets.id = waiting.asset_id AND original_object_id IS NULL AND status = 'processing' AND deleted_at IS NULL
      RETURNING assets.*
    ), live AS (
      UPDATE objects SET state = 'live', version_id = ${versionId}, etag = ${etag}, bytes = ${byteSize},
        content_type = ${contentType}
      FROM asset WHERE objects.id = ${objectId}
    ), given_up AS (
      UPDATE objects SET state = 'doomed', purge_at = now(),
        purge_until = greatest(now(), uploads.presign_expires_at) + ${WRITER_GRACE}
      FROM asset JOIN uploads ON uploads.asset_id = asset.id AND uploads.aborted_at IS NULL
      WHERE objects.id = uploads.object_id AND objects.state <> 'doomed'
    ), ${eventCte(sql`'asset.original_stored'`)}
    SELECT told FROM notified`)
  return rows.length > 0
}
