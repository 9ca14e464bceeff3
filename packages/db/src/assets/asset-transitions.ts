import type { AssetStatus } from '@darkroom/contracts'
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { Tx } from '../client/client.ts'
import { changeWithEvent } from '../events/events.ts'
import { type AssetRow, assetStatus, assets } from '../schema/index.ts'
import type { Revisions } from './patch-asset.ts'

export type AssetChange = Omit<PgUpdateSetSource<typeof assets>, 'status' | 'revision'>

/**
 * Moves an asset to another status, if it is in one from which that is allowed, and appends the event.
 * @returns null when the guard did not hold; nothing was changed then
 */
export async function transitionAsset(
  tx: Tx,
  input: {
    assetId: string
    to: AssetStatus
    set?: AssetChange
    event: string
    data?: Record<string, unknown>
    /** Revisions that it may start from; null or nothing is any. */
    from?: Revisions
    /** What else must hold of it. */
    only?: SQL | undefined
  },
): Promise<AssetRow | null> {
  const isFrom = and(input.from ? inArray(assets.revision, [...input.from]) : undefined, input.only)
  const next = assetStatus.to(input.to)
  const update = tx
    .update(assets)
    .set({ ...input.set, ...next.values, revision: sql`${assets.revision} + 1` })
    .where(and(eq(assets.id, input.assetId), next.guard, isFrom))
    .returning()
  return changeWithEvent(tx, update, { type: input.event, ...(input.data && { data: input.data }) })
}

/**
 * Raises the revision of an asset whose representation changes by something outside its row, such as the state of its
 * job: whoever holds the old ETag must learn of it.
 */
export async function raiseRevision(tx: Tx, assetId: string, event: string): Promise<AssetRow> {
  const update = tx
    .update(assets)
    .set({ revision: sql`${assets.revision} + 1` })
    .where(eq(assets.id, assetId))
    .returning()
  const asset = await changeWithEvent(tx, update, { type: event })
  if (!asset) throw new Error(`asset ${assetId} of a job is not there`)
  return asset
}
