import { newId } from '@darkroom/core'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { readFeed, readFeedWatermark } from '../events/event-feed.ts'
import { type LoggedEvent, webhookDeliveries, webhookEndpoints } from '../schema/index.ts'

/** Events of one endpoint that become deliveries in one transaction. */
const PAGE = 500

/** Endpoints that have events before them, of whichever types. */
export async function findWebhooksBehind(tx: Tx): Promise<string[]> {
  const head = await readFeedWatermark(tx)
  const rows = await tx.execute<{ id: string }>(sql`
    SELECT id FROM webhook_endpoints endpoint
    WHERE disabled_at IS NULL AND EXISTS (
      SELECT 1 FROM events
      WHERE project_id = endpoint.project_id AND (xid, events.id) > (endpoint.cursor_xid, endpoint.cursor_id)
        AND xid < ${head}::xid8
    )`)
  return rows.map(row => row.id)
}

/**
 * Makes the deliveries of an endpoint's next events and moves its cursor past them, in the caller's transaction: whoever
 * dies over it has done neither. Nothing when somebody else is at it.
 */
export async function makeDeliveries(
  tx: Tx,
  endpointId: string,
  render: (event: LoggedEvent) => string,
): Promise<void> {
  const [endpoint] = await tx
    .select()
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.id, endpointId), isNull(webhookEndpoints.disabledAt)))
    .for('no key update', { skipLocked: true })
  if (!endpoint) return
  const { projectId, cursorXid, cursorId, eventTypes } = endpoint
  const after = { xid: cursorXid, id: cursorId }
  const { events, position } = await readFeed(tx, { projectId, after, types: eventTypes, limit: PAGE })
  const deliveries = events.map(event => ({
    id: newId(),
    projectId,
    endpointId,
    eventId: event.id,
    type: event.type,
    body: render(event),
  }))
  // After a replay some are there already.
  if (deliveries.length > 0) await tx.insert(webhookDeliveries).values(deliveries).onConflictDoNothing()
  await tx
    .update(webhookEndpoints)
    .set({ cursorXid: position.xid, cursorId: position.id })
    .where(eq(webhookEndpoints.id, endpointId))
}
