import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { mapRow } from '../client/map-row.ts'
import { type AssetRow, assets, events } from '../schema/index.ts'

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

/**
 * Builds the CTEs that append the event of a change and notify followers. `asset` must be a table expression that
 * returns the changed row; `type` and `data` may use its columns.
 */
export const eventCte = (type: SQL, data: SQL = sql`'{}'::jsonb`): SQL =>
  sql`event AS (
    INSERT INTO events (project_id, asset_id, seq, type, data)
    SELECT project_id, id, revision, ${type}, ${data} FROM asset
    RETURNING asset_id
  ), notified AS (
    SELECT pg_notify(${EVENTS_CHANNEL}, asset_id::text) AS told FROM event
  )`

/**
 * Runs an `UPDATE assets … RETURNING *` of one asset and appends its event, in one statement.
 * @returns the changed row; null when the update found none, and then there is no event either
 */
export async function changeWithEvent(
  tx: Tx,
  update: SQLWrapper,
  event: { type: string; data?: Record<string, unknown> },
): Promise<AssetRow | null> {
  const data = sql`${JSON.stringify(event.data ?? {})}::jsonb`
  const [row] = await tx.execute<{ asset: Record<string, unknown> }>(sql`
    WITH asset AS (${update.getSQL()}), ${eventCte(sql`${event.type}`, data)}
    SELECT to_jsonb(asset) AS asset FROM asset, notified`)
  return row ? mapRow(assets, row.asset) : null
}
