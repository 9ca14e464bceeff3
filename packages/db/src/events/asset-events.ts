import { and, asc, eq, gt } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { events } from '../schema/index.ts'

export type AssetEvent = Pick<typeof events.$inferSelect, 'seq' | 'type' | 'data' | 'createdAt'>

/** Lists the events of an asset after `seq` in order, `limit` at most. */
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
