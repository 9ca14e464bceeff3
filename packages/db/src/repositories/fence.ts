import type { AssetStatus } from '@darkroom/contracts'
import { isSabotaged } from '@darkroom/core'
import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Database, Tx } from '../client.ts'
import { assets, jobs } from '../schema/index.ts'
import { ASSET_TRANSITIONS_TO } from '../transitions.ts'
import type { AssetChange, AssetRow } from './asset-transitions.ts'
import { changeWithEvent } from './events.ts'
import { type Lease, leaseLost } from './lease.ts'

/**
 * Runs the writes of a job's run in one transaction that nobody can overtake: the job's row is locked, the lease must
 * still be ours, the asset must be of the same generation and not deleted.
 * @throws LEASE_LOST when any of that no longer holds; nothing was written then
 */
export function fenced<T>(db: Database, lease: Lease, write: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction(async tx => {
    await assertHeld(tx, lease)
    return write(tx)
  })
}

/** Locks the job of a run, in a transaction that has to lock something else first. @throws LEASE_LOST */
export async function assertHeld(tx: Tx, lease: Lease): Promise<void> {
  const [held] = await tx
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(eq(jobs.id, lease.jobId), isSabotaged('fence') ? undefined : holdsLease(lease)))
    .for('update')
  if (!held) throw leaseLost(lease)
}

/** Has a transaction wait for a lock no longer than a second: it is one of many, and is tried again. */
export async function waitBriefly(tx: Tx): Promise<void> {
  await tx.execute(sql`SELECT set_config('lock_timeout', '1s', true)`)
}

const holdsLease = (lease: Lease) => and(eq(jobs.leaseToken, lease.leaseToken), eq(jobs.status, 'running'))

/**
 * Changes the asset of a run, raises its revision and appends an event; part of a `fenced` write.
 * @throws LEASE_LOST when a newer job owns the asset or it was deleted
 */
export async function changeAssetOfRun(
  tx: Tx,
  lease: Lease,
  change: { to?: AssetStatus; set?: AssetChange; event: string; data?: Record<string, unknown> },
): Promise<AssetRow> {
  const update = tx
    .update(assets)
    .set({ ...change.set, ...(change.to && { status: change.to }), revision: sql`${assets.revision} + 1` })
    .where(
      and(
        eq(assets.id, lease.assetId),
        isSabotaged('fence') ? undefined : and(eq(assets.generation, lease.generation), isNull(assets.deletedAt)),
        // A reprocess ends in the status it began with, which is no transition.
        change.to && or(eq(assets.status, change.to), inArray(assets.status, [...ASSET_TRANSITIONS_TO[change.to]])),
      ),
    )
    .returning()
  const asset = await changeWithEvent(tx, update, { type: change.event, ...(change.data && { data: change.data }) })
  if (!asset) throw leaseLost(lease)
  return asset
}
