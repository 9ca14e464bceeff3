import type { ResourceError } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { and, eq, sql } from 'drizzle-orm'
import type { Database, Tx } from '../client/client.ts'
import { mapRow } from '../client/map-row.ts'
import {
  events,
  type WebhookDeliveryRow,
  type WebhookEndpoint,
  webhookAttempts,
  webhookDeliveries,
  webhookEndpoints,
} from '../schema/index.ts'

/** A delivery that is ours to send until its lease is over. */
export interface ClaimedDelivery {
  delivery: WebhookDeliveryRow
  endpoint: WebhookEndpoint
  leaseToken: string
  /** Sealed, the current one first; two during a rotation. */
  secrets: string[]
}

/**
 * Takes deliveries that are due, those of the least busy endpoints first. An endpoint has few under way at once, and one
 * that fails a single one, so that it holds up nobody but itself. Whoever dies over a delivery loses it with the lease.
 */
export async function claimDeliveries(
  tx: Tx,
  { limit, perEndpoint, leaseSec }: { limit: number; perEndpoint: number; leaseSec: number },
): Promise<ClaimedDelivery[]> {
  const rows = await tx.execute<{
    delivery: Record<string, unknown>
    endpoint: Record<string, unknown>
    is_rotating: boolean | null
  }>(sql`
    WITH due AS (
      SELECT next.id FROM webhook_endpoints endpoint
      CROSS JOIN LATERAL (
        SELECT count(*) AS busy FROM webhook_deliveries
        WHERE endpoint_id = endpoint.id AND lease_token IS NOT NULL AND next_attempt_at > now()
      ) load
      CROSS JOIN LATERAL (
        SELECT id FROM webhook_deliveries
        WHERE endpoint_id = endpoint.id AND status = 'pending' AND next_attempt_at <= now()
        ORDER BY next_attempt_at
        LIMIT greatest(0, (CASE WHEN endpoint.failing_since IS NULL THEN ${perEndpoint}::int ELSE 1 END) - load.busy)
        FOR UPDATE SKIP LOCKED
      ) next
      WHERE endpoint.disabled_at IS NULL
      ORDER BY load.busy LIMIT ${limit}
    )
    UPDATE webhook_deliveries delivery
    SET lease_token = gen_random_uuid(), next_attempt_at = now() + make_interval(secs => ${leaseSec})
    FROM due, webhook_endpoints endpoint
    WHERE delivery.id = due.id AND endpoint.id = delivery.endpoint_id
    RETURNING to_jsonb(delivery) AS delivery, to_jsonb(endpoint) AS endpoint,
      endpoint.previous_secret_until > now() AS is_rotating`)
  return rows.map(row => {
    const delivery = mapRow(webhookDeliveries, row.delivery)
    const endpoint = mapRow(webhookEndpoints, row.endpoint)
    const previous = row.is_rotating ? endpoint.previousSecret : null
    return {
      delivery,
      endpoint,
      leaseToken: delivery.leaseToken ?? '',
      secrets: previous ? [endpoint.secret, previous] : [endpoint.secret],
    }
  })
}

/** What came of sending a delivery once. */
export interface AttemptOutcome {
  startedAt: Date
  durationMs: number
  /** HTTP status; null when there was no answer. */
  status: number | null
  answer: string | null
  /** Null when it was delivered. */
  error: ResourceError | null
  /** After a failure, when it is tried again; null gives it up. */
  retryAfterMs: number | null
  /** Whether the endpoint said that it is gone for good. */
  isGone: boolean
}

const isOurs = ({ delivery, leaseToken }: ClaimedDelivery) =>
  and(eq(webhookDeliveries.id, delivery.id), eq(webhookDeliveries.leaseToken, leaseToken))

/**
 * Records what came of an attempt. An endpoint that is gone, or that has failed for `disableAfterSec`, is disabled, and an
 * event says so.
 * @returns false when the lease was lost, and then nothing was written
 */
export function settleAttempt(
  db: Database,
  claimed: ClaimedDelivery,
  outcome: AttemptOutcome,
  options: { disableAfterSec: number },
): Promise<boolean> {
  const changesEndpoint = outcome.error !== null || claimed.endpoint.failingSince !== null
  if (!changesEndpoint) return settleDelivered(db, claimed, outcome)
  return db.transaction(tx => settleWithEndpoint(tx, claimed, outcome, options))
}

