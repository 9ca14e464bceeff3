import { newId } from '@darkroom/core'
import { sql } from 'drizzle-orm'
import { insertObjects, WRITER_GRACE } from '../assets/objects.ts'
import type { Database } from '../client/client.ts'
import { uuids } from '../client/uuids.ts'
import { eventCte } from '../events/events.ts'
import type { StoredObject } from '../schema/index.ts'

/** Confirmed bytes that still lie where the client could write. */
export interface UnpromotedAsset {
  assetId: string
  contentType: string
  byteSize: number
  /** The pinned object of the upload. */
  from: { bucket: string; key: string; versionId: string | null; etag: string }
  /** Where they are to be copied to, and whose it is until then. */
  target: StoredObject
  leaseToken: string
}

/** So long nobody else takes what was taken to be promoted, also when it failed: others that wait come first then. */
const TAKEN_FOR = sql`interval '10 minutes'`

const isTaken = sql`EXISTS (
  SELECT FROM objects AS copies WHERE copies.asset_id = assets.id AND copies.key LIKE 'originals/%'
    AND copies.state <> 'live' AND copies.created_at > now() - ${TAKEN_FOR}
)`

/**
 * Takes assets that were confirmed so long ago and that no worker has begun, the oldest first, and records the objects
 * that their originals are going to be copied to. What one process has taken no other one takes at the same time.
 */
export function takeUnpromoted(
  db: Database,
  {
    olderThanSec,
    limit,
    bucket,
    mintKey,
  }: { olderThanSec: number; limit: number; bucket: string; mintKey(projectId: string, assetId: string): string },
): Promise<UnpromotedAsset[]> {
  return db.transaction(async tx => {
    const waiting = await tx.execute<{ id: string }>(sql`
      SELECT assets.id FROM assets
      JOIN uploads ON uploads.asset_id = assets.id AND uploads.confirmed_at IS NOT NULL AND uploads.aborted_at IS NULL
      JOIN objects ON objects.id = uploads.object_id AND objects.state = 'live' AND objects.etag IS NOT NULL
      JOIN jobs ON jobs.asset_id = assets.id AND jobs.status = 'queued'
      WHERE original_object_id IS NULL AND assets.status = 'processing'
        AND assets.confirmed_at < now() - make_interval(secs => ${olderThanSec}) AND NOT ${isTaken}
      ORDER BY assets.confirmed_at LIMIT ${limit} FOR UPDATE OF jobs SKIP LOCKED`)
    if (waiting.length === 0) return []
    // Asked again under the lock: somebody may have taken one and let go of it since the first look.
    const rows = await tx.execute<UnpromotedRow>(sql`
      SELECT assets.id AS asset_id, assets.project_id, uploads.content_type, uploads.byte_size, bucket, key, version_id, etag
      FROM assets
      JOIN uploads ON uploads.asset_id = assets.id AND uploads.confirmed_at IS NOT NULL AND uploads.aborted_at IS NULL
      JOIN objects ON objects.id = uploads.object_id
      WHERE assets.id = ANY (${uuids(waiting.map(({ id }) => id))}) AND NOT ${isTaken}
      ORDER BY assets.confirmed_at`)
    const targets = await insertObjects(
      tx,
      rows.map(({ project_id: projectId, asset_id: assetId, content_type: contentType }) => ({
        projectId,
        assetId,
        contentType,
        bucket,
        key: mintKey(projectId, assetId),
        leaseToken: newId(),
      })),
    )
    return rows.flatMap((row, index) => toUnpromoted(row, targets[index]))
  })
}

type UnpromotedRow = {
  asset_id: string
  project_id: string
  content_type: string
  byte_size: string
  bucket: string
  key: string
  version_id: string | null
  etag: string
}

function toUnpromoted(row: UnpromotedRow, target: StoredObject | undefined): UnpromotedAsset[] {
  if (!target?.leaseToken) return []
  const { asset_id: assetId, content_type: contentType, bucket, key, version_id: versionId, etag } = row
  const from = { bucket, key, versionId, etag }
  return [{ assetId, contentType, byteSize: Number(row.byte_size), from, target, leaseToken: target.leaseToken }]
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
