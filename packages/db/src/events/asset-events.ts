import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { uuids } from '../client/uuids.ts'
import { assets, events } from '../schema/index.ts'

export type AssetEvent = Pick<typeof events.$inferSelect, 'seq' | 'type' | 'data' | 'createdAt'>

/** What happened to an asset after `seq`, in its order; at most `limit`. */
export const eventsOfAsset = (
  tx: Tx,
  asset: { projectId: string; id: string },
  after: { seq: number; limit: number },
): Promise<AssetEvent[]> =>
  tx
    .select({ seq: events.seq, type: events.type, data: events.data, createdAt: events.createdAt })
    .from(events)
    .where(and(eq(events.assetId, asset.id), eq(events.projectId, asset.projectId), gt(events.seq, after.seq)))
    .orderBy(asc(events.seq), asc(events.id))
    .limit(after.limit)

/** The revisions of many assets, by id: whoever follows them sees what a lost notification would have told. */
export async function revisionsOf(tx: Tx, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .select({ id: assets.id, revision: assets.revision })
    .from(assets)
    .where(sql`${assets.id} = ANY (${uuids(ids)})`)
  return new Map(rows.map(row => [row.id, row.revision]))
}

/** Of the revisions that somebody knows those that are no longer the newest; what is gone is among them. */
export async function outdatedAmong(tx: Tx, known: ReadonlyMap<string, number>): Promise<string[]> {
  if (known.size === 0) return []
  const rows = await tx.execute<{ id: string }>(sql`
    SELECT known.id FROM unnest(${uuids([...known.keys()])}, ${`{${[...known.values()].join(',')}}`}::int[]) AS known (id, revision)
    LEFT JOIN assets ON assets.id = known.id
    WHERE assets.revision IS DISTINCT FROM known.revision`)
  return rows.map(row => row.id)
}