/**
 * Settles a successful delivery, the most frequent case, in one statement. It does not touch the endpoint, so the other
 * deliveries of the endpoint need not wait for it.
 */
async function settleDelivered(
  tx: Tx,
  claimed: ClaimedDelivery,
  { startedAt, durationMs, status, answer }: AttemptOutcome,
): Promise<boolean> {
  const rows = await tx.execute(sql`
    WITH settled AS (
      UPDATE webhook_deliveries SET lease_token = NULL, attempts = attempts + 1, status = 'delivered', settled_at = now()
      WHERE ${isOurs(claimed)}
      RETURNING id, attempts
    )
    INSERT INTO webhook_attempts (id, delivery_id, attempt, started_at, duration_ms, status, answer)
    SELECT ${newId()}::uuid, id, attempts, ${startedAt.toISOString()}::timestamptz, ${durationMs}::int, ${status}::int, ${answer}
    FROM settled
    RETURNING id`)
  return rows.length > 0
}

async function settleWithEndpoint(
  tx: Tx,
  claimed: ClaimedDelivery,
  outcome: AttemptOutcome,
  { disableAfterSec }: { disableAfterSec: number },
): Promise<boolean> {
  // The endpoint before the delivery, as everywhere.
  const [endpoint] = await tx
    .select()
    .from(webhookEndpoints)
    .where(eq(webhookEndpoints.id, claimed.endpoint.id))
    .for('no key update')
  if (!endpoint) return false
  const { error, retryAfterMs, isGone, ...seen } = outcome
  const [settled] = await tx
    .update(webhookDeliveries)
    .set({
      leaseToken: null,
      attempts: sql`${webhookDeliveries.attempts} + 1`,
      ...(error && { failures: sql`${webhookDeliveries.failures} + 1` }),
      ...(error && retryAfterMs !== null
        ? { nextAttemptAt: sql`now() + make_interval(secs => ${retryAfterMs / 1000})` }
        : { status: error ? 'failed' : 'delivered', settledAt: sql`now()` }),
    })
    .where(isOurs(claimed))
    .returning({ attempt: webhookDeliveries.attempts })
  if (!settled) return false
  await tx
    .insert(webhookAttempts)
    .values({ id: newId(), deliveryId: claimed.delivery.id, attempt: settled.attempt, error, ...seen })
  if (error) await noteFailure(tx, endpoint, { error, isGone, disableAfterSec })
  else if (endpoint.failingSince) await noteSuccess(tx, endpoint)
  return true
}

async function noteSuccess(tx: Tx, { id }: WebhookEndpoint): Promise<void> {
  await tx.update(webhookEndpoints).set({ failingSince: null, lastError: null }).where(eq(webhookEndpoints.id, id))
}

async function noteFailure(
  tx: Tx,
  { id, projectId, disabledAt }: WebhookEndpoint,
  { error, isGone, disableAfterSec }: { error: ResourceError; isGone: boolean; disableAfterSec: number },
): Promise<void> {
  const [noted] = await tx
    .update(webhookEndpoints)
    .set({ lastError: error, failingSince: sql`coalesce(failing_since, now())` })
    .where(eq(webhookEndpoints.id, id))
    .returning({ isOver: sql<boolean>`failing_since <= now() - make_interval(secs => ${disableAfterSec})` })
  if (disabledAt || !(isGone || noted?.isOver)) return
  const reason = isGone ? 'gone' : 'failing'
  await tx
    .update(webhookEndpoints)
    .set({ disabledAt: sql`now()`, disabledReason: reason })
    .where(eq(webhookEndpoints.id, id))
  await tx
    .insert(events)
    .values({ projectId, seq: 0, type: 'webhook.disabled', data: { webhookId: id, reason, code: error.code } })
}

/** Hands a delivery back that was not sent to its end, for somebody else to send now. */
export async function releaseDelivery(tx: Tx, claimed: ClaimedDelivery): Promise<void> {
  await tx.update(webhookDeliveries).set({ leaseToken: null, nextAttemptAt: sql`now()` }).where(isOurs(claimed))
}
