import { type AssetStatus, appError } from '@darkroom/contracts'
import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Database, Tx } from '../client.ts'
import { assets, jobs } from '../schema/index.ts'
import { ASSET_TRANSITIONS_TO } from '../transitions.ts'
import type { AssetChange, AssetRow } from './asset-transitions.ts'
import { appendEvent } from './events.ts'
import type { Lease } from './jobs.ts'

/**
 * Runs the writes of a job's run in one transaction that nobody can overtake: the job's row is locked, the lease must
 * still be ours, the asset must be of the same generation and not deleted.
 * @throws LEASE_LOST when any of that no longer holds; nothing was written then
 */
export function fenced<T>(db: Database, lease: Lease, write: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction(async tx => {
    const [held] = await tx
      .select({ id: jobs.id })
      .from(jobs)
      .where(and(eq(jobs.id, lease.jobId), eq(jobs.leaseToken, lease.leaseToken), eq(jobs.status, 'running')))
      .for('update')
    if (!held) throw leaseLost(lease)
    return write(tx)
  })
}

export const leaseLost = (lease: Lease) =>
  appError('LEASE_LOST', undefined, { context: { jobId: lease.jobId, assetId: lease.assetId } })

/**
 * Changes the asset of a run, raises its revision and appends an event; part of a `fenced` write.
 * @throws LEASE_LOST when a newer job owns the asset or it was deleted
 */
export async function changeAssetOfRun(
  tx: Tx,
  lease: Lease,
  change: { to?: AssetStatus; set?: AssetChange; event: string; data?: Record<string, unknown> },
): Promise<AssetRow> {
  const [asset] = await tx
    .update(assets)
    .set({ ...change.set, ...(change.to && { status: change.to }), revision: sql`${assets.revision} + 1` })
    .where(
      and(
        eq(assets.id, lease.assetId),
        eq(assets.generation, lease.generation),
        isNull(assets.deletedAt),
        // A reprocess ends in the status it began with, which is no transition.
        change.to && or(eq(assets.status, change.to), inArray(assets.status, [...ASSET_TRANSITIONS_TO[change.to]])),
      ),
    )
    .returning()
  if (!asset) throw leaseLost(lease)
  await appendEvent(tx, {
    projectId: lease.projectId,
    assetId: lease.assetId,
    seq: asset.revision,
    type: change.event,
    ...(change.data && { data: change.data }),
  })
  return asset
}
