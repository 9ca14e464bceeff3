import { sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import { events } from '../schema/index.ts'

/** Wakes whoever follows assets; the payload is the asset's id. A hint: the rows are the truth. */
export const EVENTS_CHANNEL = 'darkroom_events'

export interface NewEvent {
  projectId: string
  assetId: string
  /** The asset's revision that this event brought about. */
  seq: number
  type: string
  data?: Record<string, unknown>
}

/** Appends a fact in the transaction that caused it; followers hear of it at the commit. */
export async function appendEvent(tx: Tx, event: NewEvent): Promise<void> {
  const inserted = tx.$with('inserted').as(tx.insert(events).values(event).returning({ assetId: events.assetId }))
  await tx
    .with(inserted)
    .select({ notified: sql`pg_notify(${EVENTS_CHANNEL}, ${inserted.assetId}::text)` })
    .from(inserted)
}
