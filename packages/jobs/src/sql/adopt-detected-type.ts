import type { MediaType, QueueName } from '@darkroom/contracts'
import type { Database } from '@darkroom/db/client'
import { sql } from 'drizzle-orm'
import { fenced, type Lease } from './fence.ts'

/**
 * Records what the bytes of an asset are, where that is not what was declared: from then on it counts as declared, and
 * the original, if there is one already, is given out as that. With `queue` the job
 * moves to another queue when it is queued again.
 * @throws LEASE_LOST
 */
export function adoptDetectedType(
  db: Database,
  lease: Lease,
  { contentType, queue }: { contentType: MediaType; queue: QueueName | null },
): Promise<void> {
  return fenced(db, lease, async tx => {
    await tx.execute(sql`
      WITH asset AS (
        UPDATE assets SET content_type = ${contentType} WHERE id = ${lease.assetId} RETURNING id, original_object_id
      ), upload AS (
        UPDATE uploads SET content_type = ${contentType} FROM asset
        WHERE uploads.asset_id = asset.id AND uploads.aborted_at IS NULL
      ), original AS (
        UPDATE objects SET content_type = ${contentType} FROM asset WHERE objects.id = asset.original_object_id
      )
      UPDATE jobs SET queue = coalesce(${queue}, queue) WHERE id = ${lease.jobId}`)
  })
}
