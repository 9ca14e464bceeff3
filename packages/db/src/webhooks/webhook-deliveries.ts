import { newId } from '@darkroom/core'
import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/pg-core'
import type { Tx } from '../client/client.ts'
import { type FeedPosition, isAfter } from '../events/event-feed.ts'
import {
  type WebhookAttemptRow,
  type WebhookDeliveryRow,
  type WebhookEndpoint,
  webhookAttempts,
  webhookDeliveries,
} from '../schema/index.ts'

/** Selects one delivery of an endpoint. */
const isThe = (endpointId: string, id: string) =>
  and(eq(webhookDeliveries.endpointId, endpointId), eq(webhookDeliveries.id, id))

/** Not with somebody who sends it at this moment. */
const isFree = sql`(webhook_deliveries.lease_token IS NULL OR webhook_deliveries.next_attempt_at <= now())`

/** Queued again, at the start of the schedule, under its old id. */
const AGAIN = {
  status: 'pending',
  failures: 0,
  nextAttemptAt: sql`now()`,
  leaseToken: null,
  settledAt: null,
} as const

/** Lists the deliveries of an endpoint, the newest first. */
export async function listDeliveries(
  tx: Tx,
  query: {
    endpointId: string
    status: WebhookDeliveryRow['status'] | undefined
    after: string | null
    limit: number
  },
): Promise<WebhookDeliveryRow[]> {
  const { endpointId, status, after, limit } = query
  const ofStatus = (status: WebhookDeliveryRow['status']) =>
    tx
      .select()
      .from(webhookDeliveries)
      .where(
        and(
          eq(webhookDeliveries.endpointId, endpointId),
          eq(webhookDeliveries.status, status),
          after ? lt(webhookDeliveries.id, after) : undefined,
        ),
      )
      .orderBy(desc(webhookDeliveries.id))
      .limit(limit)
  if (status) return ofStatus(status)
  // The index leads to the status before the id, so all of them are three short lists.
  return unionAll(ofStatus('pending'), ofStatus('delivered'), ofStatus('failed'))
    .orderBy(desc(webhookDeliveries.id))
    .limit(limit)
}

export async function findDelivery(tx: Tx, endpointId: string, id: string): Promise<WebhookDeliveryRow | null> {
  const [row] = await tx.select().from(webhookDeliveries).where(isThe(endpointId, id))
  return row ?? null
}

const SHOWN_ATTEMPTS = 20

/** Reads the last attempts at some deliveries, the newest first. */
export async function attemptsOfDeliveries(
  tx: Tx,
  deliveries: readonly WebhookDeliveryRow[],
): Promise<Map<string, WebhookAttemptRow[]>> {
  if (deliveries.length === 0) return new Map()
  const rows = await tx
    .select({ attempt: webhookAttempts })
    .from(webhookAttempts)
    .innerJoin(webhookDeliveries, eq(webhookDeliveries.id, webhookAttempts.deliveryId))
    .where(
      and(
        inArray(
          webhookAttempts.deliveryId,
          deliveries.map(({ id }) => id),
        ),
        sql`${webhookAttempts.attempt} > ${webhookDeliveries.attempts} - ${SHOWN_ATTEMPTS}::int`,
      ),
    )
    .orderBy(desc(webhookAttempts.attempt))
  return Map.groupBy(
    rows.map(row => row.attempt),
    attempt => attempt.deliveryId,
  )
}

/** Inserts a message for one endpoint that is not an event of the log. */
export async function insertPing(
  tx: Tx,
  { id: endpointId, projectId }: WebhookEndpoint,
  message: { type: string; body: string },
): Promise<WebhookDeliveryRow> {
  const [row] = await tx
    .insert(webhookDeliveries)
    .values({ id: newId(), projectId, endpointId, ...message })
    .returning()
  if (!row) throw new Error('an INSERT answers its row')
  return row
}

/** Sends one again, whatever came of it; one that is under way stays so. Null when there is none. */
export async function redeliver(tx: Tx, endpointId: string, id: string): Promise<WebhookDeliveryRow | null> {
  await tx
    .update(webhookDeliveries)
    .set(AGAIN)
    .where(and(isThe(endpointId, id), isFree))
  return findDelivery(tx, endpointId, id)
}

/**
 * Sends everything after a position of the log again: what was made before is enqueued, and the cursor goes back, so
 * that what never was made is. Call it in a transaction. @returns how many are queued again
 */
export async function replayDeliveries(
  tx: Tx,
  { id, projectId, eventTypes }: WebhookEndpoint,
  after: FeedPosition,
): Promise<number> {
  const position = sql`(${after.xid}::xid8, ${after.id}::bigint)`
  // The endpoint first, as everywhere: who settles a delivery takes both rows too.
  await tx.execute(sql`
    UPDATE webhook_endpoints SET cursor_xid = ${after.xid}::xid8, cursor_id = ${after.id}::bigint
    WHERE id = ${id} AND (cursor_xid, cursor_id) > ${position}`)
  const rows = await tx.execute(sql`
    UPDATE webhook_deliveries
    SET status = 'pending', failures = 0, next_attempt_at = now(), lease_token = NULL, settled_at = NULL
    FROM events
    WHERE events.project_id = ${projectId} AND ${isAfter(after)}
      AND webhook_deliveries.endpoint_id = ${id} AND webhook_deliveries.event_id = events.id AND ${isFree}
      ${eventTypes ? sql`AND events.type IN ${eventTypes}` : sql``}
    RETURNING webhook_deliveries.id`)
  return rows.length
}

/** Forgets deliveries that were settled long ago, some at a time. Answers how many. */
export async function deleteOldDeliveries(tx: Tx, keepDays: number, limit: number): Promise<number> {
  const old = tx
    .select({ id: webhookDeliveries.id })
    .from(webhookDeliveries)
    .where(lt(webhookDeliveries.settledAt, sql`now() - make_interval(days => ${keepDays})`))
    .limit(limit)
    .for('update', { skipLocked: true })
  const rows = await tx
    .delete(webhookDeliveries)
    .where(inArray(webhookDeliveries.id, old))
    .returning({ id: webhookDeliveries.id })
  return rows.length
}
