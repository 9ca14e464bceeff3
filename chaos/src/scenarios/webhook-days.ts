import { setTimeout as sleep } from 'node:timers/promises'
import type { Subscriber } from '../client/subscribers.ts'
import type { Deployment } from '../deployment/deployment.ts'
import { scaledTimeout } from '../eventually.ts'

/** Of docs/how-to/webhooks.md, written down once more on purpose: seconds after each failure. */
const SCHEDULE_SEC = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
export const ATTEMPTS = SCHEDULE_SEC.length + 1
const SPREAD = 0.1
/** What an attempt may come late: an endpoint that fails gets one request at a time, and one of them may hang. */
const LATE_SEC = 40
const LOOK_EVERY_MS = 100

interface Endpoint {
  id: string
  waiting: number
  under_way: number
  wait_sec: number
}

/** Fast-forwards days for these endpoints, from one attempt to the next, until every delivery has failed for good. */
export async function fastForward(
  { sql }: Deployment,
  subscribers: readonly Subscriber[],
  withinMs: number,
): Promise<void> {
  const ids = subscribers.map(({ endpointId }) => endpointId)
  const { isOver } = scaledTimeout(withinMs)
  for (;;) {
    const endpoints = await sql<Endpoint[]>`
      SELECT endpoint_id AS id, count(*)::int AS waiting, count(lease_token)::int AS under_way,
        extract(epoch FROM min(next_attempt_at) FILTER (WHERE lease_token IS NULL) - now())::float8 AS wait_sec
      FROM webhook_deliveries WHERE endpoint_id = ANY(${ids}) AND status = 'pending' GROUP BY 1`
    if (endpoints.length === 0) return
    if (isOver()) throw new Error(`not given up within ${withinMs} ms: ${JSON.stringify(endpoints)}`)
    for (const { id, under_way, wait_sec } of endpoints)
      if (under_way === 0 && wait_sec > 0) await pass(sql, id, wait_sec)
    await sleep(LOOK_EVERY_MS)
  }
}

/**
 * Shifts the times in the rows of an endpoint: past ones further into the past, and future ones closer by the same
 * time.
 */
async function pass(sql: Deployment['sql'], endpointId: string, seconds: number): Promise<void> {
  const span = sql`make_interval(secs => ${seconds})`
  await sql`UPDATE webhook_endpoints SET failing_since = failing_since - ${span} WHERE id = ${endpointId}`
  await sql`UPDATE webhook_attempts a SET started_at = started_at - ${span}
    FROM webhook_deliveries d WHERE d.id = a.delivery_id AND d.endpoint_id = ${endpointId}`
  await sql`UPDATE webhook_deliveries SET next_attempt_at = next_attempt_at - ${span}
    WHERE endpoint_id = ${endpointId} AND status = 'pending' AND lease_token IS NULL`
}

/** Describes where the attempts at an endpoint's deliveries deviated from the schedule. */
export async function scheduleDeviations({ sql }: Deployment, { endpointId, name }: Subscriber): Promise<string[]> {
  const gaps = await sql<{ delivery_id: string; attempt: number; gap_sec: number }[]>`
    SELECT a.delivery_id, a.attempt, extract(epoch FROM next.started_at - a.started_at)::float8 - a.duration_ms / 1000.0 AS gap_sec
    FROM webhook_attempts a
    JOIN webhook_attempts next ON next.delivery_id = a.delivery_id AND next.attempt = a.attempt + 1
    JOIN webhook_deliveries d ON d.id = a.delivery_id WHERE d.endpoint_id = ${endpointId}`
  return gaps.flatMap(({ delivery_id, attempt, gap_sec }) => {
    const wanted = SCHEDULE_SEC[attempt - 1] ?? Number.NaN
    const isKept = gap_sec >= wanted * (1 - SPREAD) - 1 && gap_sec <= wanted * (1 + SPREAD) + LATE_SEC
    return isKept ? [] : [`${name}: ${gap_sec} s after attempt ${attempt} of ${delivery_id}, and not about ${wanted}`]
  })
}
