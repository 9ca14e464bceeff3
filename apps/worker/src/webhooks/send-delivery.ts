import { appError, toAppError } from '@darkroom/contracts'
import type { FaultInjection, Logger } from '@darkroom/core'
import { isTracing, parseTraceparent, type Span, type TraceContext, withSpan } from '@darkroom/core/tracing'
import type { DatabaseClient } from '@darkroom/db/client'
import {
  type AttemptOutcome,
  type ClaimedDelivery,
  causeOfDelivery,
  releaseDelivery,
  settleAttempt,
} from '@darkroom/db/webhooks'
import { toResourceError } from '@darkroom/jobs/runner'
import type { OutboundAnswer, OutboundClient } from '@darkroom/outbound'
import { openSecret, signedHeaders, webhookIdOf } from '@darkroom/webhooks'
import { readRetryAfter } from '../retry-after.ts'
import { redeliveryDelayMs } from './retry-schedule.ts'

export interface WebhookDeps {
  database: DatabaseClient
  outbound: OutboundClient
  logger: Logger
  faults: FaultInjection
  /** `DARKROOM_SECRET`, with which the secrets of endpoints are kept. */
  secret: string
  /** An endpoint that has failed for this long is disabled. */
  disableAfterSec: number
}

/** With the lease well above it. */
export const TIMEOUT_MS = 15_000
/** Of an answer, for the owner to read. */
const KEPT_ANSWER_BYTES = 4096
const GONE = 410

/** Sends a delivery once and records what came of it. What the signal stops is handed back as if it had not begun. */
export async function sendDelivery(deps: WebhookDeps, claimed: ClaimedDelivery, signal: AbortSignal): Promise<void> {
  const { id, type } = claimed.delivery
  const parent = await traceOf(deps, claimed)
  const attributes = { 'darkroom.delivery.id': id, 'darkroom.event.type': type }
  return withSpan('deliver webhook', { kind: 'client', parent, attributes }, span =>
    attempt(deps, claimed, signal, span),
  )
}

/** Returns the trace that the event of a delivery belongs to. Asked for only where traces are sent, and never in the way of the delivery. */
async function traceOf({ database, logger }: WebhookDeps, { delivery }: ClaimedDelivery): Promise<TraceContext | null> {
  if (!isTracing()) return null
  const cause = await causeOfDelivery(database.db, delivery).catch(error => {
    logger.debug({ err: error, deliveryId: delivery.id }, 'could not find the trace of a delivery')
    return null
  })
  return parseTraceparent(cause?.traceparent)
}

async function attempt(deps: WebhookDeps, claimed: ClaimedDelivery, signal: AbortSignal, span: Span): Promise<void> {
  const { database, disableAfterSec, logger, faults } = deps
  faults.crashpoint('delivery.after-claim')
  const startedAt = new Date()
  const begun = performance.now()
  const result = await post(deps, claimed, startedAt, signal).catch(toAppError)
  faults.crashpoint('delivery.after-answer')
  if (signal.aborted) return releaseDelivery(database.db, claimed)
  const durationMs = Math.round(performance.now() - begun)
  const outcome = { startedAt, durationMs, ...outcomeOf(claimed, result, startedAt) }
  if (outcome.status !== null) span.set({ 'http.response.status_code': outcome.status })
  if (outcome.error) span.fail(outcome.error.code)
  const isKept = await settleAttempt(database.db, claimed, outcome, { disableAfterSec })
  faults.crashpoint('delivery.after-commit')
  if (!isKept) logger.info({ deliveryId: claimed.delivery.id }, 'another worker took over a delivery while it was sent')
  if (result instanceof Error && result.code === 'INTERNAL')
    logger.error({ err: result, deliveryId: claimed.delivery.id }, 'could not send a webhook')
}

async function post(
  { outbound, secret }: WebhookDeps,
  { delivery, endpoint, secrets: kept }: ClaimedDelivery,
  now: Date,
  signal: AbortSignal,
): Promise<OutboundAnswer> {
  const secrets = openSecrets(kept, { endpointId: endpoint.id, key: secret })
  return outbound.send(endpoint.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Darkroom-Webhooks/1',
      ...signedHeaders({ id: webhookIdOf(delivery, secret), body: delivery.body, secrets, now }),
    },
    body: delivery.body,
    timeoutMs: TIMEOUT_MS,
    maxBytes: KEPT_ANSWER_BYTES,
    signal,
  })
}

/**
 * Decrypts the secrets. The current one must be readable. An older one may have been encrypted with a former
 * `DARKROOM_SECRET`.
 */
function openSecrets([current = '', ...previous]: string[], keeping: { endpointId: string; key: string }): string[] {
  const older = previous.flatMap(sealed => {
    try {
      return [openSecret(sealed, keeping)]
    } catch {
      return []
    }
  })
  return [openSecret(current, keeping), ...older]
}

function outcomeOf(
  { delivery: { failures } }: ClaimedDelivery,
  result: OutboundAnswer | ReturnType<typeof toAppError>,
  now: Date,
): Omit<AttemptOutcome, 'startedAt' | 'durationMs'> {
  if (result instanceof Error) {
    const retryAfterMs = redeliveryDelayMs({ failures })
    return { status: null, answer: null, error: toResourceError(result), retryAfterMs, isGone: false }
  }
  const { status, headers, body } = result
  // Postgres keeps no NUL.
  const seen = { status, answer: body.toString('utf8').replaceAll('\0', '\uFFFD') }
  if (status >= 200 && status < 300) return { ...seen, error: null, retryAfterMs: null, isGone: false }
  const error = toResourceError(appError('WEBHOOK_REFUSED', `The endpoint responded with ${status}.`))
  const askedForMs = readRetryAfter(headers['retry-after'], now)
  // Also of one that is gone: nothing is sent to it any more, and whoever enables it again is to miss nothing.
  return { ...seen, error, retryAfterMs: redeliveryDelayMs({ failures, askedForMs }), isGone: status === GONE }
}
