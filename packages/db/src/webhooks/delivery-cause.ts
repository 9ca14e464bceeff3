import { sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import type { JobCause } from '../jobs/job-cause.ts'
import type { WebhookDeliveryRow } from '../schema/index.ts'

/**
 * Finds what caused a delivery: what caused the newest job of the asset that its event is about.
 * @returns null for an event of no asset, and for a ping
 */
export async function causeOfDelivery(
  tx: Tx,
  { eventId }: Pick<WebhookDeliveryRow, 'eventId'>,
): Promise<JobCause | null> {
  if (eventId === null) return null
  const [row] = await tx.execute<{ request_id: string | null; traceparent: string | null }>(sql`
    SELECT latest.request_id, latest.traceparent FROM events
    CROSS JOIN LATERAL (
      SELECT request_id, traceparent FROM jobs WHERE jobs.asset_id = events.asset_id ORDER BY id DESC LIMIT 1
    ) AS latest
    WHERE events.id = ${eventId}`)
  return row ? { requestId: row.request_id, traceparent: row.traceparent } : null
}
