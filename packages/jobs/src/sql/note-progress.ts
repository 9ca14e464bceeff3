import type { Database } from '@darkroom/db/client'
import { EVENTS_CHANNEL } from '@darkroom/db/events'
import { sql } from 'drizzle-orm'
import { assetCte, heldCte, type Lease, leaseLost } from './fence.ts'

/**
 * Says how far a run is. The asset gets a new revision, so that pollers see it, and followers are woken; it is no event,
 * because nobody wants thousands of them in the log.
 * @param progress from 0 to 1; it never goes back
 * @throws LEASE_LOST
 */
export async function noteProgress(db: Database, lease: Lease, progress: number, stage: string): Promise<void> {
  const rows = await db.execute(sql`
    WITH ${heldCte(lease)}, ${assetCte(lease)}, job AS (
      UPDATE jobs SET progress = greatest(progress, ${progress}), stage = ${stage} FROM asset WHERE jobs.id = ${lease.jobId}
    )
    SELECT pg_notify(${EVENTS_CHANNEL}, asset.id::text) FROM asset`)
  if (rows.length === 0) throw leaseLost(lease)
}
