import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import { assets } from '../schema/index.ts'
import { changeWithEvent } from './events.ts'

/**
 * Raises the revision of an asset whose representation changes by something outside its row, such as the state of its
 * job: whoever holds the old ETag must learn of it.
 */
export async function raiseRevision(tx: Tx, assetId: string, event: string): Promise<typeof assets.$inferSelect> {
  const update = tx
    .update(assets)
    .set({ revision: sql`${assets.revision} + 1` })
    .where(eq(assets.id, assetId))
    .returning()
  const asset = await changeWithEvent(tx, update, { type: event })
  if (!asset) throw new Error(`asset ${assetId} of a job is not there`)
  return asset
}
