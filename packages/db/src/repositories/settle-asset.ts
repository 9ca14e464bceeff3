import type { Placeholder, ResourceError } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import type { AssetRow } from './asset-transitions.ts'
import { changeAssetOfRun } from './fence.ts'
import type { Lease } from './lease.ts'

/** Ends a processing that made what it had to; part of a `fenced` write. Times are the database's. */
export const settleAssetOfRun = (
  tx: Tx,
  lease: Lease,
  { to, placeholder }: { to: 'ready' | 'partial'; placeholder: Placeholder | null },
): Promise<AssetRow> =>
  changeAssetOfRun(tx, lease, {
    to,
    set: { readyAt: sql`now()`, error: null, sourceExpiresAt: null, ...(placeholder && { placeholder }) },
    event: `asset.${to}`,
  })

/**
 * Ends a first processing that failed; part of a `fenced` write.
 * @param keepSourceDays how long the bytes are kept for a requeue; null when they are given up now
 */
export const failAssetOfRun = (
  tx: Tx,
  lease: Lease,
  { error, keepSourceDays }: { error: ResourceError; keepSourceDays: number | null },
): Promise<AssetRow> =>
  changeAssetOfRun(tx, lease, {
    to: 'failed',
    set: {
      error,
      sourceExpiresAt: keepSourceDays === null ? null : sql`now() + make_interval(secs => ${keepSourceDays * 86_400})`,
      ...(keepSourceDays === null && { originalObjectId: null }),
    },
    event: 'asset.failed',
    data: { code: error.code },
  })
