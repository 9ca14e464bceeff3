import { type SQL, sql } from 'drizzle-orm'
import { type Lease, lostFence } from './lease.ts'

/**
 * Parts of the statements that a run writes with: what a run does for every file is one statement and one round trip,
 * fenced as a whole. Such a statement starts with `held` and `asset` and ends with `eventCte`; when the lease is lost
 * they all come out empty, and nothing was written.
 */

/** The job's row, locked, if the lease is still ours and whatever else is asked for holds. */
export const heldCte = (lease: Lease, condition: SQL = sql`true`): SQL =>
  sql`held AS (
    SELECT id FROM jobs WHERE id = ${lease.jobId} AND ${lostFence() ?? sql`lease_token = ${lease.leaseToken} AND status = 'running'`}
      AND ${condition}
    FOR UPDATE
  )`

/** The asset of the run with its revision raised, if no newer job owns it and it was not deleted. */
export const assetCte = (lease: Lease, set: SQL = sql``): SQL =>
  sql`asset AS (
    UPDATE assets SET revision = revision + 1 ${set}
    FROM held
    WHERE assets.id = ${lease.assetId} AND ${lostFence() ?? sql`generation = ${lease.generation} AND deleted_at IS NULL`}
    RETURNING assets.*
  )`
