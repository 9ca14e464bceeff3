import { type AssetStatus, appError } from '@darkroom/contracts'
import type { AssetChange } from '@darkroom/db/assets'
import type { Database, Tx } from '@darkroom/db/client'
import { changeWithEvent } from '@darkroom/db/events'
import { type AssetRow, assetStatus, assets, jobs } from '@darkroom/db/schema'
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { eventStatement } from './event-statement.ts'

/** The lease that a run holds on its job; every write of the run is fenced by it. */
export interface Lease {
  jobId: string
  projectId: string
  assetId: string
  leaseToken: string
  generation: number
  /** False only where the fault harness takes the fence away, to prove that it notices. */
  isFenced: boolean
}

export const leaseLost = (lease: Lease) =>
  appError('LEASE_LOST', undefined, { context: { jobId: lease.jobId, assetId: lease.assetId } })

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
    .where(and(eq(jobs.id, lease.jobId), lease.isFenced ? holdsLease(lease) : undefined))
    .for('update')
  if (!held) throw leaseLost(lease)
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
  // A reprocess ends in the status it began with, which is no transition.
  const next = change.to && assetStatus.to(change.to, { mayStay: true })
  const update = tx
    .update(assets)
    .set({ ...change.set, ...next?.values, revision: sql`${assets.revision} + 1` })
    .where(
      and(
        eq(assets.id, lease.assetId),
        lease.isFenced ? and(eq(assets.generation, lease.generation), isNull(assets.deletedAt)) : undefined,
        next?.guard,
      ),
    )
    .returning()
  const asset = await changeWithEvent(tx, update, { type: change.event, ...(change.data && { data: change.data }) })
  if (!asset) throw leaseLost(lease)
  return asset
}

/** A statement that a run writes with, in its parts: SQL. Parts in front may be used by those that follow. */
interface RunStatement {
  /** Table expressions that read, in front of all. */
  reads?: SQL
  /** What must hold besides the lease. */
  condition?: SQL
  /** More columns of the asset to set, each with a comma in front. */
  set?: SQL
  /** Which status the asset, or what else the statement changes of it, may have. */
  guard?: SQL
  /** Table expressions that write, each from `asset`. */
  writes: SQL
  /** The type of the event, and its data. */
  event: { type: SQL; data?: SQL }
  /** The rows to answer: `notified` has one while the lease holds, and none when it is lost. */
  answer: SQL
}

/**
 * Makes the statement that a run writes with: what it does for every file is one statement and one round trip, fenced as a
 * whole. It locks the job, raises the asset's revision and appends the event. When the lease is lost every part comes out
 * empty, and nothing was written.
 */
export const runStatement = (
  lease: Lease,
  { reads, condition, set, guard, writes, event, answer }: RunStatement,
): SQL =>
  eventStatement({
    parts: sql`${reads ? sql`${reads}, ` : sql``}${heldCte(lease, condition)}, ${assetCte(lease, set, guard)}, ${writes}`,
    event,
    answer,
  })

/** Builds a CTE that locks the job's row if the lease is still ours and `condition` holds. */
export const heldCte = (lease: Lease, condition: SQL = sql`true`): SQL =>
  sql`held AS (
    SELECT id FROM jobs WHERE id = ${lease.jobId} AND ${lease.isFenced ? sql`lease_token = ${lease.leaseToken} AND status = 'running'` : sql`true`}
      AND ${condition}
    FOR UPDATE
  )`

/** Builds a CTE that raises the revision of the run's asset, unless a newer job owns it or it was deleted. */
export const assetCte = (lease: Lease, set: SQL = sql``, guard: SQL = sql`true`): SQL =>
  sql`asset AS (
    UPDATE assets SET revision = revision + 1 ${set}
    FROM held
    WHERE assets.id = ${lease.assetId} AND ${isOwned(lease)} AND ${lease.isFenced ? guard : sql`true`}
    RETURNING assets.*
  )`

/** Checks that no newer job owns the asset of the run, and that it was not deleted. */
const isOwned = (lease: Lease): SQL =>
  lease.isFenced ? sql`assets.generation = ${lease.generation} AND assets.deleted_at IS NULL` : sql`true`

/**
 * Tells, in the answer of a statement with a guard that wrote nothing, why: true when the lease holds and it is the guard
 * that does not, which is a bug.
 */
export const stillHeld = (lease: Lease): SQL =>
  sql`EXISTS (SELECT FROM held, assets WHERE assets.id = ${lease.assetId} AND ${isOwned(lease)})`
